"""How a product does on each criterion; the overall is computed from scores and weights, never typed (E4).

Two ways: rows typed here, or the scores of the method for one of its use cases. The latter are filled in when the
article is frozen (`reviews.services.frozen_scores`) and stand in the data as `frozen`, which no editor types: a page
goes on showing what the version of the method said by which it was published (E5).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from reviews import scoring
from reviews.block_fields import UseCaseKey
from reviews.blocks.base import Block, Heading, Number, Problem, ProductFacts, ProductsNeeded, Rows, Surroundings, Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """`score` is out of 10, None when the criterion is not scored; `share` is its weight as whole per cent of all."""

    criterion: str
    score: Decimal | None
    weight: int
    share: int
    note: str
    source_url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ByMethod:
    """The version of the method that the scores were made by. `url` is its public page."""

    number: int
    use_case: str
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoresView:
    """`overall` is None when too little is scored. `missing` are the criteria that count and are not."""

    heading: Heading | None
    product: ProductFacts | None
    rows: tuple[Score, ...]
    overall: Decimal | None
    method: ByMethod | None
    missing: tuple[str, ...]

    @property
    def headings(self) -> tuple[Heading, ...]:
        return (self.heading,) if self.heading else ()


def overall(rows: Iterable[Mapping[str, Any]]) -> Decimal | None:
    """The mean of the scores, each counted as often as its weight says; one decimal place, halves go up.

    `rows` are those of the block's data. None when there are none, or too few have a score.
    """
    numbered = {str(place): row for place, row in enumerate(rows)}
    scores = {place: Decimal(str(row["score"])) for place, row in numbered.items() if row["score"] is not None}
    return scoring.overall(scores, {place: int(row["weight"]) for place, row in numbered.items()}).value


def shown_rows(data: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The rows that the block shows: typed, or frozen from the method."""
    if data.get("use_case"):
        return list(data.get("frozen", {}).get("rows", ()))
    return list(data.get("rows", ()))


class Scores(Block):
    key = "scores"
    label = "Scores"
    help = "By the scoring method, or one row per criterion. The overall score is computed from them."
    fields = (
        Text(name="title", label="Title", required=False, max_length=120),
        UseCaseKey(
            name="use_case",
            label="By the method, weighted for",
            required=False,
            max_length=40,
            help="The scores entered under Methods fill the rows. Leave it empty to type rows of your own.",
        ),
        Rows(
            name="rows",
            label="Criteria",
            required=False,
            maximum=15,
            columns=(
                Text(name="criterion", label="Criterion", max_length=60),
                Number(name="score", label="Score", minimum=Decimal(0), maximum=Decimal(10), places=1),
                Number(name="weight", label="Weight", minimum=Decimal(1), maximum=Decimal(100), places=0),
                Text(name="note", label="Note", required=False, max_length=200),
            ),
        ),
    )
    products = ProductsNeeded(minimum=1, maximum=1)
    example = {
        "title": "Scores",
        "rows": [
            {"criterion": "Sound", "score": "8.5", "weight": "60", "note": "Even, a little bright"},
            {"criterion": "Comfort", "score": "7.0", "weight": "40", "note": ""},
        ],
    }

    def fit(self, data: object, *, product_count: int) -> tuple[dict[str, Any], list[Problem]]:
        """What was frozen is nobody's to type: it is left out, so that it is filled in anew.

        No use case leaves no trace: articles from before there was a choice are still the same.
        """
        if isinstance(data, Mapping):
            data = {name: value for name, value in data.items() if name != "frozen"}
        stored, found = super().fit(data, product_count=product_count)
        if not stored.get("use_case"):
            stored.pop("use_case", None)
        return stored, found

    def problems(self, data: Mapping[str, Any], *, product_count: int) -> list[str]:
        if data.get("use_case") and data["rows"]:
            return ["Its scores come from the method: remove the rows, or choose no use case."]
        if not data.get("use_case") and not data["rows"]:
            return ["Criteria: add a row for each, or choose a use case of the method."]
        names = [row["criterion"].casefold() for row in data["rows"]]
        twice = sorted({name for name in names if names.count(name) > 1})
        return [f"“{name}” is scored twice: make it one row." for name in twice]

    def build(self, data: Mapping[str, Any], products: Sequence[ProductFacts], here: Surroundings) -> ScoresView:
        title = data.get("title", "")
        rows = shown_rows(data)
        shares = scoring.shares([int(row["weight"]) for row in rows])
        return ScoresView(
            heading=here.heading(title) if title else None,
            product=products[0] if products else None,
            rows=tuple(_score(row, share) for row, share in zip(rows, shares, strict=True)),
            overall=overall(rows),
            method=_method(data, here),
            missing=tuple(str(row["criterion"]) for row in rows if row["score"] is None),
        )


def _score(row: Mapping[str, Any], share: int) -> Score:
    return Score(
        criterion=row["criterion"],
        score=None if row["score"] is None else Decimal(str(row["score"])),
        weight=int(row["weight"]),
        share=share,
        note=row.get("note", ""),
        source_url=row.get("source_url", ""),
    )


def _method(data: Mapping[str, Any], here: Surroundings) -> ByMethod | None:
    frozen = data.get("frozen") if data.get("use_case") else None
    if not frozen:
        return None
    number = int(frozen["method"])
    return ByMethod(number=number, use_case=frozen["label"], url=f"{here.method_url}{number}/")

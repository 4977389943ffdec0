"""How a product does on each criterion; the overall is computed from scores and weights, never typed (E4)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from reviews.blocks.base import Block, Heading, Number, ProductFacts, ProductsNeeded, Rows, Surroundings, Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """`score` is out of 10; `share` is the weight as whole per cent of all weights."""

    criterion: str
    score: Decimal
    weight: int
    share: int
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoresView:
    heading: Heading | None
    product: ProductFacts | None
    rows: tuple[Score, ...]
    overall: Decimal

    @property
    def headings(self) -> tuple[Heading, ...]:
        return (self.heading,) if self.heading else ()


def overall(rows: Iterable[Mapping[str, Any]]) -> Decimal:
    """The mean of the scores, each counted as often as its weight says; one decimal place, halves go up.

    `rows` are those of the block's data and hold at least one row: weights are 1 or more.
    """
    pairs = [(Decimal(str(row["score"])), int(row["weight"])) for row in rows]
    mean = sum((score * weight for score, weight in pairs), Decimal(0)) / sum(weight for _, weight in pairs)
    return mean.quantize(Decimal("0.1"), rounding=ROUND_HALF_UP)


class Scores(Block):
    key = "scores"
    label = "Scores"
    help = "One row per criterion. The overall score is computed from them."
    fields = (
        Text(name="title", label="Title", required=False, max_length=120),
        Rows(
            name="rows",
            label="Criteria",
            minimum=1,
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

    def problems(self, data: Mapping[str, Any], *, product_count: int) -> list[str]:
        names = [row["criterion"].casefold() for row in data["rows"]]
        twice = sorted({name for name in names if names.count(name) > 1})
        return [f"“{name}” is scored twice: make it one row." for name in twice]

    def build(self, data: Mapping[str, Any], products: Sequence[ProductFacts], here: Surroundings) -> ScoresView:
        title = data.get("title", "")
        rows = data["rows"]
        total = sum(int(row["weight"]) for row in rows)
        return ScoresView(
            heading=here.heading(title) if title else None,
            product=products[0] if products else None,
            rows=tuple(
                Score(
                    criterion=row["criterion"],
                    score=Decimal(str(row["score"])),
                    weight=int(row["weight"]),
                    share=round(100 * int(row["weight"]) / total),
                    note=row.get("note", ""),
                )
                for row in rows
            ),
            overall=overall(rows),
        )

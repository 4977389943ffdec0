"""How do scores get in from a CSV file, after a trial that names every row that is wrong? And out?

One row per product and criterion: product (slug), criterion (key), score, evidence, evidence_url, tester (author's
slug), scored_on (YYYY-MM-DD). An empty score takes the score away. What is exported can be imported again.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation

from catalog.csv_cells import BOM, without_apostrophe
from catalog.models import Product
from reviews.models import Author, Criterion, MethodVersion, Score
from reviews.services.scores import ScoreInput, mark_of

COLUMNS = ("product", "criterion", "score", "evidence", "evidence_url", "tester", "scored_on")
_NEEDED = COLUMNS[:4]
MOST_ROWS = 20_000


@dataclass(frozen=True, slots=True, kw_only=True)
class RowProblem:
    """`row` is the line's number in a spreadsheet: the header is 1."""

    row: int
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What a row would do. An empty `before` or `after` is no score."""

    product: str
    criterion: str
    before: str
    after: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    rows: int
    scores: tuple[ScoreInput, ...]
    changes: tuple[Change, ...]
    problems: tuple[RowProblem, ...]

    @property
    def unchanged(self) -> int:
        return len(self.scores) - len(self.changes)


def export_rows(version: MethodVersion) -> Iterator[list[object]]:
    """By product, then by criterion. One query."""
    rows = Score.objects.filter(criterion__version=version).select_related("product", "criterion", "tester")
    for row in rows.order_by("product__slug", "criterion__position", "pk").iterator(chunk_size=2000):
        tester = row.tester.slug if row.tester else ""
        told = [row.value, row.evidence, row.evidence_url, tester, row.scored_on.isoformat()]
        yield [row.product.slug, row.criterion.key, *told]


def try_scores(version: MethodVersion, text: str, *, today: date) -> Trial:
    """What the file would do; nothing is saved. A row without a day is of `today`."""
    lines = csv.DictReader(io.StringIO(text.removeprefix(BOM), newline=""), restkey="__more__")
    try:
        return _tried_lines(version, lines, today)
    except csv.Error as error:
        message = f"This is no line of a CSV file: {error}. Save the table as CSV (UTF-8) once more."
        return Trial(rows=0, scores=(), changes=(), problems=(RowProblem(row=lines.line_num or 1, message=message),))


def _tried_lines(version: MethodVersion, lines: csv.DictReader[str], today: date) -> Trial:
    """Raises `csv.Error`."""
    missing = [name for name in _NEEDED if name not in (lines.fieldnames or ())]
    unknown = [name for name in lines.fieldnames or () if name not in COLUMNS]
    if missing or unknown:
        said = [f"has no column {', '.join(missing)}"] if missing else []
        said += [f"has a column {', '.join(map(repr, unknown))} that is not known"] if unknown else []
        message = f"The file {' and '.join(said)}. The columns are {', '.join(COLUMNS)}."
        return Trial(rows=0, scores=(), changes=(), problems=(RowProblem(row=1, message=message),))
    return _tried(version, list(_numbered(lines)), today)


def _numbered(lines: csv.DictReader[str]) -> Iterator[tuple[int, dict[str, str]]]:
    for line in lines:
        if len(line.get("__more__") or ()):
            yield lines.line_num, {"__more__": "yes"}
            continue
        yield lines.line_num, {name: without_apostrophe((line.get(name) or "").strip()) for name in COLUMNS}


def _tried(version: MethodVersion, lines: list[tuple[int, dict[str, str]]], today: date) -> Trial:
    if len(lines) > MOST_ROWS:
        message = f"The file has {len(lines)} rows; {MOST_ROWS} fit at once."
        return Trial(rows=len(lines), scores=(), changes=(), problems=(RowProblem(row=1, message=message),))
    slugs = {line.get("product", "") for _, line in lines}
    products = dict(Product.objects.filter(slug__in=slugs).values_list("slug", "pk"))
    reader = _Reader(
        products=products,
        criteria={row.key: row for row in version.criteria.all()},
        authors={row.slug: row for row in Author.objects.all()},
        today=today,
    )
    scores: dict[tuple[int, str], ScoreInput] = {}
    problems: list[RowProblem] = []
    for number, line in lines:
        try:
            one = reader.read(line)
            if (one.product_id, one.criterion) in scores:
                raise ValueError(f"{line['product']}, {line['criterion']} stands in the file twice.")
            scores[(one.product_id, one.criterion)] = one
        except ValueError as error:
            problems.append(RowProblem(row=number, message=str(error)))
    names = {pk: slug for slug, pk in products.items()}
    changes = tuple(_changes(version, scores, names))
    return Trial(rows=len(lines), scores=tuple(scores.values()), changes=changes, problems=tuple(problems))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Reader:
    products: dict[str, int]
    criteria: dict[str, Criterion]
    authors: dict[str, Author]
    today: date

    def read(self, line: dict[str, str]) -> ScoreInput:
        """Raises `ValueError` with what is wrong."""
        if "__more__" in line:
            raise ValueError("has more cells than the file has columns.")
        if line["product"] not in self.products:
            raise ValueError(f"product: there is no product “{line['product']}”.")
        if line["criterion"] not in self.criteria:
            raise ValueError(
                f"criterion: “{line['criterion']}” is not one of the method's: {', '.join(self.criteria)}."
            )
        if line["tester"] and line["tester"] not in self.authors:
            raise ValueError(f"tester: there is no author “{line['tester']}”.")
        value = self._value(line["score"])
        if value is not None and not line["evidence"]:
            raise ValueError("evidence: say what the score rests on.")
        return ScoreInput(
            product_id=self.products[line["product"]],
            criterion=line["criterion"],
            value=value,
            evidence=line["evidence"],
            evidence_url=line["evidence_url"],
            tester=self.authors.get(line["tester"]),
            scored_on=self._day(line["scored_on"]),
        )

    def _value(self, text: str) -> Decimal | None:
        if not text:
            return None
        try:
            value = Decimal(text)
        except InvalidOperation:
            raise ValueError(f"score: {text!r} is not a number; write it like 7.5.") from None
        if not value.is_finite() or not 0 <= value <= 10 or round(value, 1) != value:
            raise ValueError(f"score: {text} is not between 0 and 10 with at most one decimal place.")
        return round(value, 1)

    def _day(self, text: str) -> date:
        try:
            day = date.fromisoformat(text) if text else self.today
        except ValueError:
            raise ValueError(f"scored_on: {text!r} is not a day; write it like 2026-05-31.") from None
        if day > self.today:
            raise ValueError(f"scored_on: {text} has not come yet.")
        return day


def _changes(
    version: MethodVersion, scores: dict[tuple[int, str], ScoreInput], names: dict[int, str]
) -> Iterator[Change]:
    rows = Score.objects.filter(criterion__version=version, product__in={product for product, _ in scores})
    stored = {(row.product_id, row.criterion.key): row for row in rows.select_related("criterion")}
    for place, one in scores.items():
        before = stored.get(place)
        if mark_of(before) == _mark_of_input(one):
            continue
        after = "" if one.value is None else f"{one.value}, {one.evidence}"
        was = f"{before.value}, {before.evidence}" if before else ""
        yield Change(product=names[one.product_id], criterion=one.criterion, before=was, after=after)


def _mark_of_input(one: ScoreInput) -> str:
    if one.value is None:
        return mark_of(None)
    told = {"value": one.value, "evidence": one.evidence, "evidence_url": one.evidence_url}
    return mark_of(Score(**told, tester=one.tester, scored_on=one.scored_on, is_confirmed=True))

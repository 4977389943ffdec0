"""How does an editor enter scores: products in rows, criteria in columns, in each cell a score and what it rests on?

A cell that was not touched is not saved, so that two editors can work on the same page; one that somebody else changed
meanwhile is not saved over without a word.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation

from django.db.models import Count, F, Q, QuerySet

from catalog.models import Product
from reviews.models import Article, Author, MethodVersion, RevisionProduct, Score
from reviews.score_table import Method, UseCaseFacts
from reviews.scoring import Overall, overall
from reviews.services.scores import CellProblem, ScoreInput, mark_of

SHOWN = {
    "named": "In published articles or scored",
    "missing": "Something missing",
    "confirm": "To be confirmed",
    "all": "All products",
}
# Django takes 1,000 fields of a form; a cell has five.
_MOST_FIELDS = 900


@dataclass(frozen=True, slots=True, kw_only=True)
class GridCell:
    """Texts as typed or stored. `name` is the end of its fields' names."""

    name: str
    label: str
    value: str
    evidence: str
    address: str
    seen: str
    shown: str
    by: str = ""
    needs_confirming: bool = False
    problem: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class GridRow:
    product_id: int
    name: str
    cells: tuple[GridCell, ...]
    overalls: tuple[tuple[str, Overall], ...]


def per_page(method: Method) -> int:
    return max(5, min(25, _MOST_FIELDS // (5 * max(1, len(method.criteria)))))


def products_to_score(version: MethodVersion, *, show: str, query: str) -> QuerySet[Product]:
    """By name. `show` is a key of `SHOWN`; what is not known is "named"."""
    rows = Product.objects.filter(merged_into=None).select_related("brand").order_by("brand__name", "model", "pk")
    scores = Score.objects.filter(criterion__version=version)
    if query:
        for word in query.split()[:6]:
            rows = rows.filter(Q(brand__name__icontains=word) | Q(model__icontains=word) | Q(slug__icontains=word))
    if show == "all":
        return rows
    if show == "confirm":
        return rows.filter(pk__in=scores.filter(is_confirmed=False).values("product"))
    live = RevisionProduct.objects.filter(
        revision__article__live_revision=F("revision"), revision__article__status=Article.Status.PUBLISHED
    ).values("product")
    rows = rows.filter(Q(pk__in=live) | Q(pk__in=scores.values("product")))
    if show == "missing":
        counted = scores.filter(is_confirmed=True).values("product").annotate(count=Count("pk"))
        rows = rows.exclude(pk__in=counted.filter(count__gte=version.criteria.count()).order_by().values("product"))
    return rows


def grid_rows(
    method: Method, products: list[Product], stored: Mapping[tuple[int, str], Score], typed: Typed | None = None
) -> list[GridRow]:
    """`stored` by product and criterion's key. What was typed stands where it is given."""
    return [
        GridRow(
            product_id=product.pk,
            name=product.name,
            cells=tuple(
                _cell(product, key.key, key.label, stored.get((product.pk, key.key)), typed) for key in method.criteria
            ),
            overalls=tuple((one.label, _overall(product, one, stored)) for one in method.use_cases),
        )
        for product in products
    ]


def _overall(product: Product, use_case: UseCaseFacts, stored: Mapping[tuple[int, str], Score]) -> Overall:
    scores = {
        key: row.value
        for key in use_case.weights
        if (row := stored.get((product.pk, key))) is not None and row.is_confirmed
    }
    return overall(scores, use_case.weights)


def _cell(product: Product, key: str, label: str, row: Score | None, typed: Typed | None) -> GridCell:
    name = f"{product.pk}-{key}"
    value, evidence, address = _texts(row)
    shown = shown_mark(value, evidence, address)
    if typed is not None and name in typed.cells:
        value, evidence, address = typed.cells[name].texts
    who = row.tester.name if row and row.tester else "not tested by us"
    return GridCell(
        name=name,
        label=f"{label} of {product.name}",
        value=value,
        evidence=evidence,
        address=address,
        seen=mark_of(row),
        shown=shown,
        by=f"{who}, {row.scored_on:%-d %b %Y}" if row else "",
        needs_confirming=bool(row and not row.is_confirmed),
        problem=typed.problems.get(name, "") if typed else "",
    )


def _texts(row: Score | None) -> tuple[str, str, str]:
    return (str(row.value), row.evidence, row.evidence_url) if row else ("", "", "")


def shown_mark(value: str, evidence: str, address: str) -> str:
    """Tells whether an editor touched a cell."""
    return hashlib.sha256("\n".join((value, evidence, address)).encode()).hexdigest()[:10]


@dataclass(frozen=True, slots=True, kw_only=True)
class TypedCell:
    product_id: int
    criterion: str
    texts: tuple[str, str, str]
    seen: str
    is_confirmed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Typed:
    """The touched cells by name, and what is wrong with some of them."""

    cells: Mapping[str, TypedCell]
    problems: Mapping[str, str]


def typed_from(data: Mapping[str, str]) -> Typed:
    """The cells that an editor touched, or confirmed."""
    cells: dict[str, TypedCell] = {}
    for field in data:
        product, _, criterion = field.removeprefix("v-").partition("-")
        if not field.startswith("v-") or not (product.isascii() and product.isdecimal() and len(product) < 19):
            continue
        name = f"{product}-{criterion}"
        texts = tuple(" ".join(data.get(f"{letter}-{name}", "").replace("\x00", "").split()) for letter in "vea")
        confirmed = f"k-{name}" in data
        if confirmed or shown_mark(*texts) != data.get(f"o-{name}", ""):
            cells[name] = TypedCell(
                product_id=int(product),
                criterion=criterion,
                texts=(texts[0], texts[1], texts[2]),
                seen=data.get(f"s-{name}", ""),
                is_confirmed=confirmed,
            )
    return Typed(cells=cells, problems={})


def inputs(typed: Typed, *, tester: Author | None, day: date) -> tuple[list[ScoreInput], dict[str, str]]:
    """What is to be saved, and which cells hold no number, by name."""
    found: list[ScoreInput] = []
    problems: dict[str, str] = {}
    for name, cell in typed.cells.items():
        text, evidence, address = cell.texts
        value = _number(text)
        if text and value is None:
            problems[name] = f"“{text}” is not a score; write it like 7.5."
        elif not text and (evidence or address):
            problems[name] = "There is no score: type one, or empty the cell."
        else:
            found.append(
                ScoreInput(
                    product_id=cell.product_id,
                    criterion=cell.criterion,
                    value=value,
                    evidence=evidence,
                    evidence_url=address,
                    tester=tester,
                    scored_on=day,
                    seen=cell.seen,
                )
            )
    return found, problems


def _number(text: str) -> Decimal | None:
    try:
        value = Decimal(text.replace(",", "."))
    except InvalidOperation:
        return None
    if not value.is_finite() or not -100 < value < 100 or round(value, 1) != value:
        return None
    return round(value, 1)


def by_name(problems: list[CellProblem]) -> dict[str, str]:
    return {f"{one.product_id}-{one.criterion}": one.message for one in problems}

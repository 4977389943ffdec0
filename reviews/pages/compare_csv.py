"""What does a comparison say as a table for a spreadsheet? Prices only where a shop lets them be passed on."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from catalog import selectors as catalog
from catalog.csv_cells import cell, lines
from catalog.shown_offer import ShownOffer
from catalog.terms import Use
from reviews.pages.compare import Column, ComparePage
from reviews.pages.parts import site_name
from reviews.seo import full

NAME = "comparison.csv"
_NOT_PASSED_ON = "no shop lets its price be passed on"


def compare_csv(page: ComparePage, *, now: datetime) -> str:
    """The whole file. Each product has two columns: its values, and how each is known. Two queries."""
    names = [name for column in page.columns for name in (column.facts.name, f"{column.facts.name}: known from")]
    rows = [*_head(page.columns), *_scores(page), *_specs(page), *_prices(page.columns, now=now)]
    # The file's own head is written as it is: a product's name in it is guarded here.
    return "".join(lines(["Group", "Measure", *map(cell, names)], rows))


def _row(group: str, label: str, values: Sequence[object], known: Sequence[object] | None = None) -> list[object]:
    beside = known or [None] * len(values)
    return [group, label, *(one for pair in zip(values, beside, strict=True) for one in pair)]


def _head(columns: Sequence[Column]) -> Iterator[list[object]]:
    yield _row("Product", "Kind", [one.facts.kind_label for one in columns])
    yield _row("Product", f"Page at {site_name()}", [full(one.facts.url) for one in columns])
    yield _row("Product", "Still made", ["no" if one.facts.is_discontinued else "yes" for one in columns])


def _scores(page: ComparePage) -> Iterator[list[object]]:
    if page.scores is None:
        return
    by = f"Method {page.scores.number}"
    for row in (*page.scores.overalls, *page.scores.criteria):
        group = "Overall score out of 10" if row.is_overall else "Score out of 10"
        known = [by if one.score is not None else None for one in row.cells]
        yield _row(group, row.label, ["not scored" if one.score is None else one.score for one in row.cells], known)


def _specs(page: ComparePage) -> Iterator[list[object]]:
    for group in page.specs.groups if page.specs else ():
        for row in group.rows:
            known = [": ".join(filter(None, (one.known_by, one.source))) or None for one in row.cells]
            yield _row(
                group.name, row.label, [one.value.replace("\N{NO-BREAK SPACE}", " ") for one in row.cells], known
            )


def _prices(columns: Sequence[Column], *, now: datetime) -> Iterator[list[object]]:
    """The best offer of each whose terms allow it in what is passed on, with what has to stand beside it."""
    ids = [one.facts.product_id for one in columns]
    shown = catalog.shown_offers(ids, now=now, use=Use.FEED)
    best = [next((one for one in shown.get(product_id, ()) if one.price), None) for product_id in ids]
    yield _row("Price", "Amount", [one.price.amount if one and one.price else _NOT_PASSED_ON for one in best])
    yield _row("Price", "Currency", [one.price.currency if one and one.price else None for one in best])
    yield _row("Price", "Shop", [one.merchant if one else None for one in best])
    yield _row("Price", "Condition", [one.condition.label if one else None for one in best])
    yield _row("Price", "Seen at", [_seen(one) for one in best])
    yield _row("Price", "Note of the shop", [one.disclaimer or None if one else None for one in best])


def _seen(offer: ShownOffer | None) -> datetime | None:
    return offer.price.seen_at if offer and offer.price else None

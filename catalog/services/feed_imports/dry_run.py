"""What would the import do? Its first rows are read, matched and judged as in earnest; only the report is kept."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from catalog.models import FeedImport, Merchant, Offer, Product
from catalog.models.price import Verdict
from catalog.services.feed_imports.catalogue import Catalogue
from catalog.services.feed_imports.detecting import feed_rows
from catalog.services.feed_imports.errors import ImportError_
from catalog.services.feed_imports.fields import BY_KEY
from catalog.services.feed_imports.files import opened
from catalog.services.feed_imports.reader_of import reader_of
from catalog.services.feed_imports.setting_up import layout_of, mapping_problems, refuse_unless_in_setup
from catalog.services.feed_imports.sorting import Doubtful, Item, Problem, Sifted, Sorted, sift, sort
from catalog.services.judging import judged
from catalog.services.reasons import storable

# Looked at in a dry run: takes about a second, and says of a larger file what the rest will be like.
DRY_ROWS = 10_000
MOST_EXAMPLES = 10
MOST_PROBLEMS = 200


@dataclass(slots=True, kw_only=True)
class DryRun:
    """What `FeedImport.report` holds, as JSON.

    `is_whole`: the file has no more rows than were looked at. `problems`: the first ones, each with row, field (the
    label), message, raw and whether the row was refused for it. `by_problem`: how often each message came. `examples`:
    for matched, doubtful and unknown rows: row, sku, title and, where there is one, product, why, price, url.
    `held`: matched rows whose price the judge would hold for a second look.
    """

    made_at: str
    rows: int = 0
    is_whole: bool = True
    matched: int = 0
    doubtful: int = 0
    unknown: int = 0
    refused: int = 0
    offers_new: int = 0
    offers_known: int = 0
    held: int = 0
    problems: list[dict[str, Any]] = field(default_factory=list)
    by_problem: list[dict[str, Any]] = field(default_factory=list)
    examples: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    # Why the file breaks off, when it does.
    error: str = ""

    def as_json(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in self.__dataclass_fields__}


def dry_run(*, feed_import: FeedImport, now: datetime) -> DryRun:
    """Try the import on its first rows (all of them in a small file) and store the report.

    Raises `ImportError_` when the mapping has problems.
    """
    refuse_unless_in_setup(feed_import)
    if problems := mapping_problems(feed_import):
        raise ImportError_(problems[0])
    found = _tried(feed_import, now)
    feed_import.report = found.as_json()
    feed_import.save(update_fields=["report"])
    return found


def _tried(feed_import: FeedImport, now: datetime) -> DryRun:
    layout, reader = layout_of(feed_import), reader_of(feed_import)
    report = DryRun(made_at=now.isoformat())
    with opened(feed_import) as file:
        rows = feed_rows(file, layout)
        try:
            batch = sift(rows, size=DRY_ROWS, first=layout.first_row, reader=reader, catalogue=Catalogue())
            report.is_whole = next(rows, None) is None
        except ImportError_ as error:
            report.error = str(error)
            return report
    found = sort(batch, merchant=feed_import.merchant, reader=reader)
    report.rows = batch.size
    report.matched, report.doubtful, report.unknown = found.matched, len(found.doubtful), found.unknown
    report.refused = sum(problem.refused for problem in found.problems)
    report.offers_new, report.offers_known = len(found.new), len(found.known)
    report.held = _held(feed_import.merchant, found, now)
    report.problems = [_problem(problem) for problem in found.problems[:MOST_PROBLEMS]]
    times = Counter((problem.field, problem.message) for problem in found.problems)
    report.by_problem = [
        {"field": _label(key), "message": storable(message), "times": count}
        for (key, message), count in times.most_common(20)
    ]
    report.examples = _examples(found)
    return report


def _held(merchant: Merchant, found: Sorted, now: datetime) -> int:
    """How many prices the judge would not believe at once."""
    known = {item.offer.pk: item for item in found.known.values() if item.offer is not None and item.is_news}
    offers: list[tuple[Offer, Item]] = [(offer, known[offer.pk]) for offer in Offer.objects.filter(pk__in=known)]
    offers += [
        (Offer(merchant=merchant, merchant_sku=key[0], condition=key[1]), item)
        for key, item in found.new.items()
        if item.has_price
    ]
    verdicts = [judged(merchant, offer, item.reading, now=now)[0] for offer, item in offers]
    return sum(verdict is not Verdict.ACCEPTED for verdict in verdicts)


def _label(key: str) -> str:
    return BY_KEY[key].label if key in BY_KEY else "Row"


def _problem(problem: Problem) -> dict[str, Any]:
    return {
        "row": problem.row,
        "field": _label(problem.field),
        "message": storable(problem.message),
        "raw": storable(problem.raw)[:300],
        "refused": problem.refused,
    }


def _examples(found: Sorted) -> dict[str, list[dict[str, Any]]]:
    matched = [*found.new.values(), *found.known.values()]
    matched.sort(key=lambda item: item.row)
    doubtful = list(found.doubtful.values())[:MOST_EXAMPLES]
    ids = {item.product for item in matched[:MOST_EXAMPLES]}
    ids |= {candidate.product for doubt in doubtful for candidate in doubt.candidates}
    names = {product.pk: product.name for product in Product.objects.filter(pk__in=ids).select_related("brand")}
    return {
        "matched": [_matched(item, names) for item in matched[:MOST_EXAMPLES]],
        "doubtful": [_doubtful(doubt, names) for doubt in doubtful],
        "unknown": [_unknown(row) for row in found.unknown_rows],
    }


def _matched(item: Item, names: Mapping[int, str]) -> dict[str, Any]:
    said = item.reading
    return {
        "row": item.row,
        "sku": storable(said.sku),
        "title": storable(said.title),
        "product": item.product,
        "product_name": names.get(item.product, ""),
        "why": f"By {item.by}.",
        "price": f"{said.amount} {said.currency}" if item.has_price else "",
        "raw_price": storable(said.raw_price),
        "availability": said.availability.label,
        "condition": said.condition.label,
        "shipping": "" if said.shipping_amount is None else f"{said.shipping_amount} {said.currency}",
        "url": storable(said.url),
    }


def _doubtful(doubt: Doubtful, names: Mapping[int, str]) -> dict[str, Any]:
    return {
        "row": doubt.row,
        "sku": storable(doubt.reading.sku),
        "title": storable(doubt.reading.title),
        "candidates": [
            {**candidate.as_json(), "product_name": names.get(candidate.product, "")} for candidate in doubt.candidates
        ],
    }


def _unknown(row: Sifted) -> dict[str, Any]:
    return {"row": row.row, "sku": storable(row.sku), "cells": [storable(cell)[:100] for cell in row.cells[:12]]}

"""Is what the article claims still known to be true?"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from catalog import spec_sheet
from catalog.models import SpecEvidence
from reviews.desk.gate.remarks import Found
from reviews.desk.gate.sheet import Sheet
from reviews.models import Watch

SOON = timedelta(days=14)
_LABELS = {spec.key: spec.label for spec in spec_sheet.SPECS}


def claim_overdue(sheet: Sheet) -> Iterator[Found]:
    """Measurements only: they are our word. What a maker says is asked for in the warning."""
    today = sheet.now.date()
    for row in _due(sheet, until=today):
        if row.is_measured and _is_over(row, today):
            yield Found(
                sheet.first_block_with(row.product_id),
                f"{_said(row)} was to be measured again by {row.due_on:%-d %B %Y}. Measure it and renew its "
                "evidence, or take the claim out.",
            )


def claim_due_soon(sheet: Sheet) -> Iterator[Found]:
    today = sheet.now.date()
    for row in _due(sheet, until=today + SOON):
        if not (row.is_measured and _is_over(row, today)):
            due = "was" if _is_over(row, today) else "is"
            yield Found(
                sheet.first_block_with(row.product_id),
                f"{_said(row)} {due} to be checked again by {row.due_on:%-d %B %Y}.",
            )


def watch_broken(sheet: Sheet) -> Iterator[Found]:
    """A watch on a block that is not in the content any more says nothing about it."""
    numbers: dict[str, int | None] = {block.key: block.number for block in sheet.blocks if block.key}
    numbers[""] = None
    broken = sheet.article.watches.filter(state=Watch.State.BROKEN) if sheet.article.pk else Watch.objects.none()
    for watch in broken:
        if watch.block_key in numbers:
            passage = f"“{watch.passage}”" if watch.passage else "what must stay true here"
            reason = (watch.reason or "its condition is broken").rstrip(".")
            words = f"{passage} is no longer true: {reason}. Correct the words, or remove the watch."
            yield Found(numbers[watch.block_key], words)


def _due(sheet: Sheet, *, until: date) -> list[SpecEvidence]:
    """Evidence of the article's products that has to be renewed until then, the most urgent first. One query."""
    rows = SpecEvidence.objects.filter(product__in=list(sheet.products), due_on__lte=until)
    return list(rows.select_related("product__brand").order_by("due_on", "pk"))


def _is_over(row: SpecEvidence, today: date) -> bool:
    return row.due_on is not None and row.due_on < today


def _said(row: SpecEvidence) -> str:
    return f"{_LABELS.get(row.spec, row.spec)} of {row.product.name} ({row.source})"

"""How does the claim ledger learn that something was looked at, and when it has to be looked at again?"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.db import transaction

from catalog.models import SpecEvidence
from catalog.services.page_changes import announce

MONTHS_UNTIL_DUE = 6


@transaction.atomic
def store_evidence(*, evidence: SpecEvidence) -> None:
    """Store who says what of a spec. Raises `ValidationError`."""
    evidence.full_clean()
    evidence.save()
    announce(f"product:{evidence.product_id}")


@transaction.atomic
def check_again(*, ids: Iterable[int], on: date, by: str) -> int:
    """These were looked at on that day and are due again in six months; how many. `by` stays where one was named."""
    rows = SpecEvidence.objects.filter(pk__in=list(ids))
    rows.filter(tester="", is_measured=False).update(tester=by[:80])
    count = rows.update(checked_on=on, due_on=in_months(on, MONTHS_UNTIL_DUE))
    announce("ledger")
    return count


def in_months(day: date, months: int) -> date:
    """The same day of a later month, or the last one it has: 31 August and six months are 28 February."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    for last in (day.day, 30, 29, 28):
        try:
            return date(year, month + 1, min(day.day, last))
        except ValueError:
            continue
    raise AssertionError("every month has 28 days")

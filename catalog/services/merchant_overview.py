"""How is each merchant doing: when was it asked last, when is it asked next, what fails?"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Min, OuterRef, Q, Subquery

from catalog.models import Merchant, Offer, RefreshRun


@dataclass(frozen=True, slots=True, kw_only=True)
class MerchantAtWork:
    pk: int
    name: str
    source: str
    is_active: bool
    last_run_at: datetime | None
    last_outcome: str
    next_run_at: datetime | None
    paused_until: datetime | None
    failures: int
    last_error: str
    offers: int
    unreadable: int
    held: int

    @property
    def next_round(self) -> str:
        """When it is asked next, in UTC, or why it is not."""
        if not self.is_active:
            return "never: not active"
        if self.paused_until is not None:
            return f"paused until {self.paused_until:%Y-%m-%d %H:%M:%S}"
        return "no offers yet" if self.next_run_at is None else f"{self.next_run_at:%Y-%m-%d %H:%M:%S}"


def merchants_at_work() -> list[MerchantAtWork]:
    """Every merchant, those that fail first. One query."""
    last = RefreshRun.objects.filter(merchant=OuterRef("pk")).order_by("-started_at")
    live = Q(offers__withdrawn_at__isnull=True)
    rows = Merchant.objects.annotate(
        last_run_at=Subquery(last.values("started_at")[:1]),
        last_outcome=Subquery(last.values("outcome")[:1]),
        next_run_at=Min("offers__next_check_at", filter=live),
        offer_count=Count("offers", filter=live),
        unreadable_count=Count("offers", filter=live & Q(offers__state=Offer.State.UNREADABLE)),
        held_count=Count("offers", filter=live & Q(offers__state=Offer.State.HELD)),
    ).order_by("-consecutive_failures", "name")
    return [
        MerchantAtWork(
            pk=row.pk,
            name=row.name,
            source=row.get_source_display(),
            is_active=row.is_active,
            last_run_at=row.last_run_at,
            last_outcome=RefreshRun.Outcome(row.last_outcome).label if row.last_outcome else "",
            next_run_at=row.next_run_at,
            paused_until=row.paused_until,
            failures=row.consecutive_failures,
            last_error=row.last_error,
            offers=row.offer_count,
            unreadable=row.unreadable_count,
            held=row.held_count,
        )
        for row in rows
    ]

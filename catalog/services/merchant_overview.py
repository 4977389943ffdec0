"""How is each merchant doing: when was it asked last, when is it asked next, what fails?"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Min, OuterRef, Q, Subquery
from redis.exceptions import RedisError

from catalog import sources
from catalog.models import FreshnessSample, Merchant, Offer, RefreshRun
from catalog.services.pace import quota_used

SAMPLES_SHOWN = timedelta(days=7)


@dataclass(frozen=True, slots=True, kw_only=True)
class MerchantAtWork:
    pk: int
    name: str
    source: str
    is_active: bool
    is_asked: bool
    last_run_at: datetime | None
    last_outcome: str
    last_took: timedelta | None
    last_requests: int | None
    next_run_at: datetime | None
    paused_until: datetime | None
    failures: int
    last_error: str
    offers: int
    unreadable: int
    held: int
    never_read: int
    overdue: timedelta
    # Requests of the last 24 hours and how many are granted; None where nobody sets a limit, or Redis is away.
    quota_used: int | None
    quota: int | None
    # Of the views of its prices in an hour, by clicks: those that met a wrong one, as far as can be expected; oldest
    # first. `stale_share`: those that met a price older than it usually stays the same, in the latest hour.
    wrong_shares: tuple[float, ...]
    stale_share: float | None

    @property
    def wrong_share(self) -> float | None:
        return self.wrong_shares[-1] if self.wrong_shares else None

    @property
    def spark(self) -> str:
        """The line of `wrong_shares` as an SVG path in a box of 120 by 24; empty for fewer than two."""
        if len(self.wrong_shares) < 2:
            return ""
        top = max(*self.wrong_shares, 0.01)
        step = 120 / (len(self.wrong_shares) - 1)
        points = (f"{place * step:.1f} {23 - share / top * 22:.1f}" for place, share in enumerate(self.wrong_shares))
        return "M" + "L".join(points)

    @property
    def next_round(self) -> str:
        """When it is asked next, in UTC, or why it is not."""
        if not self.is_active:
            return "never: not active"
        if not self.is_asked:
            return "nobody is asked: its prices come in by themselves"
        if self.paused_until is not None:
            return f"paused until {self.paused_until:%Y-%m-%d %H:%M:%S}"
        return "no offers yet" if self.next_run_at is None else f"{self.next_run_at:%Y-%m-%d %H:%M:%S}"


def merchants_at_work(*, now: datetime) -> list[MerchantAtWork]:
    """Every merchant, those that fail first. Two queries, and one look into Redis for each quota."""
    last = RefreshRun.objects.filter(merchant=OuterRef("pk")).order_by("-started_at")
    live = Q(offers__withdrawn_at__isnull=True)
    rows = Merchant.objects.annotate(
        last_run_at=Subquery(last.values("started_at")[:1]),
        last_ended_at=Subquery(last.values("finished_at")[:1]),
        last_outcome=Subquery(last.values("outcome")[:1]),
        last_requests=Subquery(last.values("requests")[:1]),
        next_run_at=Min("offers__next_check_at", filter=live),
        offer_count=Count("offers", filter=live),
        unreadable_count=Count("offers", filter=live & Q(offers__state=Offer.State.UNREADABLE)),
        held_count=Count("offers", filter=live & Q(offers__state=Offer.State.HELD)),
        new_count=Count("offers", filter=live & Q(offers__state=Offer.State.NEW)),
    ).order_by("-consecutive_failures", "name")
    samples = _samples(now)
    return [_at_work(row, samples[row.pk], now) for row in rows]


def _samples(now: datetime) -> dict[int, list[FreshnessSample]]:
    found: dict[int, list[FreshnessSample]] = defaultdict(list)
    for sample in FreshnessSample.objects.filter(at__gt=now - SAMPLES_SHOWN).order_by("at"):
        found[sample.merchant_id].append(sample)
    return found


def _at_work(row: Any, samples: list[FreshnessSample], now: datetime) -> MerchantAtWork:
    used, granted = _quota(row, now)
    is_asked = row.source not in sources.UNASKED
    is_awake = row.is_active and row.paused_until is None
    waiting = is_asked and is_awake and row.next_run_at is not None and row.next_run_at < now
    return MerchantAtWork(
        pk=row.pk,
        name=row.name,
        source=row.get_source_display(),
        is_active=row.is_active,
        is_asked=is_asked,
        last_run_at=row.last_run_at,
        last_outcome=RefreshRun.Outcome(row.last_outcome).label if row.last_outcome else "",
        last_took=row.last_ended_at - row.last_run_at if row.last_ended_at else None,
        last_requests=row.last_requests,
        next_run_at=row.next_run_at,
        paused_until=row.paused_until,
        failures=row.consecutive_failures,
        last_error=row.last_error,
        offers=row.offer_count,
        unreadable=row.unreadable_count,
        held=row.held_count,
        never_read=row.new_count,
        overdue=now - row.next_run_at if waiting else timedelta(),
        quota_used=used,
        quota=granted,
        wrong_shares=tuple(sample.wrong_share for sample in samples),
        stale_share=samples[-1].stale_share if samples else None,
    )


def _quota(merchant: Merchant, now: datetime) -> tuple[int | None, int | None]:
    try:
        used, granted = quota_used(merchant, now)
    except RedisError:
        return None, None
    return (used, granted) if granted is not None else (None, None)

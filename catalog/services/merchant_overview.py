"""How is each merchant doing: when was it asked last, when is it asked next, what fails?"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, DurationField, ExpressionWrapper, F, Max, Min, OuterRef, Q, Subquery
from django.utils import timezone
from redis.exceptions import RedisError

from catalog import sources
from catalog.models import FreshnessSample, Merchant, Offer, RefreshRun
from catalog.services.pace import quota_used

SAMPLES_SHOWN = timedelta(days=7)
NO_DELAY = timedelta(minutes=2)


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
    # How long past its time the offer is that waits longest.
    overdue: timedelta
    # When an answer about one of its offers came last; what there is to say of a merchant that nobody asks.
    last_heard_at: datetime | None
    # The plan: how long after a look the next one comes, for the offer looked at most often and for the one least.
    shortest_wait: timedelta | None
    longest_wait: timedelta | None
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
        """When it is asked next, in the admin's time zone, or why it is not."""
        if not self.is_active:
            return "never: not active"
        if not self.is_asked:
            return "nobody is asked: its prices are typed in or sent to us"
        if self.paused_until is not None:
            return f"paused until {_here(self.paused_until)}"
        return "no offers yet" if self.next_run_at is None else _here(self.next_run_at)

    @property
    def late(self) -> str:
        """In words; empty for what a beat and a worker need anyway."""
        return f"late by {in_words(self.overdue)}" if self.overdue > NO_DELAY else ""

    @property
    def plan(self) -> str:
        """How often its offers are looked at, in words."""
        if not self.is_asked or self.shortest_wait is None or self.longest_wait is None:
            return ""
        shortest, longest = in_words(self.shortest_wait), in_words(self.longest_wait)
        return f"each offer every {shortest}" if shortest == longest else f"an offer every {shortest} to {longest}"


def in_words(time: timedelta) -> str:
    """In the largest unit that says enough: "40 s", "20 min", "12 h", "9 days"."""
    seconds = time / timedelta(seconds=1)
    for unit, size, enough in (("s", 1, 90), ("min", 60, 90), ("h", 3600, 48)):
        if seconds / size < enough:
            return f"{seconds / size:.0f} {unit}"
    return f"{seconds / 86400:.0f} days"


def _here(moment: datetime) -> str:
    return f"{timezone.localtime(moment):%Y-%m-%d %H:%M:%S}"


def merchants_at_work(*, now: datetime) -> list[MerchantAtWork]:
    """Every merchant, those that fail first. Two queries, and one look into Redis for each quota."""
    last = RefreshRun.objects.filter(merchant=OuterRef("pk")).order_by("-started_at")
    live = Q(offers__withdrawn_at__isnull=True)
    planned = live & Q(offers__state=Offer.State.OK)
    wait = ExpressionWrapper(F("offers__next_check_at") - F("offers__checked_at"), output_field=DurationField())
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
        last_heard_at=Max("offers__checked_at", filter=live),
        shortest_wait=Min(wait, filter=planned),
        longest_wait=Max(wait, filter=planned),
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
    # A pause that is over ends with the next round: nothing rests any more.
    paused_until = row.paused_until if row.paused_until and row.paused_until > now else None
    is_awake = row.is_active and paused_until is None
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
        paused_until=paused_until,
        failures=row.consecutive_failures,
        last_error=row.last_error,
        offers=row.offer_count,
        unreadable=row.unreadable_count,
        held=row.held_count,
        never_read=row.new_count,
        last_heard_at=row.last_heard_at,
        shortest_wait=row.shortest_wait,
        longest_wait=row.longest_wait,
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

"""What was the price over a while: lowest, highest, typical? Over the lowest of the merchants, weighted by time.

Pure. Only accepted readings come in (P16), and only of merchants whose terms allow a history; time that nobody watched
weighs nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from catalog.prices.history import PriceHistory, Step, lowest_over

WINDOWS = (timedelta(days=7), timedelta(days=30), timedelta(days=90), timedelta(days=365))


@dataclass(frozen=True, slots=True, kw_only=True)
class PriceStatistics:
    """Amounts in `currency`; `days_observed` of the `window`'s days had a look at a price."""

    currency: str
    window: timedelta
    days_observed: int
    lowest: Decimal
    lowest_at: datetime
    highest: Decimal
    mean: Decimal
    p10: Decimal
    median: Decimal
    p90: Decimal


def statistics(
    histories: Sequence[PriceHistory], *, currency: str, window: timedelta, now: datetime
) -> PriceStatistics | None:
    """None when no price in this currency was watched in the window. The mean is rounded to a tenth of a cent."""
    since = now - window
    ours = [history for history in histories if history.currency == currency]
    steps = _within(lowest_over(ours), since, now)
    watched = sum(((step.ends_at - step.starts_at) for step in steps), timedelta())
    if not watched:
        return None
    lowest = min(steps, key=lambda step: (step.amount, step.starts_at))
    weighed = sum((step.amount * _seconds(step) for step in steps), Decimal(0)) / Decimal(str(watched.total_seconds()))
    days = frozenset[object]().union(*(history.observed_days(since, now + timedelta(days=1)) for history in ours))
    return PriceStatistics(
        currency=currency,
        window=window,
        days_observed=min(len(days), window.days),
        lowest=lowest.amount,
        lowest_at=lowest.starts_at,
        highest=max(step.amount for step in steps),
        mean=weighed.quantize(Decimal("0.001")),
        p10=percentile(steps, 10),
        median=percentile(steps, 50),
        p90=percentile(steps, 90),
    )


def percentile(steps: Sequence[Step], percent: int) -> Decimal:
    """The least price at or below which the price was for `percent` of the watched time. `steps` must not be empty."""
    ordered = sorted(steps, key=lambda step: step.amount)
    asked = sum((_seconds(step) for step in ordered), Decimal(0)) * percent / 100
    passed = Decimal(0)
    for step in ordered:
        passed += _seconds(step)
        if passed >= asked:
            return step.amount
    return ordered[-1].amount


def _within(steps: Sequence[Step], since: datetime, until: datetime) -> list[Step]:
    cut = (
        Step(amount=step.amount, starts_at=max(step.starts_at, since), ends_at=min(step.ends_at, until))
        for step in steps
        if step.ends_at > since
    )
    # What was just read lasted no time yet: it weighs nothing, and may be the lowest all the same.
    return [step for step in cut if step.ends_at >= step.starts_at]


def _seconds(step: Step) -> Decimal:
    return Decimal(str((step.ends_at - step.starts_at).total_seconds()))

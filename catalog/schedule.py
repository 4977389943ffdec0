"""When is an offer looked at next, and how long is a merchant left alone after a failure?

The plan (docs/decisions/0009-refresh-plan.md): a look is worth the clicks on a wrong price that it spares, and is made
when that reaches its merchant's price of a look. Pure: `now`, intervals and keys are arguments. Jitter is no dice roll
but a fraction made from the key, so that the same offer keeps its place in the round and two runs of a test agree.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import exp, expm1, inf, log, log1p
from zlib import crc32

# A reading that was held is looked at again soon, but not before a mistake has had time to be put right.
CONFIRM_AFTER = timedelta(minutes=10)
# Spread of a round: each offer comes up to a tenth earlier or later than its interval says.
JITTER = 0.1
FIRST_RETRY = timedelta(seconds=30)
LONGEST_RETRY = timedelta(hours=6)
# The circuit breaker: so many failures in a row, or one that trying again cannot mend, and the merchant rests.
FAILURES_BEFORE_PAUSE = 5
PAUSE = timedelta(hours=24)
# A merchant may ask us to stay away for long, but not for ever.
LONGEST_RETRY_AFTER = timedelta(days=7)
# A killed worker cannot give its claim back: after the task's time limit (CELERY_TASK_TIME_LIMIT) it is void.
CLAIM_LIVES = timedelta(minutes=15)
# No plan asks for one offer more often than that, and none forgets one for longer, however little a look is worth.
SHORTEST_WAIT = timedelta(minutes=5)
LONGEST_WAIT = timedelta(days=14)
# Prices change their habits: what was seen counts half after so many days.
HALF_LIFE_DAYS = 90.0
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class ChangeRate:
    """How often a price changes, as far as is known: changes a day, Gamma-distributed (`shape`, rate `days`)."""

    shape: float
    days: float

    @property
    def mean(self) -> float:
        """Changes a day."""
        return self.shape / self.days

    def seen(self, *, changed: bool, after_days: float) -> ChangeRate:
        """What is known after one more look, `after_days` after the one before.

        A look that finds the old price is exact knowledge. One that finds another tells only that there was one change
        or more (the reading is censored): the two moments of that distribution are kept. Older looks fade towards
        `PRIOR` (`HALF_LIFE_DAYS`).
        """
        if after_days <= 0:
            return self
        kept: float = 0.5 ** (after_days / HALF_LIFE_DAYS)
        shape = PRIOR.shape + (self.shape - PRIOR.shape) * kept
        days = PRIOR.days + (self.days - PRIOR.days) * kept
        if not changed:
            return ChangeRate(shape, days + after_days)
        # expm1 and log1p: looks a minute apart must not drown in rounding.
        passed = log1p(after_days / days)
        none, one, two = (-expm1(-(shape + power) * passed) for power in (0, 1, 2))
        mean = shape / days * one / none
        spread = shape / days * (shape + 1) / days * two / none - mean * mean
        return ChangeRate(mean * mean / spread, mean / spread)

    def wrong_after(self, days: float) -> float:
        """The probability that a price read `days` ago is no longer the price."""
        return -expm1(-self.shape * log1p(days / self.days))

    def spared(self, days: float) -> float:
        """For a click a day: how many clicks on a wrong price a look spares that comes `days` after the last.

        With a known rate λ it is (1 - e^(-λt)(1 + λt)) / λ, what the cost of an interval gains per look more; here it
        is the mean of that over what is known of the rate. Rises with `days`.
        """
        passed, bend = log1p(days / self.days), self.shape - 1
        so_far = passed if abs(bend) < 1e-9 else -expm1(-bend * passed) / bend
        return max(self.days * so_far - days * exp(-self.shape * passed), 0.0)


# Before anything is read: most prices rest for months and some never do. Measured on dated prices (bench/schedule.py).
PRIOR = ChangeRate(0.5, 40.0)
# An offer that nobody clicked on counts as this many clicks a day: a reader may still see its price.
UNCLICKED = 0.02


def worth(rate: ChangeRate, weight: float, after: timedelta) -> float:
    """How many clicks on a wrong price a look spares, `after` the last one; `weight` is clicks a day."""
    return weight * rate.spared(after / _DAY)


def interval(
    rate: ChangeRate, weight: float, least_worth: float, *, shortest: timedelta, longest: timedelta
) -> timedelta:
    """How long after a look the next one is worth `least_worth`, within `shortest` and `longest`.

    A negative `least_worth` means that the budget cannot keep every offer within `longest`: those with as many clicks
    a day as its size are kept, the others wait as much longer as they have fewer clicks.
    """
    days = _days_until(rate, weight, least_worth, shortest / _DAY, longest / _DAY)
    return timedelta(days=days)


def least_worth(
    offers: Sequence[tuple[ChangeRate, float]],
    *,
    checks_per_day: float,
    longest: timedelta,
    shortest: timedelta = SHORTEST_WAIT,
    stand_for: Sequence[float] | None = None,
) -> float:
    """What a look must be worth so that all looks together spend `checks_per_day`; for `interval`.

    `offers`: what is known of each one's rate, and its clicks a day. `stand_for`: how many offers each of them speaks
    for (a group, a sample); each for itself when not given. 0 when the budget is never spent.
    """
    counts = stand_for if stand_for is not None else [1.0] * len(offers)
    if not offers or checks_per_day >= sum(counts) / (shortest / _DAY):
        return 0.0

    def spent(price: float) -> float:
        bounds = shortest / _DAY, longest / _DAY
        return sum(
            count / _days_until(rate, weight, price, *bounds)
            for (rate, weight), count in zip(offers, counts, strict=True)
        )

    if sum(counts) / (longest / _DAY) >= checks_per_day:
        return -exp(_falls_to(checks_per_day, lambda size: spent(-exp(size))))
    return exp(_falls_to(checks_per_day, lambda size: spent(exp(size))))


def longest_wait(*, refresh_every: timedelta, price_lives: timedelta | None) -> timedelta:
    """How long the plan may leave an offer of this merchant alone: half of its price's licence at most."""
    longest = max(LONGEST_WAIT, refresh_every)
    return longest if price_lives is None else min(longest, price_lives / 2)


def _days_until(rate: ChangeRate, weight: float, price: float, shortest: float, longest: float) -> float:
    if price < 0:
        return longest * max(1.0, -price / max(weight, UNCLICKED))
    shortest = min(shortest, longest)
    wanted = price / weight if weight > 0 else inf
    if rate.spared(longest) <= wanted:
        return longest
    if rate.spared(shortest) >= wanted:
        return shortest
    low, high = shortest, longest
    # Newton on logarithms, where the curve is almost a line; the bracket catches what would leave it.
    days: float = min(max((2 * wanted / rate.mean) ** 0.5, low), high)
    for _ in range(60):
        spared = rate.spared(days)
        low, high = (days, high) if spared < wanted else (low, days)
        # Where a fast price's curve is flat, a little of worth is a lot of time: the time is what must be right.
        if abs(spared - wanted) <= 1e-9 * wanted or high <= low * 1.0001:
            break
        slope = days * days * rate.mean * exp(-(rate.shape + 1) * log1p(days / rate.days))
        step = days * exp(min(max(log(wanted / spared) * spared / slope, -3.0), 3.0)) if spared and slope else 0.0
        days = step if low < step < high else float((low * high) ** 0.5)
    return days


def _falls_to(target: float, value: Callable[[float], float]) -> float:
    """Where a falling function reaches `target`, to a thousandth of it; the nearest end of ±40 if nowhere."""
    low, high = -40.0, 40.0
    at, step = 0.0, 2.0
    before: tuple[float, float] | None = None
    for _ in range(80):
        found = value(at)
        if abs(found - target) <= 1e-3 * target:
            break
        low, high = (at, high) if found > target else (low, at)
        gap = log(found / target) if found > 0 else -1.0
        # Secant on the logarithm of what is spent; until there are two points, strides.
        if before is not None and before[1] != gap:
            following = at - gap * (at - before[0]) / (gap - before[1])
        else:
            following = at + (step if gap > 0 else -step)
        before = (at, gap)
        at = following if low < following < high else (low + high) / 2
    return at


@dataclass(frozen=True, slots=True, kw_only=True)
class Retry:
    """What follows from a failure. `is_pause`: the merchant rests and its owner is told."""

    at: datetime
    is_pause: bool


def next_check(
    *,
    now: datetime,
    refresh_every: timedelta,
    key: str,
    price_lives: timedelta | None = None,
    is_held: bool = False,
    rate: ChangeRate | None = None,
    weight: float = UNCLICKED,
    least_worth: float | None = None,
) -> datetime:
    """When to look again after a look that worked.

    With `rate` and `least_worth` (the merchant has a plan) it is when a look is worth that; `weight` is the offer's
    clicks a day. Without, every `refresh_every`.

    `price_lives` is the longest a price of this merchant may be shown: the next look comes before half of it is over,
    so that one failed look does not take the price off the page. `key` names the offer, or the merchant where one
    feed answers for all its offers at once.
    """
    if rate is None or least_worth is None:
        wait = refresh_every if price_lives is None else min(refresh_every, price_lives / 2)
    else:
        longest = longest_wait(refresh_every=refresh_every, price_lives=price_lives)
        wait = interval(rate, weight, least_worth, shortest=min(SHORTEST_WAIT, refresh_every), longest=longest)
    if is_held:
        return now + max(CONFIRM_AFTER, min(wait, CONFIRM_AFTER * 1.1))
    return now + wait * (1 + JITTER * _swing(key))


def after_failure(*, now: datetime, failures: int, permanent: bool, retry_after: float | None, key: str) -> Retry:
    """When to ask a merchant again after its `failures`-th failure in a row (1 is the first).

    The delay doubles with each failure. `retry_after` is what the merchant asked for, in seconds: never less than
    that (P1).
    """
    asked = timedelta(seconds=min(max(retry_after or 0, 0), LONGEST_RETRY_AFTER.total_seconds()))
    if permanent or failures >= FAILURES_BEFORE_PAUSE:
        return Retry(at=now + max(PAUSE, asked), is_pause=True)
    doubled = min(FIRST_RETRY * 2 ** min(failures - 1, 20), LONGEST_RETRY)
    return Retry(at=now + max(doubled * (1 + JITTER * _swing(key)), asked), is_pause=False)


def _swing(key: str) -> float:
    """A number between -1 and 1 that is always the same for the same key."""
    return (crc32(key.encode()) % 2001 - 1000) / 1000

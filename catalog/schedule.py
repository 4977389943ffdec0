"""When is an offer looked at next, and how long is a merchant left alone after a failure?

Pure: `now`, intervals and keys are arguments. Jitter is no dice roll but a fraction made from the key, so that the
same offer keeps its place in the round and two runs of a test agree.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
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
        or more (the reading is censored): the two moments of that distribution are kept.
        """
        if after_days <= 0:
            return self
        later = self.days + after_days
        if not changed:
            return ChangeRate(self.shape, later)
        share = self.days / later
        none, one, two = (1 - share ** (self.shape + power) for power in (0, 1, 2))
        mean = self.mean * one / none
        square = self.mean * (self.shape + 1) / self.days * two / none
        return ChangeRate(mean * mean / (square - mean * mean), mean / (square - mean * mean))


# Before anything is read: a price changes about once in ten days, give or take a lot.
PRIOR = ChangeRate(0.5, 5.0)
# An offer that nobody clicked on counts as this many clicks a day: a reader may still see its price.
UNCLICKED = 0.02


@dataclass(frozen=True, slots=True, kw_only=True)
class Retry:
    """What follows from a failure. `is_pause`: the merchant rests and its owner is told."""

    at: datetime
    is_pause: bool


def next_check(
    *, now: datetime, refresh_every: timedelta, key: str, price_lives: timedelta | None = None, is_held: bool = False
) -> datetime:
    """When to look again after a look that worked.

    `price_lives` is the longest a price of this merchant may be shown: the next look comes before half of it is over,
    so that one failed look does not take the price off the page. `key` names the offer, or the merchant where one
    feed answers for all its offers at once.
    """
    interval = refresh_every if price_lives is None else min(refresh_every, price_lives / 2)
    if is_held:
        return now + max(CONFIRM_AFTER, min(interval, CONFIRM_AFTER * 1.1))
    return now + interval * (1 + JITTER * _swing(key))


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

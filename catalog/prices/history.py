"""What did a merchant ask over time, and on which days do we know that we looked?

Pure. A reading is stored only where it differs from the one before, so a price holds from its reading to the next one,
and the last to the last look. The days on which somebody really looked are kept apart, as bits: a price that nobody
looked at for a week is not a price that was observed for a week.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from itertools import pairwise

# Bit 0 is the day of the last look; a signed 64-bit column holds so many days.
DAYS_KEPT = 62
MASK = (1 << DAYS_KEPT) - 1
# A price that nobody looked at for longer is not known to have held: the same limit as for showing it.
HELD_UNSEEN = timedelta(days=7)
_DAY = timedelta(days=1)


def with_day(days_seen: int, last: datetime | None, seen_at: datetime, *, has_price: bool = True) -> int:
    """The bits after a look at `seen_at` (aware), whose day is bit 0 from now on; `last` was the look before.

    A look that found no price (`has_price` False: it is not sold) moves the days on and observes none. A look from
    before the last one, which an editor can decide to believe, takes its place: later days are forgotten.
    """
    passed = (_day(seen_at) - _day(last)).days if last is not None else DAYS_KEPT
    moved = days_seen << min(passed, DAYS_KEPT) if passed >= 0 else days_seen >> -passed
    return (moved | has_price) & MASK


def _day(moment: datetime) -> date:
    return moment.astimezone(UTC).date()


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A price that held from `starts_at` until `ends_at`."""

    amount: Decimal
    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class PriceHistory:
    """What one merchant asked for a new item; `points` are (time of reading, amount) in `currency`, oldest first.

    `seen_until`: the last look, which found the last point still true. `days_seen`: see `with_day`.
    """

    merchant: str
    currency: str
    points: tuple[tuple[datetime, Decimal], ...]
    seen_until: datetime | None = None
    days_seen: int = 0

    @property
    def steps(self) -> tuple[Step, ...]:
        """The prices one after the other; those that lasted no time at all are left out, but for the newest.

        A reading of the same amount (its stock or its shipping changed) goes on with the step.
        """
        if not self.points:
            return ()
        ends = [*(at for at, _ in self.points[1:]), self.seen_until or self.points[-1][0]]
        found: list[Step] = []
        for place, ((at, amount), end) in enumerate(zip(self.points, ends, strict=True), 1):
            if end < at or (end == at and place < len(ends)):
                continue
            starts_at = found.pop().starts_at if found and found[-1].amount == amount else at
            found.append(Step(amount=amount, starts_at=starts_at, ends_at=end))
        return tuple(found)

    @property
    def watched(self) -> tuple[Step, ...]:
        """`steps` without the times in which nobody looked for longer than `HELD_UNSEEN`, where that is known."""
        parts = list(self.steps)
        for start, end in self._gaps():
            parts = [part for step in parts for part in _without(step, start, end)]
        return tuple(parts)

    def _gaps(self) -> list[tuple[datetime, datetime]]:
        """From the end of a day with a look to the next look, where it was long until then."""
        if self.seen_until is None or not self.days_seen or not self.points:
            return []
        known_from = self.seen_until - (DAYS_KEPT - 1) * _DAY
        days = set(self.observed_days(known_from, self.seen_until + _DAY))
        if self.points[0][0] < known_from:
            days.add(_day(known_from))
        readings: dict[date, datetime] = {}
        for at, _ in self.points:
            readings.setdefault(_day(at), at)
        return [
            (_midnight(before) + _DAY, readings.get(after, _midnight(after)))
            for before, after in pairwise(sorted(days))
            if after - before > HELD_UNSEEN
        ]

    def days_observed(self, since: datetime, until: datetime) -> int:
        """On how many days (UTC) from `since` until before `until` was the price looked at?"""
        return len(self.observed_days(since, until))

    def observed_days(self, since: datetime, until: datetime) -> frozenset[date]:
        days = {_day(at) for at, _ in self.points if since <= at < until}
        if self.seen_until is not None:
            last = _day(self.seen_until)
            known = (last - timedelta(days=bit) for bit in range(DAYS_KEPT) if self.days_seen >> bit & 1)
            days |= {day for day in known if _day(since) <= day < _day(until)}
        return frozenset(days)


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), tzinfo=UTC)


def _without(step: Step, start: datetime, end: datetime) -> list[Step]:
    before = Step(amount=step.amount, starts_at=step.starts_at, ends_at=min(step.ends_at, start))
    after = Step(amount=step.amount, starts_at=max(step.starts_at, end), ends_at=step.ends_at)
    # A price that was just read lasted no time yet, and stays.
    return [part for part in (before, after) if part.ends_at > part.starts_at or part == step]


def _held_until(latest: datetime | None, history: PriceHistory) -> tuple[Step, ...]:
    steps = history.watched
    if latest is None or history.seen_until is None or not timedelta() < latest - history.seen_until <= _DAY:
        return steps
    return (*steps[:-1], *(replace(last, ends_at=latest) for last in steps[-1:]))


def lowest_over(histories: Sequence[PriceHistory]) -> tuple[Step, ...]:
    """The lowest of the merchants' prices at every moment at which any is known. All must be in one currency.

    Shops are read some hours apart: what one was last seen to ask still holds when another is read within the day.
    """
    latest = max((history.seen_until for history in histories if history.seen_until is not None), default=None)
    steps = [step for history in histories for step in _held_until(latest, history)]
    moments = sorted({step.starts_at for step in steps} | {step.ends_at for step in steps})
    found: list[Step] = []
    for start, end in pairwise(moments):
        asked = [step.amount for step in steps if step.starts_at <= start and step.ends_at >= end]
        if not asked:
            continue
        if found and found[-1].amount == min(asked) and found[-1].ends_at == start:
            start = found.pop().starts_at
        found.append(Step(amount=min(asked), starts_at=start, ends_at=end))
    if moments:
        newest = min(step.amount for step in steps if step.ends_at == moments[-1])
        if not found or found[-1].amount != newest:
            found.append(Step(amount=newest, starts_at=moments[-1], ends_at=moments[-1]))
    return tuple(found)

"""Does what an Awin row says hold now, when it names the days from and to which it holds?"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from catalog.feeds import facts
from catalog.feeds.amounts import Fields, RefusedError

_SLASHED = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})(?:[ T](\d{1,2}):(\d{2})(?::(\d{2}))?)?", re.ASCII)
_YEAR_FIRST = re.compile(r"^(\d{4})/(\d{2})/(\d{2})(?=$|[ T])", re.ASCII)
_OFFSET_WITHOUT_COLON = re.compile(r"([+-]\d{2})(\d{2})$")
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class _Period:
    """From `start` (included) to `end` (excluded), aware UTC; None where it is open."""

    start: datetime | None
    end: datetime | None

    @property
    def is_possible(self) -> bool:
        return self.start is None or self.end is None or self.start < self.end

    def holds_at(self, now: datetime) -> bool:
        return (self.start is None or self.start <= now) and (self.end is None or now < self.end)


def check(fields: Fields, now: datetime) -> None:
    """Raises `RefusedError` when the row does not hold now, or may not: its dates can be read in two ways."""
    if "valid_from" not in fields and "valid_to" not in fields:
        return
    periods = [period for period in _periods(fields) if period.is_possible]
    if not periods:
        raise RefusedError("The period in which it is valid ends before it begins.")
    holding = [period.holds_at(now) for period in periods]
    if all(holding):
        return
    if any(holding):
        raise RefusedError("The dates between which it is valid can be read in two ways, of which one is not now.")
    if all(period.end is not None and period.end <= now for period in periods):
        raise RefusedError(f"It was valid until {facts.first(fields, 'valid_to')[:40]} only.")
    raise RefusedError(f"It is valid from {facts.first(fields, 'valid_from')[:40]} on.")


def next_turn(fields: Fields, now: datetime) -> datetime | None:
    """When the row begins or ceases to hold, so that it is read again although the feed does not change."""
    if "valid_from" not in fields and "valid_to" not in fields:
        return None
    try:
        moments = [moment for period in _periods(fields) for moment in (period.start, period.end)]
    except RefusedError:
        return None
    return min((moment for moment in moments if moment is not None and now < moment), default=None)


def _periods(fields: Fields) -> list[_Period]:
    """Every period the row may mean. 3/4/2026 is the 4th of March or the 3rd of April, but one way holds for the row.

    Raises `RefusedError` for a date that is none.
    """
    begins, ends = facts.first(fields, "valid_from"), facts.first(fields, "valid_to")
    found = []
    for is_month_first in (True, False):
        if _SLASHED.fullmatch(updated := facts.first(fields, "last_updated")) and not _reads(updated, is_month_first):
            continue
        try:
            period = _Period(
                _moment(begins, is_month_first=is_month_first, is_end=False),
                _moment(ends, is_month_first=is_month_first, is_end=True),
            )
        except (ValueError, OverflowError):  # overflow: the calendar ends with the year 9999
            continue
        if period not in found:
            found.append(period)
    if not found:
        raise RefusedError(f"The dates between which it is valid cannot be read (`{begins[:40]}`, `{ends[:40]}`).")
    return found


def _reads(text: str, is_month_first: bool) -> bool:
    try:
        _moment(text, is_month_first=is_month_first, is_end=False)
    except (ValueError, OverflowError):
        return False
    return True


def _moment(text: str, *, is_month_first: bool, is_end: bool) -> datetime | None:
    """Aware UTC; None for the zeros and dashes that mean "no such date". An end given as a day includes that day."""
    plain = text.strip()
    if not plain.strip("0-/: T.Z"):
        return None
    if slashed := _SLASHED.fullmatch(plain):
        first, second, year, hour, minute, seconds = (int(part or 0) for part in slashed.groups())
        month, day = (first, second) if is_month_first else (second, first)
        moment = datetime(year, month, day, hour, minute, seconds, tzinfo=UTC)
        is_day = slashed[4] is None
    else:
        moment = datetime.fromisoformat(_OFFSET_WITHOUT_COLON.sub(r"\1:\2", _YEAR_FIRST.sub(r"\1-\2-\3", plain)))
        is_day = len(plain) <= len("2026-11-22")
    moment += _DAY if is_day and is_end else timedelta()
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)

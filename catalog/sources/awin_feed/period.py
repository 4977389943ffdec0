"""Does what an Awin row says hold now, when it names the days from and to which it holds?"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

from catalog.feeds import facts
from catalog.feeds.amounts import Fields, RefusedError

_SLASHED = re.compile(r"(\d{1,2})[/.](\d{1,2})[/.](\d{4})(?:[ T](\d{1,2}):(\d{2})(?::(\d{2}))?)?", re.ASCII)
_OFFSET_WITHOUT_COLON = re.compile(r"([+-]\d{2})(\d{2})$")
_DAY = timedelta(days=1)


def check(fields: Fields, now: datetime) -> None:
    """Raises `RefusedError` when the row does not hold now, or when a date can be read in two ways of which one is not
    now.
    """
    begins = _moments(facts.first(fields, "valid_from"), is_end=False)
    ends = _moments(facts.first(fields, "valid_to"), is_end=True)
    if begins and ends and min(ends) <= min(begins) and max(ends) <= max(begins):
        raise RefusedError("The period in which it is valid ends before it begins.")
    if ends and max(ends) <= now:
        raise RefusedError(f"It was valid until {facts.first(fields, 'valid_to')[:40]} only.")
    if begins and min(begins) > now:
        raise RefusedError(f"It is valid from {facts.first(fields, 'valid_from')[:40]} on.")
    if any(end <= now for end in ends) or any(begin > now for begin in begins):
        raise RefusedError("The dates between which it is valid can be read in two ways, of which one is not now.")


def next_turn(fields: Fields, now: datetime) -> datetime | None:
    """When the row begins or ceases to hold, so that it is read again although the feed does not change."""
    try:
        written = [(name, name == "valid_to") for name in ("valid_from", "valid_to")]
        moments = [moment for name, end in written for moment in _moments(facts.first(fields, name), is_end=end)]
    except RefusedError:
        return None
    return min((moment for moment in moments if now < moment), default=None)


def _moments(text: str, *, is_end: bool) -> list[datetime]:
    """Every moment the text may mean, aware UTC; none for the zeros and dashes that mean "no such date".

    An end given as a day includes that day. 3/4/2026 is the 3rd of April and the 4th of March.
    """
    plain = text.strip()
    if not plain.strip("0-/: T.Z"):
        return []
    if slashed := _SLASHED.fullmatch(plain):
        return _either_way(slashed, text, is_end)
    try:
        moment = datetime.fromisoformat(_OFFSET_WITHOUT_COLON.sub(r"\1:\2", plain))
        if len(plain) <= 10:
            moment += _DAY if is_end else timedelta()
    except (ValueError, OverflowError) as error:
        raise RefusedError(f"The date `{text[:40]}` between which it is valid cannot be read.") from error
    return [moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)]


def _either_way(slashed: re.Match[str], text: str, is_end: bool) -> list[datetime]:
    first, second, year, hour, minute, seconds = (int(part or 0) for part in slashed.groups())
    found = []
    for month, day in {(first, second), (second, first)}:
        try:
            moment = datetime(year, month, day, hour, minute, seconds, tzinfo=UTC)
            found.append(moment + _DAY if is_end and slashed[4] is None else moment)
        except (ValueError, OverflowError):
            continue
    if not found:
        raise RefusedError(f"The date `{text[:40]}` between which it is valid cannot be read.")
    return found

"""How does a network carry our click's name to its report and back, without learning anything from it?

A pure module. A click's id is a UUIDv7, whose first 48 bits are the time it was made. Networks get the same 128 bits as
26 small letters and digits (Crockford's base32: no i, l, o, u), which fits the narrowest of them (30 alphanumerics);
whoever reads the report back has the id, and with it the time, and so the one row of one partition.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID

_DIGITS = "0123456789abcdefghjkmnpqrstvwxyz"
_VALUES = {digit: value for value, digit in enumerate(_DIGITS)}
_PAIRS = [first + second for first in _DIGITS for second in _DIGITS]
_THREES = [first + second for first in _PAIRS for second in _DIGITS]
LENGTH = 26
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def sub_id(click_id: UUID) -> str:
    """The 26 letters and digits of a click id."""
    number = click_id.int
    # Fifteen bits, three digits, at a time: this runs for every click.
    high, low, three = number >> 60, number & 0xFFF_FFFF_FFFF_FFFF, _THREES
    return (
        f"{_PAIRS[high >> 60]}{three[high >> 45 & 32767]}{three[high >> 30 & 32767]}{three[high >> 15 & 32767]}"
        f"{three[high & 32767]}"
        f"{three[low >> 45]}{three[low >> 30 & 32767]}{three[low >> 15 & 32767]}{three[low & 32767]}"
    )


def click_id(text: str) -> UUID | None:
    """The click id in a network's report (in any case, with space around it); None when it is no id of ours.

    Only a UUIDv7 is one of ours, so that a made-up code is not taken for a click.
    """
    digits = text.strip().lower()
    if len(digits) != LENGTH or any(digit not in _VALUES for digit in digits):
        return None
    number = 0
    for digit in digits:
        number = number << 5 | _VALUES[digit]
    if number >> 128:
        return None
    found = UUID(int=number)
    return found if found.version == 7 and found.variant == "specified in RFC 4122" else None


def made_at(click: UUID) -> datetime:
    """When the click was made (aware, UTC, whole milliseconds): `clicked_at` of its row."""
    return _EPOCH + timedelta(milliseconds=click.int >> 80)


def first_id(moment: datetime) -> UUID:
    """What no id made from this millisecond on is below, and every earlier one is."""
    return UUID(int=(moment - _EPOCH) // timedelta(milliseconds=1) << 80)

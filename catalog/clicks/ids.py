"""How does a network carry our click's name to its report and back, without learning anything from it?

A pure module. A click's id is a UUIDv7, whose first 48 bits are the time it was made. Networks get the same 128 bits as
26 small letters and digits (Crockford's base32: no i, l, o, u), which fits the narrowest of them (30 alphanumerics);
whoever reads the report back has the id, and with it the time, and so the one row of one partition.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import lru_cache
from uuid import UUID

_DIGITS = "0123456789abcdefghjkmnpqrstvwxyz"
_VALUES = {digit: value for value, digit in enumerate(_DIGITS)}
_PAIRS = [first + second for first in _DIGITS for second in _DIGITS]
LENGTH = 26
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def sub_id(click_id: UUID) -> str:
    """The 26 letters and digits of a click id."""
    # Two digits, ten bits, at a time, and those of the time only once a millisecond: this runs for every click.
    octets, two = click_id.bytes, _PAIRS
    high, low = int.from_bytes(octets[6:11], "big"), int.from_bytes(octets[11:], "big")
    return (
        f"{_time_digits(octets[:6])}"
        f"{two[high >> 30]}{two[high >> 20 & 1023]}{two[high >> 10 & 1023]}{two[high & 1023]}"
        f"{two[low >> 30]}{two[low >> 20 & 1023]}{two[low >> 10 & 1023]}{two[low & 1023]}"
    )


@lru_cache(maxsize=64)
def _time_digits(octets: bytes) -> str:
    """The ten digits of the 48 bits that say when."""
    moment = int.from_bytes(octets, "big")
    return "".join(_PAIRS[moment >> shift & 1023] for shift in (40, 30, 20, 10, 0))


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

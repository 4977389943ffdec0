"""Lines of a click spool as the web side writes them, of version 2 and of before, with values a test chooses."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from uuid import UUID

from catalog.clicks import spool_reading

FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
NOON = datetime(2026, 11, 26, 12, tzinfo=UTC)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_numbers = count(1)


def click_id(at: datetime = NOON) -> UUID:
    """A UUIDv7 of that moment, never the same twice."""
    milliseconds = (at - _EPOCH) // timedelta(milliseconds=1)
    return UUID(int=milliseconds << 80 | 7 << 76 | 2 << 62 | next(_numbers))


def line(
    at: datetime = NOON,
    *,
    code: str = "one",
    key: UUID | None = None,
    known: bool = True,
    place: str = "",
    hint: str = "",
    country: str = "DE",
    language: str = "de",
    referrer_path: str = "",
    visit: str = "",
    offer_id: int | str = "",
    route_id: int | str = "",
    channel: str = "r",
    user_agent: str = FIREFOX,
) -> bytes:
    """A line of version 2, with its line end."""
    fields = [
        2,
        key or click_id(at),
        int(known),
        code,
        place,
        hint,
        country,
        language,
        referrer_path,
        visit,
        offer_id,
        route_id,
        channel,
        f"{at:%Y%m%d}" if visit else "",
        user_agent,
    ]
    return ("\t".join(map(str, fields)) + "\n").encode()


def old_line(at: datetime = NOON, *, code: str = "one", place: str = "", user_agent: str = FIREFOX) -> bytes:
    """A line of before version 2, with its line end."""
    microseconds = (at - _EPOCH) // timedelta(microseconds=1)
    return f"{click_id(at)}\t{microseconds}\t1\t{code}\t{place}\t\tDE\t/guides/x/\t{user_agent}\n".encode()


def lines_in(folder: Path) -> list[bytes]:
    """All lines of the spool, also of segments that are still written."""
    found: list[bytes] = []
    for segment in spool_reading.segments(folder):
        found += segment.read_bytes().rstrip(b"\0").splitlines()
    return found

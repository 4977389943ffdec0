"""What does a line of the spool say of a click, and which row of the database is that?

A pure module. The user agent is in the line so that people are told from machines here; neither it nor an address
reaches the row. Lines of before version 2 (nine fields, the time in microseconds among them) are still read: a spool
may be older than the program that ships it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from hashlib import sha256
from typing import NamedTuple

from catalog.clicks.agents import PERSON, classify
from catalog.clicks.visitors import device

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_LAST = 253_402_300_799_999_999  # the end of the year 9999, where calendars end
_OLD_FIELDS = 9
_UUID7 = r"[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}"
_CODE = r"[A-Za-z0-9._-]{1,40}"
_PLACE = r"[A-Za-z0-9._-]{0,60}"
_HINT = r"[^\t\n]{0,200}"
_PATH = r"[^\t\n\r\0]{0,300}"
_USER_AGENT = r"[^\t\n]*"
# The fields of version 2 in their order, and what each may hold.
_FIELDS = {
    "version": "2",
    "id": _UUID7,
    "known": "[01]",
    "code": _CODE,
    "place": _PLACE,
    "hint": _HINT,
    "country": r"(?:[A-Z]{2})?",
    "language": r"(?:[a-z]{2,3})?",
    "referrer_path": _PATH,
    "visit": r"(?:[0-9a-f]{16})?",
    "offer_id": r"(?:[0-9]{1,18})?",
    "route_id": r"(?:[0-9]{1,18})?",
    "channel": "[rd]",
    "salt_day": r"(?:[0-9]{8})?",
    "user_agent": _USER_AGENT,
}
_LINE = re.compile("^" + "\\t".join(f"({pattern})" for pattern in _FIELDS.values()) + "$", re.MULTILINE)
_OLD = {
    "id": _UUID7,
    "time": r"[0-9]{1,18}",
    "known": "[01]",
    "code": _CODE,
    "place": _PLACE,
    "hint": _HINT,
    "country": r"(?:[A-Z]{2})?",
    "referrer_path": _PATH,
    "user_agent": _USER_AGENT,
}
_NULL = "\\N"
_ESCAPES = str.maketrans({"\\": "\\\\", "\r": "\\r", "\n": "\\n", "\t": "\\t", "\0": None})


# The columns of `catalog_click` in the order in which `copy_text` writes them.
COLUMNS = (
    "id",
    "clicked_at",
    "code",
    "is_known",
    "placement",
    "agent",
    "agent_reason",
    "country",
    "language",
    "form",
    "system",
    "is_direct",
    "offer_id",
    "route_id",
    "referrer_path",
    "is_repeat",
)


class ClickLineError(Exception):
    """A line of the spool is not a click. The message says what is wrong with it."""


class ClickRow(NamedTuple):
    """A click as it is stored, and the hash of its visit, which is not.

    `id` is a UUIDv7 in its usual spelling; `at` counts microseconds since 1970 (UTC), because this is made for every
    click, and is the id's millisecond but in old lines; `visit` is a hash of the visitor and of the link (one visitor's
    clicks on two links have nothing in common), and 0 when nothing is known of the visitor.
    """

    id: str
    at: int
    code: str
    is_known: bool
    placement: str
    agent: str
    agent_reason: str
    country: str
    language: str
    form: str
    system: str
    is_direct: bool
    offer_id: int | None
    route_id: int | None
    referrer_path: str
    visit: int

    @property
    def clicked_at(self) -> datetime:
        return _EPOCH + timedelta(microseconds=self.at)

    @property
    def may_repeat(self) -> bool:
        """Only people's clicks count, so only theirs can be repeats of another."""
        return self.visit != 0 and self.agent == PERSON


class _Judged(dict[tuple[str, str], tuple[str, str, str, str]]):
    """What a user agent and a hint tell: agent, reason, form, system. Asked once for all clicks that share them."""

    def __missing__(self, told: tuple[str, str]) -> tuple[str, str, str, str]:
        agent, seen_on = classify(*told), device(told[0])
        self[told] = found = (agent.kind, agent.reason, seen_on.form, seen_on.system)
        return found


def read(lines: Sequence[bytes]) -> tuple[list[ClickRow], list[tuple[bytes, str]]]:
    """The rows of lines (without their line ends), and the lines that are no clicks, each with what is wrong with it.

    One sweep of one expression over all of them; lines of before version 2, or none at all, have them read one by one.
    """
    try:
        found = _LINE.findall(b"\n".join(lines).decode("utf-8"))
        if len(found) == len(lines):
            judged = _Judged()
            return [_row(fields, judged) for fields in found], []
    except (UnicodeDecodeError, ClickLineError):
        pass  # which line it is, is found below
    rows, bad = [], []
    for raw in lines:
        try:
            rows.append(parse(raw))
        except ClickLineError as error:
            bad.append((raw, str(error)))
    return rows, bad


def parse(raw: bytes) -> ClickRow:
    """The row of a line (without its line end). Raises `ClickLineError`.

    A time that cannot be right is no reason to refuse: a clock that jumped to 2099 or 1990 still saw a click.
    """
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        raise ClickLineError(f"not UTF-8 at byte {error.start}") from error
    found = _LINE.fullmatch(text)
    return _old(text) if found is None else _row(found.groups(), _Judged())


def _row(fields: Sequence[str], judged: _Judged) -> ClickRow:
    _, key, known, code, place, hint, country, language, path, visit, offer, route, channel, _, user_agent = fields
    agent, reason, form, system = judged[user_agent, hint]
    return ClickRow(
        key,
        _millisecond(key[:13]),
        code,
        known == "1",
        place,
        agent,
        reason,
        country,
        language,
        form,
        system,
        channel == "d",
        int(offer) if offer else None,
        int(route) if route else None,
        path,
        int.from_bytes(bytes.fromhex(visit), signed=True) ^ link_bits(code) if visit else 0,
    )


def moment(key: str) -> int:
    """When the click of this id was made: microseconds since 1970. Raises `ClickLineError` where calendars end."""
    return _millisecond(key[:13])


# Clicks so many that their reading must be fast share their milliseconds.
@lru_cache(maxsize=4096)
def _millisecond(beginning: str) -> int:
    return _in_a_calendar(int(beginning[:8] + beginning[9:], 16) * 1000)


@lru_cache(maxsize=50_000)
def link_bits(code: str) -> int:
    """What a link's code makes of the hash of a visitor: sixty-four bits as the database's bigint."""
    return int.from_bytes(sha256(code.encode()).digest()[:8], signed=True)


def _in_a_calendar(microseconds: int) -> int:
    if microseconds > _LAST:
        raise ClickLineError(f"{microseconds} microseconds after 1970 is later than any calendar goes")
    return microseconds


def _old(text: str) -> ClickRow:
    """The row of a line of before version 2, or what is wrong with a line of any version."""
    fields = text.split("\t")
    if len(fields) != _OLD_FIELDS:
        raise ClickLineError(_complaint(fields))
    _refuse_wrong(fields, _OLD)
    key, time, known, code, place, hint, country, path, user_agent = fields
    agent, reason, form, system = _Judged()[user_agent, hint]
    return ClickRow(
        id=key,
        at=_in_a_calendar(int(time)),
        code=code,
        is_known=known == "1",
        placement=place,
        agent=agent,
        agent_reason=reason,
        country=country,
        language="",
        form=form,
        system=system,
        is_direct=False,
        offer_id=None,
        route_id=None,
        referrer_path=path,
        visit=0,
    )


def _complaint(fields: list[str]) -> str:
    if fields[0] != "2" and fields[0].isdigit() and len(fields) > 1:
        return f"written by version {fields[0][:9]} of the spool, which this program does not read: update it"
    if len(fields) == len(_FIELDS):
        _refuse_wrong(fields, _FIELDS)
    return f"{len(fields)} fields instead of {len(_FIELDS)} (or {_OLD_FIELDS} before version 2)"


def _refuse_wrong(fields: Iterable[str], patterns: Mapping[str, str]) -> None:
    wrong = [
        name
        for (name, pattern), field in zip(patterns.items(), fields, strict=True)
        if not re.fullmatch(pattern, field)
    ]
    if wrong:
        raise ClickLineError(f"unusable: {', '.join(wrong)}")


def copy_lines(rows: Iterable[tuple[ClickRow, bool]]) -> Iterator[str]:
    """Rows, each with whether it is a repeat, as PostgreSQL's COPY reads them (text format; `COLUMNS`)."""
    return (_copied(row, is_repeat) for row, is_repeat in rows)


def _copied(row: ClickRow, is_repeat: bool) -> str:
    (key, at, code, known, place, agent, reason, country, language, form, system, direct, offer, route, path, _) = row
    if reason or "\\" in path:
        reason, path = reason.translate(_ESCAPES), path.translate(_ESCAPES)
    return (
        f"{key}\t{time_text(at)}\t{code}\t{known}\t{place}\t{agent}\t{reason}\t{country}\t{language}\t{form}\t{system}\t"
        f"{direct}\t{_NULL if offer is None else offer}\t{_NULL if route is None else route}\t{path}\t{is_repeat}\n"
    )


@lru_cache(maxsize=4096)
def time_text(microseconds: int) -> str:
    """The moment so many microseconds after 1970 as PostgreSQL reads it."""
    return str(_EPOCH + timedelta(microseconds=microseconds))

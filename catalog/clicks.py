"""What does one click say of itself, and how is it written down until the database has it?

A pure module. One click is one line of nine fields between tabs. The user agent is in the line so that the shipping
worker can tell people from machines; it never reaches the database. Addresses of visitors are in neither.
"""

from __future__ import annotations

import re
import time
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from uuid_utils import uuid7

from catalog.agents import classify
from catalog.targets import PLACEMENT

FIELDS = 9
LONGEST_CODE = 40
LONGEST_PATH = 300
LONGEST_USER_AGENT = 400
_UNSAFE_IN_A_CODE = re.compile(r"[^A-Za-z0-9._-]")
_SAFE_CODE = re.compile(r"[A-Za-z0-9._-]{1,40}")
_COUNTRY = re.compile(r"[A-Z]{2}")
_PREFETCH_HEADERS = ("HTTP_SEC_PURPOSE", "HTTP_PURPOSE", "HTTP_X_MOZ", "HTTP_X_PURPOSE")
_BEGINNING = datetime(2020, 1, 1, tzinfo=UTC)


class ClickLineError(Exception):
    """A line of the spool is not a click. The message says what is wrong with it."""


class ClickRow(NamedTuple):
    """A click as the database stores it; the fields are the columns of `catalog_click`, in this order."""

    id: UUID
    clicked_at: datetime
    code: str
    is_known: bool
    placement: str
    agent: str
    agent_reason: str
    country: str
    referrer_path: str


def line(environ: Mapping[str, Any], *, code: str, is_known: bool, placement: str, country_key: str) -> bytes:
    """The click of this request (a WSGI environment), made now, as the spool keeps it.

    `country_key` names the environment's key a trusted proxy writes the country into; empty when there is none.
    """
    user_agent = environ.get("HTTP_USER_AGENT", "")
    if not user_agent.isprintable():
        user_agent = "".join(character if character.isprintable() else " " for character in user_agent)
    country = environ.get(country_key, "") if country_key else ""
    if country and not _COUNTRY.fullmatch(country):
        country = ""
    return (
        f"{uuid7()}\t{time.time_ns() // 1000}\t{'1' if is_known else '0'}\t{code}\t{placement}\t{_hint(environ)}\t"
        f"{country}\t{_referrer_path(environ)}\t{user_agent[:LONGEST_USER_AGENT]}\n"
    ).encode("utf-8", "replace")


def safe_code(code: str) -> str:
    """A code from outside as it may be stored: at most 40 letters, digits, dots, dashes and underscores."""
    return _UNSAFE_IN_A_CODE.sub("_", code)[:LONGEST_CODE] or "_"


def _hint(environ: Mapping[str, Any]) -> str:
    """What the request itself says about who makes it: a browser fetching ahead, or another site's script."""
    for key in _PREFETCH_HEADERS:
        value = environ.get(key)
        if value and value.isprintable():
            return f"prefetch:{value[:40]}"
    if environ["REQUEST_METHOD"] == "POST" and environ.get("HTTP_SEC_FETCH_SITE") == "cross-site":
        return "bot:beacon sent by another site"
    return ""


def _referrer_path(environ: Mapping[str, Any]) -> str:
    """The page of ours the reader came from, without its query; never another site's."""
    referrer = environ.get("HTTP_REFERER")
    if not referrer or not referrer.isprintable():
        return ""
    host, _, path = referrer.partition("://")[2].partition("/")
    if host != environ.get("HTTP_HOST"):
        return ""
    return f"/{path.partition('?')[0].partition('#')[0]}"[:LONGEST_PATH]


def parse(raw: bytes, *, now: datetime) -> ClickRow:
    """The row of a line (without its line end). Raises `ClickLineError`."""
    try:
        fields = raw.decode("utf-8").split("\t")
    except UnicodeDecodeError as error:
        raise ClickLineError(f"not UTF-8 at byte {error.start}") from error
    if len(fields) != FIELDS:
        raise ClickLineError(f"{len(fields)} fields instead of {FIELDS}")
    identity, microseconds, is_known, code, placement, hint, country, referrer_path, user_agent = fields
    try:
        key = UUID(identity)
        clicked_at = datetime.fromtimestamp(0, UTC) + timedelta(microseconds=int(microseconds))
    except (ValueError, OverflowError) as error:
        raise ClickLineError(f"no id or no time: {error}") from error
    if not _BEGINNING < clicked_at < now + timedelta(days=1):
        raise ClickLineError(f"the time {clicked_at:%Y-%m-%d %H:%M} cannot be right")
    wrong = [
        name
        for name, is_right in (
            ("is_known", is_known in ("0", "1")),
            ("code", _SAFE_CODE.fullmatch(code)),
            ("placement", PLACEMENT.fullmatch(placement)),
            ("country", not country or _COUNTRY.fullmatch(country)),
            ("referrer_path", len(referrer_path) <= LONGEST_PATH and "\0" not in referrer_path),
        )
        if not is_right
    ]
    if wrong:
        raise ClickLineError(f"unusable: {', '.join(wrong)}")
    agent = classify(user_agent, hint)
    reason = agent.reason.replace("\0", "")
    return ClickRow(key, clicked_at, code, is_known == "1", placement, agent.kind, reason, country, referrer_path)

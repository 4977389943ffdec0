"""What does one click say of itself, and how is it written down until the database has it?

A pure module. One click is one line of fifteen fields between tabs (version 2; `clicks.rows` reads it). The user
agent is in the line so that the shipping worker can tell people from machines; it never reaches the database, and an
address is in neither: what is left of it is the hash of a visit.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

LONGEST_CODE = 40
LONGEST_PATH = 300
LONGEST_USER_AGENT = 400
_UNSAFE_IN_A_CODE = re.compile(r"[^A-Za-z0-9._-]")
_PREFETCH_HEADERS = ("HTTP_SEC_PURPOSE", "HTTP_PURPOSE", "HTTP_X_MOZ", "HTTP_X_PURPOSE")


def line(
    click_id: str,
    known: str,
    code: str,
    place: str,
    hint: str,
    country: str,
    language: str,
    referrer_path: str,
    visit: str,
    led: str,
    channel: str,
    salt_day: str,
    user_agent: str,
) -> bytes:
    """A click as the spool keeps it. `led` is the offer's id, a tab, and the route's, either of them empty.

    (By position, not by name: this runs for every click.)
    """
    return (
        f"2\t{click_id}\t{known}\t{code}\t{place}\t{hint}\t{country}\t{language}\t{referrer_path}\t{visit}\t{led}\t"
        f"{channel}\t{salt_day}\t{user_agent}\n"
    ).encode("utf-8", "replace")


def printable(user_agent: str) -> str:
    """The user agent as it may stand in a line: at most 400 characters, none of which ends a field or a line."""
    if not user_agent.isprintable():
        user_agent = "".join(character if character.isprintable() else " " for character in user_agent)
    return user_agent[:LONGEST_USER_AGENT]


def safe_code(code: str) -> str:
    """A code from outside as it may be stored: at most 40 letters, digits, dots, dashes and underscores."""
    return _UNSAFE_IN_A_CODE.sub("_", code)[:LONGEST_CODE] or "_"


def hint(environ: Mapping[str, Any], session_cookie: str) -> str:
    """What the request itself says about who makes it; empty for what may be a reader.

    A browser fetching ahead, another site's script, or staff: readers never have the session's cookie.
    """
    for key in _PREFETCH_HEADERS:
        value = environ.get(key)
        if value and value.isprintable():
            return f"prefetch:{value[:40]}"
    if environ["REQUEST_METHOD"] == "POST" and environ.get("HTTP_SEC_FETCH_SITE") == "cross-site":
        return "bot:beacon sent by another site"
    cookies = environ.get("HTTP_COOKIE")
    if cookies and session_cookie in cookies:
        return "staff:session"
    return ""


def referrer_path(environ: Mapping[str, Any]) -> str:
    """The page of ours the reader came from, without its query; never another site's."""
    referrer = environ.get("HTTP_REFERER")
    if not referrer or not referrer.isprintable():
        return ""
    host, _, path = referrer.partition("://")[2].partition("/")
    if host != environ.get("HTTP_HOST"):
        return ""
    return f"/{path.partition('?')[0].partition('#')[0]}"[:LONGEST_PATH]

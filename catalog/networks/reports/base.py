"""What may a network tell us about purchases? The contract every file in this folder keeps.

A network's half for reports is as pure as its half for links: settings, a door, a clock and what was sent go in,
statements (`catalog.reports.earnings.Statement`) come out. What cannot be read is a `Trouble` of its own row, with
what to do about it; it never takes other rows with it, and never becomes a number that nobody said.
"""

from __future__ import annotations

import re
from abc import ABC
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, ClassVar, TypeVar
from urllib.parse import parse_qsl

from catalog.access_tokens import Token, Tokens
from catalog.http import Door
from catalog.json_answers import JsonAnswerError, json_value
from catalog.reports.answers import ReportError
from catalog.reports.earnings import Statement
from catalog.reports.values import ValueProblem
from catalog.settings_fields import SettingField

__all__ = [
    "Account",
    "Message",
    "Polled",
    "PostbackError",
    "Read",
    "ReportError",
    "Reports",
    "Statement",
    "Token",
    "Tokens",
    "Trouble",
]

LONGEST_FILE = 50 * 1024 * 1024
Row = TypeVar("Row")


class PostbackError(Exception):
    """What was sent is not believed or not understood. The text is an answer for its sender: what to change."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """Our account at a network as far as a poll needs it. In `settings` a secret is the secret itself.

    `key` tells accounts apart (it names the kept token). `polled_until` (aware, UTC) and `cursor` are what the last
    poll handed back.
    """

    key: str
    settings: Mapping[str, str]
    polled_until: datetime | None = None
    cursor: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Trouble:
    """A row that cannot be read. `where`: "line 12", "row 4 of sheet Fee-Earnings", or the network's own key."""

    where: str
    field: str
    reason: str

    def __str__(self) -> str:
        return f"{self.where}, {self.field}: {self.reason}" if self.field else f"{self.where}: {self.reason}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Read:
    """What a message or a file says. `notes` are sentences about the whole: rows left out on purpose, and why."""

    statements: Sequence[Statement] = ()
    troubles: Sequence[Trouble] = ()
    notes: Sequence[str] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Polled:
    """What one poll found, and what the account keeps for the next. `is_behind`: poll again now, there is more."""

    statements: Sequence[Statement] = ()
    troubles: Sequence[Trouble] = ()
    polled_until: datetime | None = None
    cursor: str = ""
    is_behind: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """A postback as it arrived: `query` without its question mark, `body` as it was sent."""

    method: str
    query: str = ""
    content_type: str = ""
    body: bytes = b""


class Reports(ABC):
    """A network's reports. It overrides what it has: `poll` with `polls`, `postback` with `methods`, `read_file` with
    `files`."""

    key: ClassVar[str]
    # What an account's record must say for polls and for signed postbacks.
    settings: ClassVar[tuple[SettingField, ...]] = ()
    # Settings that fit, shown to editors; `{server}` stands for http://host:port of a server of the contract test's.
    example_settings: ClassVar[Mapping[str, str]] = {}

    polls: ClassVar[bool] = False
    # How often the network is asked, and how many requests a minute all its accounts of one user may make together.
    poll_every: ClassVar[timedelta] = timedelta(hours=1)
    per_minute: ClassVar[int | None] = None
    # The setting that names whose quota is used up; empty: each account has its own.
    quota_of: ClassVar[str] = ""

    # How the network may call us: GET, POST or both; empty: it does not.
    methods: ClassVar[frozenset[str]] = frozenset()
    # The headers a signature needs, in lower case; empty: unsigned, so everything said is provisional until a poll.
    signed_headers: ClassVar[tuple[str, ...]] = ()
    # For editors: what to enter at the network, `{address}` being our postback address.
    postback_help: ClassVar[str] = ""

    # Endings of report files that may be uploaded, for example ".csv".
    files: ClassVar[tuple[str, ...]] = ()
    file_help: ClassVar[str] = ""

    def poll(self, account: Account, *, door: Door, tokens: Tokens, now: datetime) -> Polled:
        """What is new or changed since the last poll, with some overlap. `now` is aware. Raises `ReportError`.

        A statement may be said again in the next poll: whoever stores it knows it by its key.
        """
        raise NotImplementedError(f"{self.key} cannot be asked")

    def verify(
        self, message: Message, headers: Mapping[str, str], settings: Mapping[str, str], *, now: datetime
    ) -> None:
        """Check a signed message before it is kept; `headers` in lower case. Raises `PostbackError` for the sender, and
        `ReportError` when our own secret is of no use (which is not the sender's business).

        Nothing to check at networks that do not sign.
        """
        if self.signed_headers:
            raise PostbackError(f"Messages of {self.key} are signed, and we cannot check them.")

    def postback(self, message: Message, settings: Mapping[str, str], *, now: datetime) -> Read:
        """What the message says; `now` (aware, UTC) is when it arrived. Raises `PostbackError`."""
        raise PostbackError(f"{self.key} sends no postbacks; its reports are polled or uploaded.")

    def read_file(self, name: str, body: bytes, settings: Mapping[str, str], *, now: datetime | None = None) -> Read:
        """What an uploaded report says. Raises `ReportError` for a file that cannot be read as a whole.

        `now` (aware, UTC) is when it was uploaded: where a report does not say when something changed, the statement
        happened then, so that of two reports that differ the one uploaded last is believed.
        """
        raise ReportError(f"{self.key} has no report files.", permanent=True)


def read_each(
    rows: Iterable[tuple[str, Row]], read: Callable[[Row], Statement | None]
) -> tuple[list[Statement], list[Trouble]]:
    """Each row read by itself; `rows` are pairs of where a row stands and the row. None: it says nothing of purchases.

    What is said twice word for word, as overlapping windows do, is said once.
    """
    statements: dict[tuple[str, str], Statement] = {}
    troubles: list[Trouble] = []
    for where, row in rows:
        try:
            statement = read(row)
        except ValueProblem as problem:
            troubles.append(Trouble(where=where, field=getattr(problem, "field", ""), reason=str(problem)))
            continue
        if statement is not None:
            statements[statement.network_key, statement.event_key] = statement
    return list(statements.values()), troubles


def form_of(text: str) -> dict[str, str]:
    """The fields of a query or a form; of one given twice, the first. Raises `PostbackError` for hundreds of them."""
    found: dict[str, str] = {}
    try:
        pairs = parse_qsl(text, keep_blank_values=True, max_num_fields=300)
    except ValueError:
        raise PostbackError("There are more than 300 fields.") from None
    for name, value in pairs:
        found.setdefault(name, value)
    return found


def json_of(body: bytes | str) -> Any:
    """The JSON value in a message; numbers never pass through binary fractions. Raises `PostbackError`."""
    try:
        return json_value(body.encode() if isinstance(body, str) else body)
    except JsonAnswerError as error:
        raise PostbackError(f"What was sent {error}.") from None


def fields_of(message: Message) -> list[Mapping[str, Any]]:
    """What a message says, whichever way it was sent: JSON (an object, or a list of them), a form, or the query.

    Each mapping holds the body's fields, and the query's where the body has none of that name. Raises `PostbackError`.
    """
    query = form_of(message.query)
    start = message.body[:200].lstrip(b"\xef\xbb\xbf \t\r\n")
    if not start:
        return [query] if query else []
    if "json" in message.content_type.lower() or start[:1] in {b"{", b"["}:
        value = json_of(message.body)
        found = [one for one in (value if isinstance(value, list) else [value]) if isinstance(one, dict)]
    else:
        found = [form_of(message.body.decode("utf-8", "replace"))]
    return [{**query, **one} for one in found]


def named_alike(fields: Mapping[str, Any], *, unfilled: str) -> dict[str, Any]:
    """The fields by names without case and underscores; those are left out that still hold a macro (`unfilled`: the
    expression of one that nobody replaced).
    """
    return {
        str(name).replace("_", "").lower(): value
        for name, value in fields.items()
        if not (isinstance(value, str) and re.fullmatch(unfilled, value.strip()))
    }


def usable(fields: Sequence[SettingField], settings: Mapping[str, str]) -> None:
    """Raises `ReportError` naming the settings that are missing or cannot be right; never repeats a value."""
    missing = [one.name for one in fields if one.required and not settings.get(one.name)]
    if missing:
        raise ReportError(f"Settings of the account are missing: {', '.join(missing)}.", permanent=True)
    wrong = [
        one.name
        for one in fields
        if not one.secret and settings.get(one.name) and not re.fullmatch(one.pattern, settings[one.name])
    ]
    if wrong:
        raise ReportError(f"Settings of the account do not look right: {', '.join(wrong)}.", permanent=True)


SINCE = SettingField(
    name="since",
    help="The day from which on purchases are asked for at first, for example 2026-01-01. Left empty: some weeks ago.",
    pattern=r"20[0-9]{2}-[0-9]{2}-[0-9]{2}",
    required=False,
)


def window(account: Account, *, longest: timedelta, overlap: timedelta, now: datetime) -> tuple[datetime, datetime]:
    """From when to when the next poll asks (aware, UTC): from a little before the last one ended, or from the account's
    `since`, and for no longer than the network answers at once. Raises `ReportError` for a day that never was.
    """
    if account.polled_until is not None:
        start = min(account.polled_until, now) - overlap
    elif since := account.settings.get(SINCE.name):
        try:
            start = min(datetime.fromisoformat(since).replace(tzinfo=UTC), now - overlap)
        except ValueError:
            raise ReportError("The account's `since` is no day.", permanent=True) from None
    else:
        start = now - longest
    return start, min(start + longest, now)


# https, or a server on this very machine (tests and the demo have theirs there).
ADDRESS = r"https://[^\s/]+(/\S*)?|http://(127\.0\.0\.1|localhost|\[::1\])(:[0-9]{1,5})?(/\S*)?"


def api_url_field(default: str) -> SettingField:
    """The setting for another address than the network's own: a proxy's, or a test's."""
    return SettingField(
        name="api_url", help=f"Another address than {default}, for example a proxy's.", pattern=ADDRESS, required=False
    )

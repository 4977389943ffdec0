"""Which patterns of a list of machines may be trusted with our readers' clicks?

A pure module. The list is the JSON of crawler-user-agents (or of any list of its kind): objects with a `pattern`, a
regular expression that some machine's user agent matches. It comes from outside, so each pattern has to show that it
compiles, that no user agent can make it run for long, and that it hits none of the browsers people hold in their hands.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from re import _constants as code  # type: ignore[attr-defined]  # the only way to look into an expression
from re import _parser as parser  # type: ignore[attr-defined]
from typing import Any

from catalog.clicks.real_browsers import REAL_BROWSERS

MOST_PATTERNS = 10_000
LONGEST_PATTERN = 300
LARGEST_BYTES = 20 * 1024 * 1024
# Two repetitions without an end take the square of a user agent's 400 characters, 0.2 million steps; three take 64.
MOST_ENDLESS = 2
MOST_REPEATED = 64


class BotListError(Exception):
    """The text is no list of machines. The message says what is wrong and where."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BotList:
    """`refused`: patterns that are not used, each with the reason."""

    patterns: tuple[str, ...]
    refused: tuple[tuple[str, str], ...]


def read_bot_list(text: bytes) -> BotList:
    """The usable patterns of a list, in its order, each once. Raises `BotListError` when it is no list at all."""
    if len(text) > LARGEST_BYTES:
        raise BotListError(f"it has {len(text):,} bytes; a list of machines has at most {LARGEST_BYTES:,}")
    try:
        entries = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise BotListError(f"it is not JSON: {error}") from error
    if not isinstance(entries, list) or not entries:
        raise BotListError("it is not a JSON array with entries")
    if len(entries) > MOST_PATTERNS:
        raise BotListError(f"it has {len(entries):,} entries; at most {MOST_PATTERNS:,} are read")
    patterns: dict[str, str] = {}
    for number, entry in enumerate(entries, start=1):
        pattern = entry.get("pattern") if isinstance(entry, dict) else entry
        if not isinstance(pattern, str):
            raise BotListError(f"entry {number} has no text as its pattern")
        patterns.setdefault(pattern, why_not(pattern))
    return BotList(
        patterns=tuple(pattern for pattern, reason in patterns.items() if not reason),
        refused=tuple((pattern, reason) for pattern, reason in patterns.items() if reason),
    )


def why_not(pattern: str) -> str:
    """Why this pattern may not be used; empty when it may."""
    if not pattern.strip() or len(pattern) > LONGEST_PATTERN:
        return f"a pattern has between 1 and {LONGEST_PATTERN} characters"
    try:
        parsed = parser.parse(pattern)
    except (re.error, OverflowError, RecursionError) as error:
        return f"is no regular expression: {error}"
    if parsed.state.flags & ~re.UNICODE or parsed.state.groupdict:
        return "sets flags or names groups, which cannot stand beside other patterns"
    if reason := _could_run_long(parsed):
        return reason
    compiled = re.compile(pattern)
    if compiled.search(""):
        return "matches every user agent"
    hit = next((browser for browser in REAL_BROWSERS if compiled.search(browser)), None)
    return f"matches a browser: {hit}" if hit else ""


def _could_run_long(parsed: Any) -> str:
    """Only repetitions of a single character are trusted, and few without an end: no others run for long."""
    endless = 0
    for operation, argument in _operations(parsed):
        if operation in (code.GROUPREF, code.GROUPREF_EXISTS):
            return "refers back to a group"
        if operation not in (code.MAX_REPEAT, code.MIN_REPEAT, code.POSSESSIVE_REPEAT):
            continue
        _, most, repeated = argument
        if most is code.MAXREPEAT:
            endless += 1
        elif most <= 1:
            continue
        elif most > MOST_REPEATED:
            return f"repeats something up to {most} times"
        if len(repeated) != 1 or repeated[0][0] not in (code.LITERAL, code.NOT_LITERAL, code.IN, code.ANY):
            return "repeats a group, which can take for ever"
    return f"has {endless} repetitions without an end" if endless > MOST_ENDLESS else ""


def _operations(parsed: Any) -> Iterator[tuple[Any, Any]]:
    """All operations of a parsed expression, at whatever depth."""
    for operation, argument in parsed:
        yield operation, argument
        for inner in _inner(argument):
            yield from _operations(inner)


def _inner(argument: Any) -> Sequence[Any]:
    if isinstance(argument, parser.SubPattern):
        return [argument]
    if isinstance(argument, (tuple, list)):
        return [inner for part in argument for inner in _inner(part)]
    return []

"""How does a newer list of machines take the place of the one in use, with nothing in it that could do harm?"""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from crawleruseragents import CRAWLER_USER_AGENTS_DATA

from catalog.clicks.bot_list import LARGEST_BYTES, BotListError, read_bot_list
from catalog.http import Door, DoorError

# A list that lost more than a tenth of its patterns was cut off on the way, or is another list.
LEAST_SHARE = 0.9


@dataclass(frozen=True, slots=True, kw_only=True)
class BotListChange:
    """What is different from now on; `refused`: patterns that are not used, each with the reason."""

    patterns: int
    added: tuple[str, ...]
    removed: tuple[str, ...]
    refused: tuple[tuple[str, str], ...]


def update_bot_list(*, origin: str, kept: Path, door: Door, now: datetime, may_shrink: bool = False) -> BotListChange:
    """Read the list at `origin` (an https address or a file), judge it, and put it into use at `kept`.

    Every process of this machine uses it within half a minute. Raises `BotListError`, and then nothing has changed.
    """
    found = read_bot_list(_text(origin, door))
    before = patterns_in_use(kept)
    if len(found.patterns) < LEAST_SHARE * len(before) and not may_shrink:
        raise BotListError(
            f"it has {len(found.patterns)} usable patterns where {len(before)} are in use; if that is meant, say "
            "--may-shrink"
        )
    written = kept.with_name(f"{kept.name}.{os.getpid()}")
    kept.parent.mkdir(parents=True, exist_ok=True)
    written.write_text(json.dumps({"origin": origin, "read_at": now.isoformat(), "patterns": found.patterns}))
    written.replace(kept)
    return BotListChange(
        patterns=len(found.patterns),
        added=tuple(sorted(set(found.patterns) - set(before))),
        removed=tuple(sorted(set(before) - set(found.patterns) - {pattern for pattern, _ in found.refused})),
        refused=found.refused,
    )


def patterns_in_use(kept: Path) -> tuple[str, ...]:
    """The patterns of the list that was stored last, or else those that came with the program."""
    try:
        return tuple(json.loads(kept.read_bytes())["patterns"])
    except (OSError, ValueError, KeyError, TypeError):
        return tuple(entry["pattern"] for entry in CRAWLER_USER_AGENTS_DATA)


def _text(origin: str, door: Door) -> bytes:
    if "://" not in origin:
        try:
            return Path(origin).read_bytes()
        except OSError as error:
            raise BotListError(f"the file cannot be read: {error.strerror}") from error
    try:
        with door.get(origin, max_bytes=LARGEST_BYTES) as reply:
            if reply.status != 200:
                raise BotListError(f"the server answered {reply.status}")
            return reply.read()
    except DoorError as error:
        raise BotListError(str(error)) from error

"""Who is writing, and by which door? Said at the end of each statement that writes, for the triggers that keep the log.

A trigger can read the words of the statement that woke it (`current_query()`), so whoever acts stands in a comment
there. It costs no question to the database, and nothing stays behind in a connection that a pooler hands on or in a
transaction of which a part is taken back. Read by `reviews_written_by()` (migration 0029 of reviews).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any, Literal

Door = Literal["admin", "api", "command", "site", "task"]

# What a trigger reads at most; longer names lose their end.
NAME_LENGTH = 60

_WRITES = re.compile(
    r"\s*(?:INSERT|UPDATE|DELETE|MERGE|CALL|DO)\b|\s*WITH\b.*\b(?:INSERT|UPDATE|DELETE|MERGE)\b",
    re.IGNORECASE | re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class Actor:
    """`name`: a user's, a key's first letters, a command's or a task's; empty for a reader, of whom nothing is noted.

    `user_id`: who did it, or who had it done by a task. `key`: the first letters of the key that had a task do it.
    """

    door: Door
    name: str = ""
    user_id: int | None = None
    key: str = ""

    @property
    def mark(self) -> str:
        """An SQL comment. In hexadecimal digits no name ends it, and none has a percent sign."""
        name = f"{self.name} for API key {self.key}" if self.key else self.name
        return f"/*by {self.door} {self.user_id or ''} {name[:NAME_LENGTH].encode().hex()}*/"


Who = Callable[[], Actor]

_who: ContextVar[Who | None] = ContextVar("who_is_writing", default=None)


def current_actor() -> Actor | None:
    """None where nobody said so: a thread of ours, a program that is no command."""
    who = _who.get()
    return who() if who else None


@contextmanager
def acting(who: Who) -> Iterator[None]:
    """`who` is asked when something is written, so that reading costs nothing."""
    before = _who.set(who)
    try:
        yield
    finally:
        _who.reset(before)


def say_who(execute: Callable[..., Any], sql: Any, params: Any, many: bool, context: dict[str, Any]) -> Any:
    """One of Django's execute wrappers."""
    if _who.get() is not None and isinstance(sql, str) and _WRITES.match(sql) and (actor := current_actor()):
        # On a line of its own: the statement may end in a comment of its own.
        sql = f"{sql}\n{actor.mark}"
    return execute(sql, params, many, context)

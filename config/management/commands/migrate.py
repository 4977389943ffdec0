"""`manage.py migrate`, as Django has it, on a site that goes on: it waits for no lock longer than readers can.

Changing a table needs it alone for a moment. Whoever waits for that behind a long query makes all others wait behind
himself; so each wait ends after `--lock-seconds`, the step is taken back, and tried again when others had their turn.
What is built CONCURRENTLY stands in nobody's way and may wait.

Whoever has shut one table and waits for another can meet a reader who holds that one and waits for the first. After
`deadlock_timeout` (1 s, a superuser's setting) PostgreSQL ends whichever of the two looks first, and that may be the
reader; so a step that has a table already gives way long before.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import psycopg
from django.core.management.base import CommandError, CommandParser
from django.core.management.commands.migrate import Command as Migrate
from django.db import OperationalError, connections

TRIES = 20
SECONDS_BETWEEN = 2.0
# How long a step that shuts one table already waits for another: well below `deadlock_timeout`.
HOLDING_MS = 200

_HOLDS = """
SELECT EXISTS (
    SELECT FROM pg_locks
    WHERE pid = pg_backend_pid() AND locktype = 'relation' AND granted
      AND mode IN ('ShareLock', 'ShareRowExclusiveLock', 'ExclusiveLock', 'AccessExclusiveLock')
)
"""


class Command(Migrate):
    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument(
            "--lock-seconds",
            type=int,
            default=3,
            help="how long a step may wait for a table before it lets others pass and is tried again; 0: for ever",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        connection, seconds = connections[options["database"]], options["lock_seconds"]
        for last in range(TRIES - 1, -1, -1):
            try:
                with connection.execute_wrapper(Impatient(seconds)):
                    super().handle(*args, **options)
            except OperationalError as error:
                if not isinstance(error.__cause__, psycopg.errors.LockNotAvailable):
                    raise
                connection.close()
                if not last:
                    raise CommandError(
                        f"A table was busy at each of {TRIES} tries of {seconds} seconds; what was done before stands. "
                        "Look who holds it (pg_stat_activity, the oldest xact_start), then migrate again."
                    ) from error
                self.stdout.write(f"  A table is busy; readers first. {last} more tries.")
                time.sleep(SECONDS_BETWEEN)
            else:
                # Whoever called us from a program goes on with this session.
                with connection.cursor() as cursor:
                    cursor.execute("RESET lock_timeout")
                return


class Impatient:
    """Has PostgreSQL give up waiting for a lock, but where the statement locks nobody out."""

    def __init__(self, seconds: int) -> None:
        self._milliseconds = seconds * 1000
        self._told: dict[int, int] = {}

    def __call__(self, execute: Callable[..., Any], sql: str, params: Any, many: bool, context: dict[str, Any]) -> Any:
        session = context["connection"].connection
        if session is not None and not context["connection"].needs_rollback:
            # Not over Django's cursor: that would ask this very wrapper. Outside of a transaction it lasts.
            with session.cursor() as cursor:
                patience = self._patience(cursor, sql, in_transaction=context["connection"].in_atomic_block)
                if self._told.get(id(session)) != patience:
                    cursor.execute(f"SET lock_timeout = '{patience}ms'")
                    self._told[id(session)] = patience
        return execute(sql, params, many, context)

    def _patience(self, cursor: Any, sql: str, *, in_transaction: bool) -> int:
        """How many milliseconds this statement may wait for a lock; 0: for ever."""
        if "CONCURRENTLY" in str(sql).upper() or not self._milliseconds:
            return 0
        if in_transaction and cursor.execute(_HOLDS).fetchone()[0]:
            return min(self._milliseconds, HOLDING_MS)
        return self._milliseconds

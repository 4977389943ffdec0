"""How does it stand on the database's side that a copy is being handed over, without a wait of its own?

The last copy's end and the next one's beginning are one prepared statement. `send` does not wait for it, so that the
mail server can be asked about the next reader meanwhile; `made` does, and the letter goes out after that.
"""

from __future__ import annotations

import itertools
import select
from datetime import datetime
from typing import Any

from django.db import DatabaseError, connection
from psycopg import pq

_MARK = b"""
    UPDATE readers_delivery SET
        state = CASE WHEN id = $1 THEN 'sending' ELSE $3 END,
        claimed_at = CASE WHEN id = $1 THEN $6 ELSE claimed_at END,
        sent_at = CASE WHEN id = $2 AND $3 = 'sent' THEN $6 ELSE sent_at END,
        not_before = CASE WHEN id = $2 THEN $5 ELSE not_before END,
        tries = CASE WHEN id = $2 THEN tries + 1 ELSE tries END,
        reply = CASE WHEN id = $2 THEN $4 ELSE reply END
    WHERE (id = $1 AND state = 'claimed') OR (id = $2 AND state = 'sending')
    RETURNING id
"""
# bigint, text and timestamptz, by their numbers in every PostgreSQL.
_TYPES = (20, 20, 25, 25, 1184, 1184)
_numbers = itertools.count(1)


class Marks:
    """Of one sender, on Django's own connection; `close` when it ends."""

    def __init__(self) -> None:
        connection.ensure_connection()
        self._wire: pq.abc.PGconn = connection.connection.pgconn
        self._name = f"readers_mark_{next(_numbers)}".encode()
        self._is_asked = False
        _checked(self._wire.prepare(self._name, _MARK, _TYPES))

    def send(
        self,
        *,
        following: int | None,
        now: datetime,
        last: int | None = None,
        state: str = "",
        reply: str = "",
        not_before: datetime | None = None,
    ) -> None:
        """What became of the copy `last`, and that `following` is next. Nothing else may be asked before `made`."""
        self._is_asked = True
        values = (following, last, state, reply.replace("\0", ""), not_before, now)
        self._wire.send_query_prepared(self._name, [_text(value) for value in values])
        while self._wire.flush():
            select.select([], [self._wire.socket], [])

    def made(self) -> set[int]:
        """Which of the two could be written, committed; none where nothing was asked. Raises `DatabaseError`."""
        if not self._is_asked:
            return set()
        self._is_asked = False
        found: set[int] = set()
        trouble: DatabaseError | None = None
        while (result := self._wire.get_result()) is not None:
            try:
                _checked(result)
            except DatabaseError as error:
                trouble = error
                continue
            found |= {int(result.get_value(row, 0) or b"0") for row in range(result.ntuples)}
        if trouble is not None:
            raise trouble
        return found

    def close(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute(f"DEALLOCATE {self._name.decode()}")


def _text(value: Any) -> bytes | None:
    if value is None:
        return None
    return (value.isoformat() if isinstance(value, datetime) else str(value)).encode()


def _checked(result: pq.abc.PGresult) -> None:
    if result.status not in (pq.ExecStatus.TUPLES_OK, pq.ExecStatus.COMMAND_OK):
        raise DatabaseError(result.error_message.decode("utf-8", "replace"))

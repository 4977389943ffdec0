"""Every line of this process to PostgreSQL, so that somebody beside can cut them all and have no new one begun."""

from __future__ import annotations

import contextlib
import os
import socket
import threading
import weakref
from typing import Any

import psycopg

AWAY = "PostgreSQL does not answer; nothing is asked of it until it does."


class Lines:
    """`is_away`: no line is begun meanwhile. `connect_seconds`: how long a new one may take, where the URL says nothing
    else; None: as long as it takes. Safe for threads."""

    def __init__(self) -> None:
        self.is_away = False
        self.connect_seconds: int | None = None
        self._lock = threading.Lock()
        self._lines: weakref.WeakSet[psycopg.Connection[Any]] = weakref.WeakSet()

    def refuse_if_away(self) -> None:
        if self.is_away:
            raise psycopg.OperationalError(AWAY)

    def note(self, line: psycopg.Connection[Any]) -> None:
        with self._lock:
            self._lines.add(line)

    def cut(self) -> int:
        """Whoever waits on a line hears that it is closed; how many lines there were."""
        with self._lock:
            lines = [line for line in self._lines if not line.closed]
        for line in lines:
            with contextlib.suppress(OSError, psycopg.Error), socket.socket(fileno=os.dup(line.fileno())) as end:
                end.shutdown(socket.SHUT_RDWR)
        return len(lines)


LINES = Lines()

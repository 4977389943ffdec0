"""What does a web process do when PostgreSQL hangs? It stops waiting, so that links and kept pages go on.

A thread looks whether a request has been in Django for long. If so, it asks PostgreSQL for a line of its own: is it
given one, the request is merely slow, and is left alone. If not, all lines of the process are cut: what waited on them
fails as if the server were gone, and nothing is asked of it until it gives out lines again.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterable
from typing import Any

import psycopg
from django.db import connections

from config.postgresql.lines import LINES, Lines

log = logging.getLogger(__name__)

Environ = dict[str, Any]
Application = Callable[[Environ, Callable[..., Any]], Iterable[bytes]]

# A request that is in Django for so long gives reason to ask, and so long the server has to answer (psycopg's least).
SUSPICIOUS_SECONDS, ANSWER_SECONDS = 1.0, 2
# A line that is being begun cannot be cut: it is given up at about the same time.
CONNECT_SECONDS = 3
_EVERY_SECONDS = 0.25


class Watch:
    """`answers`: does PostgreSQL give out a line in time?"""

    def __init__(self, lines: Lines, answers: Callable[[], bool]) -> None:
        self._lines, self._answers = lines, answers
        self._since: dict[int, float] = {}

    def begin(self) -> None:
        threading.Thread(target=self._look_on, name="hanging database", daemon=True).start()

    def over(self, application: Application) -> Application:
        """The application, each of whose requests is watched until it has its answer."""

        def watched(environ: Environ, start_response: Callable[..., Any]) -> Iterable[bytes]:
            thread = threading.get_ident()
            self._since[thread] = time.monotonic()
            try:
                return application(environ, start_response)
            finally:
                self._since.pop(thread, None)

        return watched

    def look(self) -> None:
        """Once: cut what hangs, or take a server back that answers again."""
        if self._lines.is_away:
            self._lines.is_away = not self._answers()
            if not self._lines.is_away:
                log.warning("PostgreSQL answers again.")
            return
        oldest = min([*self._since.values()], default=None)
        if oldest is None or time.monotonic() - oldest < SUSPICIOUS_SECONDS or self._answers():
            return
        self._lines.is_away = True
        log.error("PostgreSQL does not answer: %d lines to it are cut, and pages that need it fail.", self._lines.cut())

    def _look_on(self) -> None:
        while True:
            time.sleep(_EVERY_SECONDS)
            self.look()


def gives_out_lines() -> bool:
    """Asked beside all lines there are, within `ANSWER_SECONDS`."""
    asked = connections["default"].get_connection_params() | {"connect_timeout": ANSWER_SECONDS}
    try:
        psycopg.connect(**asked).close()
    except psycopg.Error:
        return False
    return True


def requests_watched(application: Application) -> Application:
    """For a web process: the application, watched by a thread that begins now."""
    LINES.connect_seconds = CONNECT_SECONDS
    watch = Watch(LINES, gives_out_lines)
    watch.begin()
    return watch.over(application)

"""How often is each page given out? Counted in memory, handed to Redis every few seconds, so that no page waits for it.

A view is a day, a path and whether a person seems to have asked; no address, no cookie, nothing of who it was. It is
the denominator of a rate, not a ledger: a killed process takes the views of its last seconds with it.
"""

from __future__ import annotations

import atexit
import logging
import os
import threading
from collections import Counter
from functools import cache

from django.conf import settings
from redis import Redis
from redis.exceptions import RedisError

log = logging.getLogger(__name__)

FLUSH_SECONDS = 5.0
# Only pages that exist are counted, and what was counted stays in memory only while Redis is away.
MOST_COUNTED = 50_000
LONGEST_PATH = 300
WAITING = "views:waiting"
# Days wait this long for the worker that stores them.
KEPT_SECONDS = 8 * 86_400

Seen = tuple[str, str, bool]
"""The day (ISO, in the site's time zone), the path, and whether it was a person's view."""


def field(seen: Seen) -> str:
    """The field of the waiting hash in which Redis counts these views."""
    day, path, is_net = seen
    return f"{day} {'1' if is_net else '0'} {path}"


def seen_of(name: str) -> Seen:
    """What a field of the waiting hash counts. Raises ValueError."""
    day, is_net, path = name.split(" ", 2)
    return day, path, is_net == "1"


class ViewCounter:
    """This process's views, or what else is counted like them under a name of its own in Redis (`waiting`).

    Safe for threads; a forked child counts its own.
    """

    def __init__(self, redis: Redis, *, waiting: str = WAITING) -> None:
        self._redis = redis
        self._waiting = waiting
        self._begin()
        atexit.register(self.flush)
        os.register_at_fork(after_in_child=self._begin)

    def _begin(self) -> None:
        self._lock = threading.Lock()
        self._counted: Counter[Seen] = Counter()
        self._thread: threading.Thread | None = None
        self._is_away = False

    def count(self, day: str, path: str, *, is_net: bool) -> None:
        """Never raises and never waits for anything outside this process."""
        with self._lock:
            seen = (day, path[:LONGEST_PATH], is_net)
            if seen in self._counted or len(self._counted) < MOST_COUNTED:
                self._counted[seen] += 1
            if self._thread is None:
                self._thread = threading.Thread(target=self._keep_flushing, name="page views", daemon=True)
                self._thread.start()

    def flush(self) -> None:
        """Hand what was counted to Redis; while Redis is away it waits here."""
        with self._lock:
            counted, self._counted = self._counted, Counter()
        if not counted:
            return
        try:
            with self._redis.pipeline(transaction=True) as pipe:
                for seen, times in counted.items():
                    pipe.hincrby(self._waiting, field(seen), times)
                pipe.expire(self._waiting, KEPT_SECONDS)
                pipe.execute()
            self._is_away = False
        except RedisError as error:
            if not self._is_away:
                log.warning("Page views wait in memory while Redis does not answer (%s).", error)
            self._is_away = True
            with self._lock:
                for seen, times in counted.items():
                    if seen in self._counted or len(self._counted) < MOST_COUNTED:
                        self._counted[seen] += times

    def _keep_flushing(self) -> None:
        pause = threading.Event()
        while not pause.wait(FLUSH_SECONDS):
            self.flush()


@cache
def view_counter() -> ViewCounter:
    """The site's own counter."""
    return ViewCounter(Redis.from_url(settings.REDIS_URL, socket_timeout=1, socket_connect_timeout=1))

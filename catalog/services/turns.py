"""Whose turn is it at a host? One request at a time from all workers together, with a rest after each.

The turns are keys in Redis that end by themselves, so that a killed worker holds a host for a minute at most. When
Redis is away nothing is asked.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

from django.conf import settings
from redis import Redis
from redis.exceptions import RedisError

from catalog.services import pace

# Longer than the door lets one request take.
_HELD_FOR = 60.0
_LONGEST_WAIT = 5.0
_WITHOUT_REDIS = 60.0
_STEP = 0.02


class BusyError(Exception):
    """Not now: the host asked for rest, or others of us are at it. Go on after `retry_after` seconds."""

    def __init__(self, message: str, *, retry_after: float) -> None:
        super().__init__(message)
        self.retry_after = retry_after


@contextmanager
def turn_at(url: str, *, rest: float) -> Iterator[None]:
    """Our turn at the address' host; afterwards nobody asks it for `rest` seconds. Raises `BusyError`."""
    host = urlsplit(url).netloc.lower()
    try:
        away = pace.host_open_at(url)
        if away > 0:
            raise BusyError(f"{host} is left alone for a while.", retry_after=away)
        _wait_for(host, until=time.monotonic() + rest + _LONGEST_WAIT)
    except RedisError as error:
        raise BusyError(
            "The shared turns are not reachable, so nothing is asked.", retry_after=_WITHOUT_REDIS
        ) from error
    try:
        yield
    finally:
        _rest(host, rest)


def _wait_for(host: str, *, until: float) -> None:
    redis = Redis.from_url(settings.REDIS_URL, socket_timeout=5)
    try:
        while not redis.set(_key(host), "1", nx=True, px=int(_HELD_FOR * 1000)):
            if time.monotonic() > until:
                raise BusyError(f"Others of us are asking {host}.", retry_after=_HELD_FOR)
            time.sleep(_STEP)
    finally:
        redis.close()


def _rest(host: str, seconds: float) -> None:
    redis = Redis.from_url(settings.REDIS_URL, socket_timeout=5)
    try:
        redis.set(_key(host), "1", px=max(int(seconds * 1000), 1))
    except RedisError:
        return  # the turn ends by itself
    finally:
        redis.close()


def _key(host: str) -> str:
    return f"destinations:turn:{host}"

"""When did each task last end well, how often did it fail? Written by the worker that ran it, read by `/metrics`."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Mapping
from functools import cache

from celery import current_app
from celery.signals import task_failure, task_success
from django.conf import settings
from redis import Redis
from redis.exceptions import RedisError

DONE, FAILED = "earmark:tasks:done", "earmark:tasks:failed"
# No task, and kept beside them: `manage.py backup` is started by whoever keeps backups.
BACKUP = "backup"
# A task of the timetable is late when three of its rounds and this much passed without one that ended well.
ROUNDS, GRACE_SECONDS = 3, 600


@cache
def _redis(url: str) -> Redis:
    return Redis.from_url(url)


# A task that is done stays done, whether it could be noted or not.


@task_success.connect
def _note_end(sender: object, **_: object) -> None:
    with contextlib.suppress(RedisError):
        _redis(settings.REDIS_URL).hset(DONE, _name(sender), str(int(time.time())))


@task_failure.connect
def _note_failure(sender: object, **_: object) -> None:
    with contextlib.suppress(RedisError):
        _redis(settings.REDIS_URL).hincrby(FAILED, _name(sender), 1)


def _name(sender: object) -> str:
    return str(getattr(sender, "name", "?"))


def note_backup() -> None:
    with contextlib.suppress(RedisError):
        _redis(settings.REDIS_URL).hset(DONE, BACKUP, str(int(time.time())))


def intervals() -> Mapping[str, float]:
    """Seconds between two rounds of each task of the timetable, by its name."""
    return {entry["task"]: float(entry["schedule"]) for entry in current_app.conf.beat_schedule.values()}


def overdue(now: float) -> Mapping[str, float]:
    """By how many seconds each task that ever ended well is late, 0 where it is not. Raises `RedisError`."""
    ends = last_ends()
    return {
        name: max(0.0, now - ends[name] - ROUNDS * every - GRACE_SECONDS)
        for name, every in sorted(intervals().items())
        if name in ends
    }


def last_ends() -> Mapping[str, int]:
    """Seconds since 1970 at which each task last ended well, by its name. Raises `RedisError`."""
    return _numbers(DONE)


def failures() -> Mapping[str, int]:
    """How often each task failed since Redis was emptied, by its name. Raises `RedisError`."""
    return _numbers(FAILED)


def _numbers(key: str) -> dict[str, int]:
    found = _redis(settings.REDIS_URL).hgetall(key)
    return {name.decode() if isinstance(name, bytes) else name: int(number) for name, number in found.items()}

"""When did each task last end well, how long did it take, how often and how did it fail?

Written by the worker that ran it, read by `/metrics`, by alarms and by the page of jobs. The words of a failure are
kept as the log has them: without what is nobody's business.
"""

from __future__ import annotations

import contextlib
import json
import threading
import time
from collections.abc import Mapping
from functools import cache

from celery import current_app
from celery.signals import task_failure, task_prerun, task_success
from django.conf import settings
from redis import Redis
from redis.exceptions import RedisError

from config.log_hiding import hide

DONE, FAILED = "earmark:tasks:done", "earmark:tasks:failed"
TOOK, WORDS = "earmark:tasks:took", "earmark:tasks:words"
MOST_WORDS = 300
# No task, and kept beside them: `manage.py backup` is started by whoever keeps backups.
BACKUP = "backup"
# A task of the timetable is late when three of its rounds and this much passed without one that ended well.
ROUNDS, GRACE_SECONDS = 3, 600


@cache
def _redis(url: str) -> Redis:
    return Redis.from_url(url, **settings.REDIS_PATIENCE)


_begun = threading.local()


@task_prerun.connect
def _note_begin(**_: object) -> None:
    _begun.at = time.monotonic()


# A task that is done stays done, whether it could be noted or not.


@task_success.connect
def _note_end(sender: object, **_: object) -> None:
    took = time.monotonic() - getattr(_begun, "at", time.monotonic())
    with contextlib.suppress(RedisError), _redis(settings.REDIS_URL).pipeline(transaction=False) as line:
        line.hset(DONE, _name(sender), str(int(time.time())))
        line.hset(TOOK, _name(sender), f"{took:.3f}")
        line.execute()


@task_failure.connect
def _note_failure(sender: object, exception: object = None, **_: object) -> None:
    words = hide(f"{type(exception).__name__}: {exception}")[:MOST_WORDS]
    with contextlib.suppress(RedisError), _redis(settings.REDIS_URL).pipeline(transaction=False) as line:
        line.hincrby(FAILED, _name(sender), 1)
        line.hset(WORDS, _name(sender), json.dumps({"at": int(time.time()), "words": words}))
        line.execute()


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


def durations() -> Mapping[str, float]:
    """Seconds that the last round of each task took that ended well. Raises `RedisError`."""
    return {name: float(value) for name, value in _texts(TOOK).items()}


def last_failures() -> Mapping[str, tuple[int, str]]:
    """When each task last failed (seconds since 1970), and in what words. Raises `RedisError`."""
    found = {name: json.loads(value) for name, value in _texts(WORDS).items()}
    return {name: (int(one["at"]), str(one["words"])) for name, one in found.items()}


def _numbers(key: str) -> dict[str, int]:
    return {name: int(number) for name, number in _texts(key).items()}


def _texts(key: str) -> dict[str, str]:
    found = _redis(settings.REDIS_URL).hgetall(key)
    return {_text(name): _text(value) for name, value in found.items()}


def _text(value: bytes | str) -> str:
    return value.decode() if isinstance(value, bytes) else value

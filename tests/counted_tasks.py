"""A task that counts how often it ended, for tests of workers that are stopped and killed."""

from __future__ import annotations

import time

from celery import shared_task
from django.conf import settings
from redis import Redis

STARTED, ENDED = "tests:counted:started", "tests:counted:ended"


@shared_task
def count(number: int, seconds: float) -> None:
    with Redis.from_url(settings.REDIS_URL) as redis:
        redis.hincrby(STARTED, str(number), 1)
        time.sleep(seconds)
        redis.hincrby(ENDED, str(number), 1)

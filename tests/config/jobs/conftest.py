"""A Redis that knows of no task's end, and forgets them afterwards."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.conf import settings
from redis import Redis

from config import task_ages

KEYS = (task_ages.DONE, task_ages.FAILED, task_ages.TOOK, task_ages.WORDS)


@pytest.fixture
def redis() -> Iterator[Redis]:
    client = Redis.from_url(settings.REDIS_URL)
    client.delete(*KEYS)
    yield client
    client.delete(*KEYS)

"""Work in the background: Celery on the same Redis."""

from __future__ import annotations

from config import env
from config.settings.storage import REDIS_URL


def celery_url(redis_url: str) -> str:
    """Celery spells a Redis behind a unix socket differently from redis-py: same place, other words."""
    if not redis_url.startswith("unix://"):
        return redis_url
    path, _, query = redis_url.removeprefix("unix://").partition("?")
    return f"redis+socket://{path}?virtual_host={query.removeprefix('db=') or 0}"


CELERY_BROKER_URL = celery_url(REDIS_URL)
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
# Parsing merchants' pages leaks memory in C libraries: a worker process retires after this many tasks.
CELERY_WORKER_MAX_TASKS_PER_CHILD = 500
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TIMEZONE = "UTC"
CELERY_TASK_TIME_LIMIT = 900
CELERY_TASK_SOFT_TIME_LIMIT = 840
# A file that each heartbeat touches, for whoever asks how the worker is: empty for none.
WORKER_ALIVE_FILE = env.text("WORKER_ALIVE_FILE")

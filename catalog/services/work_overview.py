"""What waits for the workers, beside the merchants: how long is the queue, which imports run?"""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from redis import Redis
from redis.exceptions import RedisError

from catalog.models import FeedImport

# The list that Celery keeps its default queue in.
QUEUE = "celery"


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportAtWork:
    pk: int
    name: str
    state: str
    done: int
    total: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkWaiting:
    """`queued`: tasks that no worker has taken yet; None when Redis is away."""

    queued: int | None
    imports: tuple[ImportAtWork, ...]


def work_waiting() -> WorkWaiting:
    """One query and one look into Redis."""
    states = [FeedImport.State.QUEUED, FeedImport.State.RUNNING]
    rows = FeedImport.objects.filter(state__in=states).select_related("merchant").order_by("created_at")[:20]
    return WorkWaiting(
        queued=_queued(),
        imports=tuple(
            ImportAtWork(
                pk=row.pk, name=str(row), state=row.get_state_display(), done=row.position, total=row.rows_total
            )
            for row in rows
        ),
    )


def _queued() -> int | None:
    with Redis.from_url(settings.REDIS_URL, **settings.REDIS_PATIENCE) as redis:
        try:
            return int(str(redis.llen(QUEUE)))
        except RedisError:
            return None

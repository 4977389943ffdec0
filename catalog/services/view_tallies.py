"""How do counted page views get from Redis into the tallies of their days?"""

from __future__ import annotations

import logging
from collections import defaultdict
from datetime import date

from django.conf import settings
from django.db import connection, transaction
from redis import Redis
from redis.exceptions import ResponseError

from catalog.page_views import KEPT_SECONDS, WAITING, Seen, seen_of

log = logging.getLogger(__name__)

_TAKEN = "views:taken"
_ADD = """
INSERT INTO catalog_viewtally (day, path, views, net_views)
SELECT * FROM unnest(%s::date[], %s::text[], %s::int[], %s::int[])
ON CONFLICT (day, path) DO UPDATE SET views = catalog_viewtally.views + excluded.views,
    net_views = catalog_viewtally.net_views + excluded.net_views
"""


def store_views() -> int:
    """Add the views that wait in Redis to their days; how many there were. One worker at a time.

    What a killed worker had taken is stored by the next one. A worker that dies between the last two steps loses its
    round of views rather than counting it twice. Raises `redis.exceptions.RedisError` and `django.db.Error`.
    """
    redis = Redis.from_url(settings.REDIS_URL, socket_timeout=10)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(hashtext('catalog.view_tallies'))")
        if not cursor.fetchone()[0]:
            return 0
        counted = taken(redis)
        rows = _rows(counted)
        if rows:
            cursor.execute(_ADD, [list(column) for column in zip(*rows, strict=True)])
        redis.delete(_TAKEN)
    return sum(views for _, _, views, _ in rows)


def taken(redis: Redis, waiting: str = WAITING, mine: str = _TAKEN) -> dict[Seen, int]:
    """What waits in one hash, taken into another that is deleted once it is stored."""
    if not redis.exists(mine):
        try:
            redis.rename(waiting, mine)
            redis.expire(mine, KEPT_SECONDS)
        except ResponseError:  # nothing waits
            return {}
    found: dict[Seen, int] = {}
    for name, times in redis.hgetall(mine).items():
        try:
            seen = seen_of(name.decode() if isinstance(name, bytes) else name)
            date.fromisoformat(seen[0])
            found[seen] = int(times)
        except ValueError:
            log.error("%r is no count of views; it is left out.", name)
    return found


def _rows(counted: dict[Seen, int]) -> list[tuple[str, str, int, int]]:
    """Days, paths, views and people's views, in one order for everybody who writes here."""
    sums: dict[tuple[str, str], list[int]] = defaultdict(lambda: [0, 0])
    for (day, path, is_net), times in counted.items():
        both = sums[day, path]
        both[0] += times
        both[1] += times if is_net else 0
    return sorted((day, path, views, net) for (day, path), (views, net) in sums.items() if "\0" not in path)

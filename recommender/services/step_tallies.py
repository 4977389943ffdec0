"""How do counted steps, and the answers of results, get from Redis into their tables, and when do they go?"""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime, timedelta

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone
from redis import Redis

from catalog.services.view_tallies import taken
from recommender.models import RecentNeeds, StepTally
from recommender.step_counts import TAKEN, WAITING
from recommender.steps import answers_in, steps_in

# A year and a month: so that a month can be laid beside the same one of the year before.
KEPT = timedelta(days=400)
# So many different answers for which a result was shown are kept, the latest.
MOST_NEEDS = 500
_ADD = """
INSERT INTO recommender_steptally (day, version, step, subject, option, times)
SELECT * FROM unnest(%s::date[], %s::text[], %s::text[], %s::text[], %s::text[], %s::int[])
ON CONFLICT (day, version, step, subject, option) DO UPDATE SET times = recommender_steptally.times + excluded.times
"""

_ADD_NEEDS = """
INSERT INTO recommender_recentneeds (said, day) SELECT * FROM unnest(%s::text[], %s::date[])
ON CONFLICT (said) DO UPDATE SET day = greatest(recommender_recentneeds.day, excluded.day)
"""

Row = tuple[str, str, str, str, str]


def store_steps() -> int:
    """Add the steps that wait in Redis to their days, and keep the answers of results; how many steps there were.

    One worker at a time.

    A worker that dies between the last two lines loses its round rather than counting it twice. Raises
    `redis.exceptions.RedisError` and `django.db.Error`.
    """
    redis = Redis.from_url(settings.REDIS_URL, socket_timeout=10)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(hashtext('recommender.step_tallies'))")
        if not cursor.fetchone()[0]:
            return 0
        counted: Counter[Row] = Counter()
        lately: dict[str, str] = {}
        for (day, said, _), times in taken(redis, WAITING, TAKEN).items():
            version, steps = steps_in(said)
            if answers := answers_in(said):
                lately[answers] = max(day, lately.get(answers, ""))
            for step in steps:
                counted[day, version, step.kind, step.subject, step.option] += times
        rows = sorted((*row, times) for row, times in counted.items())
        if rows:
            cursor.execute(_ADD, [list(column) for column in zip(*rows, strict=True)])
        if lately:
            cursor.execute(_ADD_NEEDS, [list(lately), list(lately.values())])
            RecentNeeds.objects.exclude(pk__in=RecentNeeds.objects.values("pk")[:MOST_NEEDS]).delete()
        redis.delete(TAKEN)
    return sum(counted.values())


@transaction.atomic
def forget_old_steps(*, now: datetime) -> int:
    """Delete the tallies and answers of days longer ago than `KEPT` (in the site's time zone); how many tallies."""
    first: date = timezone.localdate(now) - KEPT
    RecentNeeds.objects.filter(day__lt=first).delete()
    return StepTally.objects.filter(day__lt=first).delete()[0]

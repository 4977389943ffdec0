"""When are changes of links forgotten, of which every process has heard?"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import connection

# Longer than a process reads only what changed (`link_table.LONGEST_AWAY_SECONDS`).
KEPT = timedelta(days=1)


def forget_link_changes(*, now: datetime) -> int:
    """How many are gone that are more than a day old."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM catalog_linkchange WHERE changed_at < %s", [now - KEPT])
        return int(cursor.rowcount)

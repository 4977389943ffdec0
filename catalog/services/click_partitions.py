"""Which months of clicks have a table of their own, and which are old enough to go?"""

from __future__ import annotations

import logging
import re
from datetime import UTC, datetime, timedelta
from functools import lru_cache

from django.conf import settings
from django.db import connection, transaction

logger = logging.getLogger(__name__)

MONTHS_AHEAD = 2
CLOCKS_AGREE_WITHIN = timedelta(hours=1)
_PARTITION = re.compile(r"catalog_click_(\d{4})_(\d{2})")


@lru_cache(maxsize=1)
def partitions_ready(year: int, month: int) -> None:
    """Once per process and month, so that a new site's first click finds its month already there."""
    make_click_partitions(now=datetime(year, month, 1, tzinfo=UTC))


def make_click_partitions(*, now: datetime) -> list[str]:
    """Make the tables of this month and the next two (UTC), and of kept months whose clicks came before their table.

    The names of the new ones. Clicks that lie in the default partition move into their month's table; those of a time
    that cannot be right (a clock that jumped) stay where they are.
    """
    wanted = {month_start(now, ahead) for ahead in range(MONTHS_AHEAD + 1)}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT date_trunc('month', clicked_at, 'UTC') FROM catalog_click_default"
            " WHERE clicked_at >= %s AND clicked_at < %s",
            [_keep_from(now), month_start(now, MONTHS_AHEAD + 1)],
        )
        wanted |= {start for (start,) in cursor.fetchall()}
    return [name for start in sorted(wanted) if (name := _made(start))]


@transaction.atomic
def _made(start: datetime) -> str:
    """The name of this month's table when it is new, else nothing."""
    name, end = f"catalog_click_{start:%Y_%m}", month_start(start, 1)
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_regclass(%s)", [name])
        if cursor.fetchone()[0] is not None:
            return ""
        # Nobody stores a click of this month between the look and the table; in the order in which clicks are stored.
        cursor.execute("LOCK TABLE catalog_click IN SHARE UPDATE EXCLUSIVE MODE")
        cursor.execute("LOCK TABLE catalog_click_default IN ACCESS EXCLUSIVE MODE")
        cursor.execute("SELECT to_regclass(%s)", [name])
        if cursor.fetchone()[0] is not None:
            return ""
        cursor.execute(f"CREATE TABLE {name} (LIKE catalog_click INCLUDING DEFAULTS INCLUDING CONSTRAINTS)")
        early = "DELETE FROM catalog_click_default WHERE clicked_at >= %s AND clicked_at < %s RETURNING *"
        cursor.execute(f"WITH early AS ({early}) INSERT INTO {name} SELECT * FROM early", [start, end])  # noqa: S608
        moved = cursor.rowcount
        cursor.execute(f"ALTER TABLE catalog_click ATTACH PARTITION {name} FOR VALUES FROM (%s) TO (%s)", [start, end])
    if moved:
        logger.info("%d clicks that came before the table of %s was there have moved into it.", moved, f"{start:%Y-%m}")
    return name


def drop_old_click_partitions(*, now: datetime) -> list[str]:
    """Drop the months that ended at least settings.CLICK_RETENTION_MONTHS ago; the names of the dropped ones.

    So a click is kept for that many months and at most one more: whole months go, which costs nothing.
    """
    keep_from = _keep_from(now)
    dropped = []
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT inhrelid::regclass::text FROM pg_inherits WHERE inhparent = 'catalog_click'::regclass")
        for (name,) in cursor.fetchall():
            found = _PARTITION.fullmatch(name)
            if found and datetime(int(found[1]), int(found[2]), 1, tzinfo=UTC) < keep_from:
                cursor.execute(f"DROP TABLE {name}")
                dropped.append(name)
        cursor.execute("DELETE FROM catalog_click_default WHERE clicked_at < %s", [keep_from])
    return dropped


def maintain_click_partitions(*, now: datetime) -> None:
    """Months to come are made, months past their retention are dropped.

    Nothing is dropped by a clock that the database does not agree with: what is dropped does not come back.
    """
    made = make_click_partitions(now=now)
    if apart := clocks_apart(now):
        logger.error("No clicks were dropped: the clocks of this host and of PostgreSQL are %s apart. Set them.", apart)
        return
    dropped = drop_old_click_partitions(now=now)
    logger.info("Click partitions: made %s, dropped %s.", made or "none", dropped or "none")


def clocks_apart(now: datetime) -> timedelta | None:
    """How far PostgreSQL's clock is from `now`, where that is too far to drop anything by."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        moment: datetime = cursor.fetchone()[0]
    apart = abs(now - moment)
    return apart if apart > CLOCKS_AGREE_WITHIN else None


def _keep_from(now: datetime) -> datetime:
    return month_start(now, -settings.CLICK_RETENTION_MONTHS)


def month_start(now: datetime, ahead: int) -> datetime:
    """The first moment (UTC) of the month so many months after this one."""
    years, month = divmod(now.year * 12 + now.month - 1 + ahead, 12)
    return datetime(years, month + 1, 1, tzinfo=UTC)

"""Which months of the log of rows have a table of their own, and which are old enough to go?"""

from __future__ import annotations

import logging
import re
from datetime import UTC, datetime

from django.db import IntegrityError, connection, transaction

from catalog.services.click_partitions import clocks_apart, month_start

logger = logging.getLogger(__name__)

# Two whole years, and what has begun of the month: a budget year can be looked at beside the one before it.
KEPT_MONTHS = 24
MONTHS_AHEAD = 3
_MONTH = re.compile(r"reviews_rowchange_(\d{4})_(\d{2})")


def make_months(*, now: datetime) -> list[str]:
    """The tables of this month and the next three (UTC) are there afterwards; the names of the new ones."""
    return [name for ahead in range(MONTHS_AHEAD + 1) if (name := _made(month_start(now, ahead)))]


def _made(start: datetime) -> str:
    """The name of this month's table when it is new, else nothing."""
    name = f"reviews_rowchange_{start:%Y_%m}"
    if name in _tables():
        return ""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(
                f"CREATE TABLE IF NOT EXISTS {name} PARTITION OF reviews_rowchange FOR VALUES FROM (%s) TO (%s)",
                [start, month_start(start, 1)],
            )
    except IntegrityError:
        # Lines came before the table; nobody may move them, so the rest of their month joins them.
        logger.warning(
            "The log's lines of %s stay in its last table: no worker made that month in time.", f"{start:%Y-%m}"
        )
        return ""
    return name


def drop_old_months(*, now: datetime) -> list[str]:
    """Drop the months that ended `KEPT_MONTHS` ago; the names of the dropped ones."""
    keep_from = month_start(now, -KEPT_MONTHS)
    dropped = []
    with transaction.atomic(), connection.cursor() as cursor:
        for name in _tables():
            found = _MONTH.fullmatch(name)
            if found and datetime(int(found[1]), int(found[2]), 1, tzinfo=UTC) < keep_from:
                cursor.execute(f"DROP TABLE {name}")
                dropped.append(name)
        # What lies in the last table goes together, when the newest of it is old.
        cursor.execute("SELECT max(happened_at) FROM reviews_rowchange_default")
        newest = cursor.fetchone()[0]
        if newest is not None and newest < keep_from:
            cursor.execute("TRUNCATE reviews_rowchange_default")
    return dropped


def tidy_months(*, now: datetime) -> None:
    """Months to come are made, months past their time are dropped; none by a clock the database does not agree with."""
    made = make_months(now=now)
    if apart := clocks_apart(now):
        logger.error("The log was not tidied: the clocks of this host and of PostgreSQL are %s apart. Set them.", apart)
        return
    logger.info("Months of the log of rows: made %s, dropped %s.", made or "none", drop_old_months(now=now) or "none")


def _tables() -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT inhrelid::regclass::text FROM pg_inherits WHERE inhparent = 'reviews_rowchange'::regclass"
        )
        return [name for (name,) in cursor.fetchall()]

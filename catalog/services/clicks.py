"""How do clicks get from the spool into the database, and how do they leave it again?"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path

from django.conf import settings
from django.db import DataError, connection, transaction

from catalog import spool
from catalog.clicks import ClickLineError, ClickRow, parse

logger = logging.getLogger(__name__)

MONTHS_AHEAD = 2
_PARTITION = re.compile(r"catalog_click_(\d{4})_(\d{2})")
_COLUMNS = ", ".join(ClickRow._fields)
_TYPES = ("uuid", "timestamptz", "text", "bool", "text", "text", "text", "text", "text")
# One statement for thousands of rows. A click that was shipped before (the worker died between the database and its
# checkpoint) has the same id and time and changes nothing.
_INSERT = (
    f"INSERT INTO catalog_click ({_COLUMNS}) SELECT * FROM unnest({', '.join(f'%s::{kind}[]' for kind in _TYPES)}) "  # noqa: S608
    "ON CONFLICT (clicked_at, id) DO NOTHING"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Shipment:
    stored: int
    rejected: int


def ship_clicks(*, now: datetime, folder: Path | None = None) -> Shipment:
    """Store every whole line of the spool (settings.CLICK_SPOOL_DIR), also of processes that still write.

    Idempotent; when another process is shipping from the same folder, this one does nothing. A line that is not a
    click goes to a `.rejected` file beside its segment. A database that is away raises its own error: what was not
    stored stays in the spool.
    """
    folder = folder or settings.CLICK_SPOOL_DIR
    stored = rejected = 0
    with spool.only_shipper(folder) as is_ours:
        for segment in spool.segments(folder) if is_ours else ():
            for piece in _pieces(segment):
                rows, bad = _sorted_out(piece.lines, now)
                _partitions_ready(now.year, now.month)
                count, refused = _store(rows)
                for raw, reason in [*bad, *((_as_line(row), reason) for row, reason in refused)]:
                    spool.reject(segment, raw, reason)
                    logger.error("A line of %s is not a click: %s. It is kept in its .rejected file.", segment, reason)
                spool.checkpoint(segment, piece.end)
                stored, rejected = stored + count, rejected + len(bad) + len(refused)
    if stored:
        logger.info("%d clicks stored", stored)
    return Shipment(stored=stored, rejected=rejected)


def _pieces(segment: Path) -> Iterator[spool.Piece]:
    """The segment's unshipped pieces; a finished segment is removed behind its last one."""
    while True:
        piece = spool.next_piece(segment)
        if piece.lines:
            yield piece
        if piece.is_last:
            spool.remove(segment)
            return
        if not piece.lines:
            return


def _sorted_out(lines: Sequence[bytes], now: datetime) -> tuple[list[ClickRow], list[tuple[bytes, str]]]:
    rows, bad = [], []
    for raw in lines:
        try:
            rows.append(parse(raw, now=now))
        except ClickLineError as error:
            bad.append((raw, str(error)))
    return rows, bad


def _store(rows: Sequence[ClickRow]) -> tuple[int, list[tuple[ClickRow, str]]]:
    """How many rows are new in the database, and the ones it refuses with its reason.

    A refused batch is halved until the culprit is alone: one bad click never holds up the others.
    """
    if not rows:
        return 0, []
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(_INSERT, [list(column) for column in zip(*rows, strict=True)])
            return cursor.rowcount, []
    except DataError as error:
        if len(rows) == 1:
            return 0, [(rows[0], str(error).splitlines()[0])]
    half = len(rows) // 2
    first, second = _store(rows[:half]), _store(rows[half:])
    return first[0] + second[0], first[1] + second[1]


def _as_line(row: ClickRow) -> bytes:
    return "\t".join(str(field) for field in row).encode()


@lru_cache(maxsize=1)
def _partitions_ready(year: int, month: int) -> None:
    """Once per process and month, so that a new site's first click finds its month already there."""
    make_click_partitions(now=datetime(year, month, 1, tzinfo=UTC))


def make_click_partitions(*, now: datetime) -> list[str]:
    """Make this month's and the next two months' partitions (UTC); the names of the new ones."""
    made = []
    for ahead in range(MONTHS_AHEAD + 1):
        start, end = _month(now, ahead), _month(now, ahead + 1)
        name = f"catalog_click_{start:%Y_%m}"
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT to_regclass(%s)", [name])
            if cursor.fetchone()[0] is not None:
                continue
            cursor.execute(
                "SELECT EXISTS (SELECT FROM catalog_click_default WHERE clicked_at >= %s AND clicked_at < %s)",
                [start, end],
            )
            if cursor.fetchone()[0]:
                logger.warning("Clicks of %s are in the default partition already; they stay there.", f"{start:%Y-%m}")
                continue
            cursor.execute(f"CREATE TABLE {name} PARTITION OF catalog_click FOR VALUES FROM (%s) TO (%s)", [start, end])
            made.append(name)
    return made


def drop_old_click_partitions(*, now: datetime) -> list[str]:
    """Drop the months that ended at least settings.CLICK_RETENTION_MONTHS ago; the names of the dropped ones.

    So a click is kept for that many months and at most one more: whole months go, which costs nothing.
    """
    keep_from = _month(now, -settings.CLICK_RETENTION_MONTHS)
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
    """Months to come are made, months past their retention are dropped."""
    made, dropped = make_click_partitions(now=now), drop_old_click_partitions(now=now)
    logger.info("Click partitions: made %s, dropped %s.", made or "none", dropped or "none")


def _month(now: datetime, ahead: int) -> datetime:
    """The first moment (UTC) of the month so many months after this one."""
    years, month = divmod(now.year * 12 + now.month - 1 + ahead, 12)
    return datetime(years, month + 1, 1, tzinfo=UTC)

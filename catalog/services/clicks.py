"""How do clicks get from the spool into the database?"""

from __future__ import annotations

import contextlib
import gc
import logging
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.db import DataError, IntegrityError

from catalog import spool
from catalog.clicks import ClickLineError, ClickRow, parse
from catalog.services import click_storing
from catalog.services.click_partitions import partitions_ready

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Shipment:
    """`stored`: clicks that are new in the database; `rejected`: lines that are no clicks, kept beside their file."""

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
    with spool.only_shipper(folder) as is_ours, _no_garbage_collected():
        for segment in spool.segments(folder) if is_ours else ():
            for piece in _pieces(segment):
                clicks, bad = _sorted_out(piece.lines)
                partitions_ready(now.year, now.month)
                count, refused = _store(clicks)
                for raw, reason in [*bad, *refused]:
                    spool.reject(segment, raw, reason)
                    logger.error("A line of %s is not a click: %s. It is kept in its .rejected file.", segment, reason)
                spool.checkpoint(segment, piece.end)
                stored, rejected = stored + count, rejected + len(bad) + len(refused)
    if is_ours:
        _tidy(now)
    if stored:
        logger.info("%d clicks stored", stored)
    return Shipment(stored=stored, rejected=rejected)


def waiting_segments(folder: Path) -> int:
    """How many segments are not shipped to their end, among them those that a process still writes."""
    return len(spool.segments(folder))


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


def _sorted_out(lines: Sequence[bytes]) -> tuple[list[tuple[ClickRow, bytes]], list[tuple[bytes, str]]]:
    clicks, bad = [], []
    for raw in lines:
        try:
            clicks.append((parse(raw), raw))
        except ClickLineError as error:
            bad.append((raw, str(error)))
    return clicks, bad


def _store(clicks: Sequence[tuple[ClickRow, bytes]]) -> tuple[int, list[tuple[bytes, str]]]:
    """How many clicks are new in the database, and the lines it refuses with its reason.

    A refused batch is halved until the culprit is alone: one bad click never holds up the others.
    """
    if not clicks:
        return 0, []
    try:
        return click_storing.store_clicks([row for row, _ in clicks]), []
    except (DataError, IntegrityError) as error:
        if len(clicks) == 1:
            return 0, [(clicks[0][1], str(error).splitlines()[0])]
    half = len(clicks) // 2
    first, second = _store(clicks[:half]), _store(clicks[half:])
    return first[0] + second[0], first[1] + second[1]


@contextlib.contextmanager
def _no_garbage_collected() -> Iterator[None]:
    """Rows by the ten thousand and no ring among them: looking for rings would take a third of the time."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _tidy(now: datetime) -> None:
    """What a round leaves behind: links whose clicks are used up, visits of yesterday, too many unknown codes."""
    for code in click_storing.expire_spent_links(now=now):
        logger.info("/go/%s/ has had its clicks and leads to its fallback from now on.", code)
    click_storing.forget_visits(now=now)
    click_storing.forget_unknown_codes()

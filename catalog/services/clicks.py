"""How do clicks get from the spool into the database?"""

from __future__ import annotations

import contextlib
import gc
import logging
from collections.abc import Generator, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from django.conf import settings
from django.db import DataError, IntegrityError

from catalog.clicks import spool_reading
from catalog.clicks.rows import ClickRow, read
from catalog.clicks.spool_reading import Piece
from catalog.services import click_storing
from catalog.services.click_partitions import partitions_ready

logger = logging.getLogger(__name__)

# So many clicks and at most a piece more are stored in one transaction: what many of them share is counted once. The
# first ones are fewer, so that PostgreSQL need not wait long.
FIRST_BATCH, LARGEST_BATCH = 10_000, 100_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Shipment:
    """`stored`: clicks that are new in the database; `rejected`: lines that are no clicks, kept beside their file."""

    stored: int
    rejected: int


class _Refused(NamedTuple):
    """A line that is no click, and why; it is kept beside its segment."""

    segment: Path
    raw: bytes
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _Batch:
    """What is stored in one transaction: pieces of segments, their clicks, and their lines that are none."""

    pieces: list[tuple[Path, Piece]]
    clicks: list[ClickRow]
    bad: list[_Refused]


def ship_clicks(*, now: datetime, folder: Path | None = None) -> Shipment:
    """Store every whole line of the spool (settings.CLICK_SPOOL_DIR), also of processes that still write.

    Idempotent; when another process is shipping from the same folder, this one does nothing. A line that is not a
    click goes to a `.rejected` file beside its segment. A database that is away raises its own error: what was not
    stored stays in the spool.
    """
    folder = folder or settings.CLICK_SPOOL_DIR
    stored = rejected = 0
    with spool_reading.only_shipper(folder) as is_ours:
        if not is_ours:
            return Shipment(stored=0, rejected=0)
        with _no_garbage_collected(), contextlib.closing(_read_ahead(_batches(folder))) as batches:
            for batch in batches:
                partitions_ready(now.year, now.month)
                count, refused_rows = _store(batch.clicks)
                refused = [_refused(batch, row, reason) for row, reason in refused_rows]
                _done_with(batch, [*batch.bad, *refused])
                stored, rejected = stored + count, rejected + len(batch.bad) + len(refused)
        _tidy(now)
    if stored:
        logger.info("%d clicks stored", stored)
    return Shipment(stored=stored, rejected=rejected)


def _batches(folder: Path) -> Iterator[_Batch]:
    pieces: list[tuple[Path, Piece]] = []
    wanted = FIRST_BATCH
    for segment, piece in _pieces(folder):
        pieces.append((segment, piece))
        if sum(len(one.lines) for _, one in pieces) >= wanted:
            yield _read(pieces)
            pieces, wanted = [], min(2 * wanted, LARGEST_BATCH)
    if pieces:
        yield _read(pieces)


def _pieces(folder: Path) -> Iterator[tuple[Path, Piece]]:
    for segment in spool_reading.segments(folder):
        start = None
        while True:
            piece = spool_reading.next_piece(segment, start)
            if piece.lines or piece.is_last:
                yield segment, piece
            if piece.is_last or not piece.lines:
                break
            start = piece.end


def _read(pieces: list[tuple[Path, Piece]]) -> _Batch:
    batch = _Batch(pieces=pieces, clicks=[], bad=[])
    for segment, piece in pieces:
        clicks, bad = read(piece.lines)
        batch.clicks.extend(clicks)
        batch.bad.extend(_Refused(segment, raw, reason) for raw, reason in bad)
    return batch


def _read_ahead(batches: Iterator[_Batch]) -> Generator[_Batch]:
    """The batches; while one is being stored, the next one is read by a thread: the database and we work at once."""
    with ThreadPoolExecutor(1, "click reader") as reader:
        ahead = reader.submit(next, batches, None)
        while (batch := ahead.result()) is not None:
            ahead = reader.submit(next, batches, None)
            yield batch


def _done_with(batch: _Batch, no_clicks: Sequence[_Refused]) -> None:
    """Put aside what is no click, remember how far the segments are shipped, remove them behind their last piece."""
    for segment, raw, reason in no_clicks:
        spool_reading.reject(segment, raw, reason)
        logger.error("A line of %s is not a click: %s. It is kept in its .rejected file.", segment, reason)
    for segment, piece in batch.pieces:
        if piece.is_last:
            spool_reading.remove(segment)
        else:
            spool_reading.checkpoint(segment, piece.end)


def _refused(batch: _Batch, row: ClickRow, reason: str) -> _Refused:
    """The line of a row that the database refused: the one with its id."""
    key = row.id.encode()
    lines = ((segment, raw) for segment, piece in batch.pieces for raw in piece.lines)
    return next(_Refused(segment, raw, reason) for segment, raw in lines if key in raw)


def waiting_segments(folder: Path) -> int:
    """How many segments are not shipped to their end, among them those that a process still writes."""
    return len(spool_reading.segments(folder))


def _store(clicks: Sequence[ClickRow]) -> tuple[int, list[tuple[ClickRow, str]]]:
    """How many clicks are new in the database, and those it refuses with its reason.

    A refused batch is halved until the culprit is alone: one bad click never holds up the others.
    """
    if not clicks:
        return 0, []
    try:
        return click_storing.store_clicks(clicks), []
    except (DataError, IntegrityError) as error:
        if len(clicks) == 1:
            return 0, [(clicks[0], str(error).splitlines()[0])]
    half = len(clicks) // 2
    first, second = _store(clicks[:half]), _store(clicks[half:])
    return first[0] + second[0], first[1] + second[1]


@contextlib.contextmanager
def _no_garbage_collected() -> Iterator[None]:
    """Rows by the ten thousand and no ring among them: looking for rings would take a third of our time."""
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

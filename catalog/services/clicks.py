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

from django.conf import settings
from django.db import DataError, IntegrityError

from catalog import spool_reading
from catalog.clicks import ClickLineError, ClickRow, parse
from catalog.services import click_storing
from catalog.services.click_partitions import partitions_ready

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Shipment:
    """`stored`: clicks that are new in the database; `rejected`: lines that are no clicks, kept beside their file."""

    stored: int
    rejected: int


@dataclass(frozen=True, slots=True, kw_only=True)
class _Batch:
    """A piece of a segment as it was read: its clicks, each with its line, and the lines that are none."""

    segment: Path
    clicks: list[tuple[ClickRow, bytes]]
    bad: list[tuple[bytes, str]]
    end: int
    is_last: bool


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
                count, refused = _store(batch.clicks)
                _done_with(batch, [*batch.bad, *refused])
                stored, rejected = stored + count, rejected + len(batch.bad) + len(refused)
        _tidy(now)
    if stored:
        logger.info("%d clicks stored", stored)
    return Shipment(stored=stored, rejected=rejected)


def _batches(folder: Path) -> Iterator[_Batch]:
    for segment in spool_reading.segments(folder):
        start = None
        while True:
            piece = spool_reading.next_piece(segment, start)
            if piece.lines or piece.is_last:
                clicks, bad = _sorted_out(piece.lines)
                yield _Batch(segment=segment, clicks=clicks, bad=bad, end=piece.end, is_last=piece.is_last)
            if piece.is_last or not piece.lines:
                break
            start = piece.end


def _read_ahead(batches: Iterator[_Batch]) -> Generator[_Batch]:
    """The batches; while one is being stored, the next one is read by a thread: the database and we work at once."""
    with ThreadPoolExecutor(1, "click reader") as reader:
        ahead = reader.submit(next, batches, None)
        while (batch := ahead.result()) is not None:
            ahead = reader.submit(next, batches, None)
            yield batch


def _done_with(batch: _Batch, no_clicks: Sequence[tuple[bytes, str]]) -> None:
    """Put aside what is no click, remember how far the segment is shipped, remove it behind its last piece."""
    for raw, reason in no_clicks:
        spool_reading.reject(batch.segment, raw, reason)
        logger.error("A line of %s is not a click: %s. It is kept in its .rejected file.", batch.segment, reason)
    if batch.is_last:
        spool_reading.remove(batch.segment)
    else:
        spool_reading.checkpoint(batch.segment, batch.end)


def waiting_segments(folder: Path) -> int:
    """How many segments are not shipped to their end, among them those that a process still writes."""
    return len(spool_reading.segments(folder))


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

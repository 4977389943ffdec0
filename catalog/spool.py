"""Where is a click kept between the answer and the database, so that nothing can lose it?

Each web process appends lines to a segment file of its own. A line is handed to the kernel *before* the answer
leaves, so killing the process takes nothing; every 50 ms what is new is forced to disk, so a power cut takes at most
that much. The writer holds a lock on its open segment; the kernel lets go of it when the process ends, however it
ends, and then the segment is finished. The shipping worker reads segments from where it stopped last time.
"""

from __future__ import annotations

import atexit
import contextlib
import fcntl
import logging
import os
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from uuid_utils import uuid7

logger = logging.getLogger(__name__)

SYNC_SECONDS = 0.05
SEGMENT_BYTES = 16 * 1024 * 1024
SEGMENT_SECONDS = 600.0
# What is held in memory while the disk is full; beyond it clicks are lost, and the log counts them.
WAITING_BYTES = 64 * 1024 * 1024
COMPLAIN_SECONDS = 60.0
PIECE_BYTES = 4 * 1024 * 1024
SUFFIX = ".clicks"


class Spool:
    """This process's end of the spool. Safe for threads; a forked child opens a segment of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._lock = threading.Lock()
        self._begin()
        atexit.register(self.close)
        os.register_at_fork(after_in_child=self._forget)

    def _begin(self) -> None:
        self._descriptor = -1
        self._size = 0
        self._opened_at = 0.0
        self._is_dirty = False
        self._waiting = bytearray()
        self._lost = 0
        self._complained_at: float | None = None
        self._thread: threading.Thread | None = None
        self._stop = threading.Event()

    def append(self, line: bytes) -> None:
        """Hand one whole line to the kernel. Never raises: when the disk refuses, the line waits in memory."""
        with self._lock:
            if self._waiting:  # behind what waits, so that a half-written line is completed first
                self._wait(line)
                return
            try:
                descriptor = self._descriptor if self._descriptor >= 0 else self._open()
                written = os.write(descriptor, line)
            except OSError as error:
                self._complain(error)
                self._wait(line)
                return
            self._size += written
            self._is_dirty = True
            if written != len(line):
                self._wait(line[written:])

    def close(self) -> None:
        """Finish the segment: the shipping worker may take all of it. A later line begins a new one."""
        self._stop.set()
        if self._thread is not None:
            self._thread.join()
        self._drain()
        self._sync()
        with self._lock:
            if self._descriptor >= 0:
                os.close(self._descriptor)
            self._descriptor, self._thread = -1, None
            self._stop.clear()

    def _open(self) -> int:
        """Open a new segment. It gets its name when it is locked: a named segment without a lock is finished."""
        self.folder.mkdir(parents=True, exist_ok=True)
        path = self.folder / f"{uuid7()}{SUFFIX}"
        unnamed = path.with_suffix(".new")
        descriptor = os.open(unnamed, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            unnamed.rename(path)
        except OSError:
            os.close(descriptor)
            raise
        self._descriptor, self._size, self._opened_at = descriptor, 0, time.monotonic()
        self._start()
        return descriptor

    def _start(self) -> None:
        if self._thread is None:
            self._thread = threading.Thread(target=self._keep_safe, name="click spool", daemon=True)
            self._thread.start()

    def _keep_safe(self) -> None:
        while not self._stop.wait(SYNC_SECONDS):
            if self._waiting:
                self._drain()
            self._sync()
            age = time.monotonic() - self._opened_at
            if self._descriptor >= 0 and (self._size >= SEGMENT_BYTES or (self._size and age > SEGMENT_SECONDS)):
                self._rotate()

    def _sync(self) -> None:
        """Force what is new to disk. Outside the lock: clicks go on meanwhile."""
        if self._is_dirty and self._descriptor >= 0:
            self._is_dirty = False
            try:
                os.fdatasync(self._descriptor)
            except OSError as error:
                self._complain(error)

    def _rotate(self) -> None:
        with self._lock:
            if not self._waiting and self._descriptor >= 0:
                os.close(self._descriptor)
                self._descriptor = -1

    def _drain(self) -> None:
        with self._lock:
            try:
                while self._waiting:
                    descriptor = self._descriptor if self._descriptor >= 0 else self._open()
                    written = os.write(descriptor, self._waiting)
                    self._size += written
                    self._is_dirty = True
                    del self._waiting[:written]
            except OSError as error:
                self._complain(error)
                return
            if self._complained_at is not None:
                logger.warning("The click spool %s can be written again; %d clicks were lost.", self.folder, self._lost)
                self._complained_at, self._lost = None, 0

    def _wait(self, line: bytes) -> None:
        if len(self._waiting) + len(line) > WAITING_BYTES:
            self._lost += 1
            return
        self._waiting += line
        self._start()  # it may be that not even the first segment could be opened

    def _complain(self, error: OSError) -> None:
        if self._complained_at is None or time.monotonic() - self._complained_at > COMPLAIN_SECONDS:
            self._complained_at = time.monotonic()
            logger.error(
                "The click spool %s cannot be written (%s). Redirects go on; %d bytes of clicks wait in memory, %d "
                "clicks are lost so far. Make room or give the folder to this user.",
                self.folder,
                error.strerror,
                len(self._waiting),
                self._lost,
            )

    def _forget(self) -> None:
        """In a forked child: the segment, its lock and its waiting lines are the parent's."""
        if self._descriptor >= 0:
            os.close(self._descriptor)
        self._lock = threading.Lock()
        self._begin()


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """The next lines of a segment, and where reading goes on after them. `is_last`: nothing can follow."""

    lines: list[bytes]
    end: int
    is_last: bool


@contextlib.contextmanager
def only_shipper(folder: Path) -> Iterator[bool]:
    """True for the one process that may ship from this folder now, False for everyone else."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "shipper.lock").open("a") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
            return
        yield True


def segments(folder: Path) -> list[Path]:
    """All segments, oldest first (UUIDv7 names sort by time)."""
    return sorted(folder.glob(f"*{SUFFIX}"))


def next_piece(segment: Path, start: int | None = None) -> Piece:
    """The whole lines from `start`, else from the last checkpoint, at most about 4 MB.

    A line still being written is left alone.
    """
    start = _checkpointed(segment) if start is None else start
    with segment.open("rb") as handle:
        is_finished = _is_finished(handle.fileno())  # asked before reading: what is read then is all there is
        handle.seek(start)
        data = handle.read(PIECE_BYTES)
        at_the_end = len(data) < PIECE_BYTES
    whole = data.rfind(b"\n") + 1
    if whole == 0 and not at_the_end:
        whole = len(data)  # four megabytes without a line end are no click; they are rejected as one line
    if is_finished and at_the_end:
        whole = len(data)  # nobody will complete the torn last line: it is rejected with its reason
    lines = data[:whole].split(b"\n")
    if lines[-1] == b"":
        lines.pop()
    return Piece(lines=lines, end=start + whole, is_last=is_finished and at_the_end)


def checkpoint(segment: Path, end: int) -> None:
    """Remember that the segment was shipped up to here."""
    written = segment.with_suffix(".offset.new")
    written.write_text(str(end))
    written.rename(segment.with_suffix(".offset"))


def remove(segment: Path) -> None:
    segment.unlink()
    segment.with_suffix(".offset").unlink(missing_ok=True)


def reject(segment: Path, raw: bytes, reason: str) -> None:
    """Keep a line that is not a click beside its segment, with the reason, for a person to look at."""
    with segment.with_suffix(".rejected").open("ab") as handle:
        handle.write(reason.encode() + b"\t" + raw + b"\n")


def _checkpointed(segment: Path) -> int:
    """0 when there is no usable checkpoint: shipping a line twice is harmless, skipping one is not."""
    try:
        return int(segment.with_suffix(".offset").read_text())
    except (OSError, ValueError):
        return 0


def _is_finished(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True

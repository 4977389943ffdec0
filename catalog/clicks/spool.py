"""Where is a click kept between the answer and the database, so that nothing can lose it?

Each web process writes lines into a segment file of its own, which is made as large as it may grow and mapped into
memory: a line is a copy into the kernel's pages *before* the answer leaves, without a system call that would make the
process's threads take turns. Killing the process takes nothing; every 50 ms what is new is forced to disk, so a power
cut takes at most that much. The writer holds a lock on its open segment; the kernel lets go of it when the process
ends, however it ends, and then the segment is finished. What is not written yet is zero bytes, which no line holds.
`catalog.clicks.spool_reading` is the other end.
"""

from __future__ import annotations

import atexit
import fcntl
import logging
import mmap
import os
import threading
import time
from pathlib import Path

from uuid_utils import uuid7

logger = logging.getLogger(__name__)

SYNC_SECONDS = 0.05
SEGMENT_BYTES = 16 * 1024 * 1024
SEGMENT_SECONDS = 600.0
# A segment is finished when so little of it is left, by the thread that syncs, so that no click waits for the next.
_LEFT_OVER = 16
# What is held in memory while the disk is full; beyond it clicks are lost, and the log counts them.
WAITING_BYTES = 64 * 1024 * 1024
COMPLAIN_SECONDS = 60.0
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
        self._map: mmap.mmap | None = None
        self._room = 0
        self._size = 0
        self._opened_at = 0.0
        self._is_dirty = False
        self._waiting = bytearray()
        self._lost = 0
        self._complained_at: float | None = None
        self._thread: threading.Thread | None = None
        self._stop = threading.Event()

    def append(self, line: bytes) -> None:
        """Hand one whole line to the kernel. Never raises: when there is no room on the disk, it waits in memory."""
        with self._lock:
            if self._waiting:
                self._wait(line)  # behind what waits
                return
            end = self._size + len(line)
            if end > self._room:
                try:
                    self._renew(len(line))
                except OSError as error:
                    self._complain(error)
                    self._wait(line)
                    return
                end = len(line)
            self._put(line, end)

    def _put(self, data: bytes, end: int) -> None:
        assert self._map is not None
        self._map[self._size : end] = data
        self._size = end
        self._is_dirty = True

    def close(self) -> None:
        """Finish the segment: the shipping worker may take all of it. A later line begins a new one."""
        self._stop.set()
        if self._thread is not None:
            self._thread.join()
        self._drain()
        self._sync()
        with self._lock:
            self._finish()
            self._thread = None
            self._stop.clear()

    def _renew(self, least: int) -> None:
        """Finish the segment, if there is one, and open another. It gets its name when it is locked and has its room:
        a named segment without a lock is finished."""
        self._finish()
        self.folder.mkdir(parents=True, exist_ok=True)
        path = self.folder / f"{uuid7()}{SUFFIX}"
        unnamed = path.with_suffix(".new")
        descriptor = os.open(unnamed, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            room = _reserved(descriptor, least)
            mapped = mmap.mmap(descriptor, room)
            unnamed.rename(path)
        except OSError:
            os.close(descriptor)
            unnamed.unlink(missing_ok=True)
            raise
        self._descriptor, self._map, self._room, self._size = descriptor, mapped, room, 0
        self._opened_at = time.monotonic()
        self._start()

    def _finish(self) -> None:
        """Force the segment to disk, cut it to what is in it and let go of its lock."""
        if self._map is None:
            return
        self._map.close()
        self._is_dirty = False
        try:
            os.fdatasync(self._descriptor)
            os.ftruncate(self._descriptor, self._size)
        except OSError as error:
            logger.warning("A finished segment in %s was not synced or cut (%s).", self.folder, error.strerror)
        os.close(self._descriptor)
        self._descriptor, self._map, self._room, self._size = -1, None, 0, 0

    def _start(self) -> None:
        if self._thread is None:
            self._thread = threading.Thread(target=self._keep_safe, name="click spool", daemon=True)
            self._thread.start()

    def _keep_safe(self) -> None:
        while not self._stop.wait(SYNC_SECONDS):
            if self._waiting:
                self._drain()
            self._sync()
            is_old = self._size and time.monotonic() - self._opened_at > SEGMENT_SECONDS
            if self._map is not None and (is_old or self._size >= self._room - self._room // _LEFT_OVER):
                with self._lock:
                    self._finish()

    def _sync(self) -> None:
        """Force what is new to disk. Outside the lock: clicks go on meanwhile. (An append that finds its segment full
        ends it itself, and syncs it then.)"""
        descriptor = self._descriptor
        if self._is_dirty and descriptor >= 0:
            self._is_dirty = False
            try:
                os.fdatasync(descriptor)
            except OSError as error:
                if descriptor == self._descriptor:
                    self._complain(error)

    def _drain(self) -> None:
        """Write what waits, a segment's worth of whole lines at a time."""
        with self._lock:
            while self._waiting:
                part = bytes(self._waiting[:SEGMENT_BYTES])
                if len(part) < len(self._waiting):
                    part = part[: part.rfind(b"\n") + 1] or bytes(self._waiting)
                try:
                    if self._size + len(part) > self._room:
                        self._renew(len(part))
                except OSError as error:
                    self._complain(error)
                    return
                self._put(part, self._size + len(part))
                if len(part) == len(self._waiting) and self._complained_at is not None:
                    lost, self._lost, self._complained_at = self._lost, 0, None
                    logger.warning("The click spool %s can be written again; %d clicks were lost.", self.folder, lost)
                del self._waiting[: len(part)]

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
        if self._map is not None:
            self._map.close()
            os.close(self._descriptor)
        self._lock = threading.Lock()
        self._begin()


def _reserved(descriptor: int, least: int) -> int:
    """How many bytes of the disk are the file's now: a segment's, or less when the disk has not so many left.

    To write into a mapped file that the disk has no room for would end the process; this raises OSError instead.
    """
    room = max(SEGMENT_BYTES, least)
    try:
        os.posix_fallocate(descriptor, 0, room)
    except OSError:
        room = max(SEGMENT_BYTES // 64, least)
        os.posix_fallocate(descriptor, 0, room)
    return room

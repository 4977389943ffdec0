"""What lies in the spool, and how far was it shipped? The worker's end; `catalog.clicks.spool` writes.

A segment whose writer holds its lock is still written; one that nobody holds is finished, however its writer ended.
Reading goes on from a checkpoint beside the segment: to ship a line twice is harmless, to skip one is not.
"""

from __future__ import annotations

import contextlib
import fcntl
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from catalog.clicks.spool import SUFFIX

PIECE_BYTES = 4 * 1024 * 1024


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
        # The first zero byte is where nothing was written yet, also inside of a line that is just being copied. In a
        # finished segment it may be a hole that a power cut left: then what follows is read, and the hole rejected.
        written = data.find(b"\0")
        if written >= 0 and is_finished and _goes_on(handle, data[written:]):
            written = -1
    at_the_end = written >= 0 or len(data) < PIECE_BYTES
    if written >= 0:
        data = data[:written]
    whole = data.rfind(b"\n") + 1
    if whole == 0 and not at_the_end:
        whole = len(data)  # four megabytes without a line end are no click; they are rejected as one line
    if is_finished and at_the_end:
        whole = len(data)  # nobody will complete the torn last line: it is rejected with its reason
    lines = data[:whole].split(b"\n")
    if lines[-1] == b"":
        lines.pop()
    return Piece(lines=lines, end=start + whole, is_last=is_finished and at_the_end)


def _goes_on(handle: BinaryIO, rest: bytes) -> bool:
    """Is there anything but zero bytes in the rest of the file?"""
    while rest:
        if rest.strip(b"\0"):
            return True
        rest = handle.read(PIECE_BYTES)
    return False


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

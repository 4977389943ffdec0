"""Who uses a service, and who starts it? File locks, which the kernel gives back however a process ends."""

from __future__ import annotations

import contextlib
import fcntl
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO


@dataclass
class Lease:
    """A shared lock on a service, held by this process (and what it forks) until the end."""

    path: Path
    handle: IO[str] | None = field(default=None, repr=False)

    def take(self) -> None:
        if self.handle is None:
            self.handle = self.path.open("a")
            fcntl.flock(self.handle, fcntl.LOCK_SH)

    def is_last(self) -> bool:
        """True when nobody else holds the lease; it is exclusively ours from then on."""
        assert self.handle is not None
        try:
            fcntl.flock(self.handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    def drop(self) -> None:
        if self.handle is not None:
            self.handle.close()
            self.handle = None


@contextlib.contextmanager
def start_lock(path: Path) -> Iterator[None]:
    """One process at a time starts or stops a service."""
    with path.open("a") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield

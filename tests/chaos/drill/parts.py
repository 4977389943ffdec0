"""One part of the site: a program that is started, killed, paused, and started again when it dies, as in production."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Protocol

from config.embedded import server
from config.embedded.postgres import Postgres
from config.embedded.redis import Redis


class Part(Protocol):
    """`starts`: how often it was started."""

    name: str
    starts: int

    def start(self) -> None:
        """Raises `OSError` or `EmbeddedServiceError` when it does not come up; it is tried again."""

    def pids(self) -> list[int]:
        """Its processes, the one that was started first; empty when it is dead."""


class Program:
    """A program of ours. `inside` goes before its command, `more` over its environment, both from the next start on."""

    def __init__(self, name: str, command: Sequence[str], environment: Mapping[str, str], log: Path) -> None:
        self.name, self.starts = name, 0
        self.inside: Sequence[str] = ()
        self.more: Mapping[str, str] = {}
        self._command, self._environment, self._log = command, environment, log
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        with self._log.open("ab") as out:
            self._process = subprocess.Popen(
                [*self.inside, *self._command],
                env={**self._environment, **self.more},
                stdout=out,
                stderr=out,
                start_new_session=True,
            )
        self.starts += 1

    def pids(self) -> list[int]:
        if self._process is None or self._process.poll() is not None:
            return []
        return [*family(self._process.pid)]

    def wait(self) -> None:
        if self._process is not None:
            self._process.wait()


class Service:
    """PostgreSQL or Redis as this folder's own server."""

    def __init__(self, name: str, server_of: Callable[[], Postgres | Redis]) -> None:
        self.name, self.starts = name, 0
        self._server_of = server_of
        self._pid = 0

    def start(self) -> None:
        made = self._server_of()
        made.start()
        found = made.cluster / "postmaster.pid" if isinstance(made, Postgres) else made.pid_file
        self._pid = server.first_number(found) or 0
        self.starts += 1

    def pids(self) -> list[int]:
        for process in server.spawned:
            process.poll()
        return [*family(self._pid)] if self._pid and is_alive(self._pid) else []

    def stop(self) -> None:
        self._server_of().stop()


def is_alive(pid: int) -> bool:
    """A dead one whose parent has not asked for it yet is dead."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def family(pid: int) -> Iterator[int]:
    """The process and all that descend from it, parents first."""
    yield pid
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        with contextlib.suppress(OSError):
            for child in task.read_text().split():
                yield from family(int(child))


def send(pids: Sequence[int], number: signal.Signals) -> None:
    for pid in pids:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, number)

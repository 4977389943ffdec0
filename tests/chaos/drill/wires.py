"""The network between two parts of the site, which can be cut, silenced, slowed and made to lose connections.

A process of its own: `python -m tests.chaos.drill.wires SEED NAME=TARGET…` listens on a port of loopback for each name,
says `NAME PORT` for each, and then obeys lines of its standard input, `NAME MODE VALUE`, each answered with `ok`.
A target is `host:port` or the path of a unix socket.
"""

from __future__ import annotations

import asyncio
import contextlib
import random
import socket
import struct
import subprocess
import sys
from collections.abc import Mapping
from enum import StrEnum

Ends = tuple[asyncio.StreamReader, asyncio.StreamWriter]


class Mode(StrEnum):
    OPEN = "open"
    # Refused and reset, as by a firewall that says so, or a host whose program is gone.
    CUT = "cut"
    # Nothing passes and nobody is told. What was sent arrives when the wire is open again.
    SILENT = "silent"
    # The same, but the other side has forgotten its connections by then and resets them.
    HALF_OPEN = "half-open"
    # Each piece comes so many seconds later.
    SLOW = "slow"
    # Each piece resets its connection with this probability.
    LOSSY = "lossy"


class _Wire:
    def __init__(self, target: str, seed: str) -> None:
        self._target = target
        self._dice = random.Random(seed)
        self._mode, self._value = Mode.OPEN, 0.0
        self._flows = asyncio.Event()
        self._flows.set()
        self._writers: set[asyncio.StreamWriter] = set()

    async def listen(self) -> int:
        server = await asyncio.start_server(self._take, "127.0.0.1", 0)
        return int(server.sockets[0].getsockname()[1])

    def turn(self, mode: Mode, value: float) -> None:
        if mode is Mode.CUT or self._mode is Mode.HALF_OPEN:
            for writer in [*self._writers]:
                _reset(writer)
        self._mode, self._value = mode, value
        if mode in (Mode.SILENT, Mode.HALF_OPEN):
            self._flows.clear()
        else:
            self._flows.set()

    async def _take(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if self._mode is Mode.CUT:
            _reset(writer)
            return
        self._writers.add(writer)
        try:
            await self._flows.wait()
            far_reader, far_writer = await self._reach()
        except OSError:
            _reset(writer)
            self._writers.discard(writer)
            return
        self._writers.add(far_writer)
        try:
            await asyncio.gather(self._pump(reader, far_writer), self._pump(far_reader, writer))
        finally:
            self._writers -= {writer, far_writer}

    async def _reach(self) -> Ends:
        if self._target.startswith("/"):
            return await asyncio.open_unix_connection(self._target)
        host, _, port = self._target.rpartition(":")
        return await asyncio.open_connection(host, int(port))

    async def _pump(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError):
            while data := await reader.read(65536):
                await self._flows.wait()
                if self._mode is Mode.SLOW:
                    await asyncio.sleep(self._value)
                if self._mode is Mode.LOSSY and self._dice.random() < self._value:
                    break
                writer.write(data)
                await writer.drain()
        _reset(writer) if self._mode is Mode.LOSSY else writer.close()


def _reset(writer: asyncio.StreamWriter) -> None:
    """Ends it at once: what was on its way is lost, and the other side sees a reset instead of an end."""
    found = writer.get_extra_info("socket")
    if found is not None and found.family == socket.AF_INET:
        with contextlib.suppress(OSError):
            found.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    writer.transport.abort()


async def _serve(seed: str, targets: Mapping[str, str]) -> None:
    wires = {name: _Wire(target, f"{seed} {name}") for name, target in targets.items()}
    for name, wire in wires.items():
        print(name, await wire.listen(), flush=True)
    loop = asyncio.get_running_loop()
    while line := await loop.run_in_executor(None, sys.stdin.readline):
        name, mode, value = line.split()
        wires[name].turn(Mode(mode), float(value))
        print("ok", flush=True)


class Wires:
    """The process, as its starter sees it. `ports`: where each wire is taken up."""

    def __init__(self, seed: int, targets: Mapping[str, str]) -> None:
        command = [sys.executable, "-m", __name__, str(seed), *(f"{name}={to}" for name, to in targets.items())]
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1)
        self.ports = {name: int(port) for name, port in (self._line().split() for _ in targets)}
        self.process = self._process.pid

    def _line(self) -> str:
        assert self._process.stdout is not None
        return self._process.stdout.readline()

    def turn(self, name: str, mode: Mode, value: float = 0.0) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(f"{name} {mode} {value}\n")
        if self._line() != "ok\n":
            raise RuntimeError(f"The wire {name} could not be turned {mode}.")

    def close(self) -> None:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.close()
        self._process.kill()
        self._process.wait()
        self._process.stdout.close()


if __name__ == "__main__":
    asyncio.run(_serve(sys.argv[1], dict(word.split("=", 1) for word in sys.argv[2:])))  # type: ignore[arg-type]

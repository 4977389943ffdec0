"""How is a server under test started, and how is it loaded?"""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

CONNECTIONS = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class Load:
    """What one round measured. `answered` counts complete answers with the expected status."""

    answered: int
    seconds: float

    @property
    def per_second(self) -> float:
        return self.answered / self.seconds


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextlib.contextmanager
def granian(target: str, *, log: Path, environment: dict[str, str] | None = None) -> Iterator[str]:
    """The WSGI application under granian, two workers with one blocking thread each. Yields its address."""
    port = free_port()
    command = [sys.executable, "-m", "granian", "--interface", "wsgi", "--workers", "2", "--blocking-threads", "1"]
    command += ["--host", "127.0.0.1", "--port", str(port), "--log-level", "warning", target]
    with log.open("wb") as out:
        process = subprocess.Popen(command, stdout=out, stderr=out, env={**os.environ, **(environment or {})})
        try:
            _wait(port, process, log)
            yield f"http://127.0.0.1:{port}"
        finally:
            process.send_signal(signal.SIGINT)
            try:
                process.wait(timeout=20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _wait(port: int, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and process.poll() is None:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return
        time.sleep(0.05)
    raise RuntimeError(f"granian did not start:\n{log.read_text(errors='replace')[-3000:]}")


class _Stay(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_: object) -> None:
        """(A redirect is the answer that is measured.)"""


def location(address: str) -> str:
    """Where the address redirects to, empty when it does not."""
    try:
        urllib.request.build_opener(_Stay).open(address, timeout=10).close()
    except urllib.error.HTTPError as error:
        with error:
            return error.headers.get("Location", "")
    return ""


def generator() -> str:
    return "wrk" if shutil.which("wrk") else "sockets"


def load(address: str, *, seconds: int) -> Load:
    """Ask for the address over 16 kept connections for so long, with wrk where there is one."""
    return _with_wrk(address, seconds) if generator() == "wrk" else _with_sockets(address, seconds)


def _with_wrk(address: str, seconds: int) -> Load:
    command = ["wrk", "-t2", f"-c{CONNECTIONS}", f"-d{seconds}s", address]
    said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    done = re.search(r"(\d+) requests in ([\d.]+)(m?s)", said)
    if done is None or "Non-2xx or 3xx" in said or "Socket errors" in said:
        raise RuntimeError(f"wrk did not get plain answers:\n{said}")
    return Load(answered=int(done[1]), seconds=float(done[2]) / (1000 if done[3] == "ms" else 1))


def _with_sockets(address: str, seconds: int) -> Load:
    """Two processes of this interpreter, eight connections each; slower than wrk, the same for both sides."""
    command = [sys.executable, "-m", "bench.sockets", address, str(seconds), str(CONNECTIONS // 2)]
    processes = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(2)]
    counts = [int(process.communicate()[0]) for process in processes]
    return Load(answered=sum(counts), seconds=float(seconds))

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
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from tests.ports import closed_port

CONNECTIONS = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class Load:
    """What one round measured. `answered` counts complete answers with the expected status.

    `p99` is the time in milliseconds within which 99 of 100 answers came; 0 where it was not measured.
    """

    answered: int
    seconds: float
    p99: float = 0.0

    @property
    def per_second(self) -> float:
        return self.answered / self.seconds


@contextlib.contextmanager
def granian(target: str, *, log: Path, environment: dict[str, str] | None = None, workers: int = 2) -> Iterator[str]:
    """The WSGI application under granian as in production, workers of one thread each. Yields its address."""
    port = closed_port()
    command = [sys.executable, "-m", "granian", "--interface", "wsgi", "--workers", str(workers)]
    command += ["--blocking-threads", "1"]
    command += ["--http", "1", "--no-ws"]
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


def nginx(folder: Path, target: str) -> contextlib.AbstractContextManager[str]:
    """nginx with two workers that answers everything with a 302 to the target. Yields its address."""
    return _nginx(folder, f"location / {{ return 302 {target}; }}")


def file_server(folder: Path, root: Path) -> contextlib.AbstractContextManager[str]:
    """nginx with two workers that sends the files of a folder, and knows them open. Yields its address."""
    return _nginx(folder, f"root {root};", "sendfile on; tcp_nopush on; open_file_cache max=100;")


@contextlib.contextmanager
def _nginx(folder: Path, server: str, settings: str = "") -> Iterator[str]:
    port = closed_port()
    configuration = folder / "nginx.conf"
    # A folder that only its owner may enter is closed to the user that root's nginx turns into.
    user = "user root;" if os.geteuid() == 0 else ""
    configuration.write_text(
        f"daemon off; pid {folder}/nginx.pid; error_log {folder}/nginx.log; worker_processes 2; {user}"
        "events { worker_connections 1024; }"
        f"http {{ access_log off; keepalive_requests 100000000; client_body_temp_path {folder}/nginx-body; {settings}"
        f"server {{ listen 127.0.0.1:{port}; {server} }} }}"
    )
    log = folder / "nginx.out"
    with log.open("wb") as out:
        process = subprocess.Popen(
            ["nginx", "-p", str(folder), "-c", str(configuration), "-e", f"{folder}/nginx.log"], stdout=out, stderr=out
        )
        try:
            _wait(port, process, log)
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()
            process.wait(timeout=20)


def resident_bytes(address: str) -> int:
    """What the largest process that listens there holds in memory."""
    port = int(address.rpartition(":")[2])
    found = subprocess.run(["ss", "-Hltnp", f"sport = :{port}"], capture_output=True, text=True, check=True).stdout
    sizes = [_resident(pid) for pid in set(re.findall(r"pid=(\d+)", found))]
    return max(sizes)


def _resident(pid: str) -> int:
    said = Path(f"/proc/{pid}/status").read_text()
    anonymous = re.search(r"RssAnon:\s+(\d+) kB", said)
    assert anonymous is not None
    return int(anonymous[1]) * 1024


def _wait(port: int, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and process.poll() is None:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return
        time.sleep(0.05)
    raise RuntimeError(f"granian did not start:\n{log.read_text(errors='replace')[-3000:]}")


# By the server: when it answered, and that it hangs up, as it was asked to.
_ADDED = frozenset({"date", "connection"})


class _Stay(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_: object) -> None:
        """(A redirect is the answer that is measured.)"""


def location(address: str) -> str:
    """Where the address redirects to, empty when it does not."""
    _, headers = answer(address)
    return dict(headers).get("location", "")


def answer(address: str) -> tuple[str, list[tuple[str, str]]]:
    """The status line and the headers (names in small letters) without those that the server itself adds."""
    try:
        reply = urllib.request.build_opener(_Stay).open(address, timeout=10)
    except urllib.error.HTTPError as error:
        reply = error
    with reply:
        headers = [(name.lower(), value) for name, value in reply.headers.items() if name.lower() not in _ADDED]
        return f"{reply.status} {reply.reason}", headers


def generator() -> str:
    return "wrk" if shutil.which("wrk") else "sockets"


def load(
    address: str, *, seconds: int, connections: int = CONNECTIONS, headers: Mapping[str, str] | None = None
) -> Load:
    """Ask for the address over kept connections for so long, with wrk where there is one (and else no headers)."""
    if generator() != "wrk":
        return _with_sockets(address, seconds, connections)
    said = (f"-H{name}: {value}" for name, value in (headers or {}).items())
    return _with_wrk(address, seconds, "--latency", *said, connections=connections)


def load_scripted(address: str, script: Path, *, seconds: int, connections: int = CONNECTIONS) -> Load:
    """The same, with what a script of wrk's says to ask for and when. Needs wrk."""
    return _with_wrk(address, seconds, "--latency", "-s", str(script), connections=connections)


def _with_wrk(address: str, seconds: int, *options: str, connections: int = CONNECTIONS) -> Load:
    command = ["wrk", "-t2", f"-c{connections}", f"-d{seconds}s", "--timeout", "30s", *options, address]
    said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    done = re.search(r"(\d+) requests in ([\d.]+)(m?s)", said)
    if done is None or "Non-2xx or 3xx" in said or "Socket errors" in said:
        raise RuntimeError(f"wrk did not get plain answers:\n{said}")
    tail = re.search(r"99%\s+([\d.]+)(us|ms|s)", said)
    return Load(
        answered=int(done[1]),
        seconds=float(done[2]) / (1000 if done[3] == "ms" else 1),
        p99=float(tail[1]) * {"us": 0.001, "ms": 1, "s": 1000}[tail[2]] if tail else 0.0,
    )


def _with_sockets(address: str, seconds: int, connections: int) -> Load:
    """Two processes of this interpreter, half of the connections each; slower than wrk, the same for both sides."""
    command = [sys.executable, "-m", "bench.sockets", address, str(seconds), str(connections // 2)]
    processes = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(2)]
    counts = [int(process.communicate()[0]) for process in processes]
    return Load(answered=sum(counts), seconds=float(seconds))

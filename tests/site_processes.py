"""The site's own programs as processes, on the tests' database and Redis: web server, worker, timetable."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

from django.conf import settings
from django.db import connection

from config import embedded

Process = subprocess.Popen[bytes]
PATIENCE = 90.0


def environment(**more: str) -> dict[str, str]:
    """What the processes of a test are told; `DEBUG`, so that static files are there without being collected."""
    site = urlsplit(os.environ.get("DATABASE_URL") or embedded.database_url())
    return {
        **{key: value for key, value in os.environ.items() if not key.startswith("PYTEST")},
        "DATABASE_URL": site._replace(path=f"/{connection.settings_dict['NAME']}").geturl(),
        "REDIS_URL": settings.REDIS_URL,
        "SECRET_KEY": settings.SECRET_KEY,
        "DEBUG": "1",
        **more,
    }


def web_command(port: int, *more: str, workers: int = 1, application: str = "config.wsgi:application") -> list[str]:
    command = [sys.executable, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port)]
    command += ["--workers", str(workers), "--blocking-threads", "1", "--http", "1", "--no-ws", *more]
    return [*command, application]


def worker_command(*more: str, concurrency: int = 1, level: str = "INFO") -> list[str]:
    command = [sys.executable, "-m", "celery", "-A", "config", "worker", "-c", str(concurrency), "-l", level]
    return [*command, "--without-gossip", "--without-mingle", "--without-heartbeat", *more]


def beat_command(folder: Path) -> list[str]:
    return [sys.executable, "-m", "celery", "-A", "config", "beat", "-l", "INFO", "-s", str(folder / "beat.schedule")]


@contextlib.contextmanager
def running(command: list[str], log: Path, told: dict[str, str], *, patience: float = 60) -> Iterator[Process]:
    """The process, with all that it says in `log`; ended kindly, and by force where it does not end."""
    with log.open("ab") as out:
        process = subprocess.Popen(command, env=told, stdout=out, stderr=out, cwd=embedded.PROJECT)
        try:
            yield process
        finally:
            end(process, patience=patience)


def end(process: Process, *, by: signal.Signals = signal.SIGTERM, patience: float = 60) -> int:
    """The exit status; negative where it had to be killed."""
    with contextlib.suppress(ProcessLookupError):
        process.send_signal(by)
    try:
        return process.wait(timeout=patience)
    except subprocess.TimeoutExpired:
        process.kill()
        return process.wait()


def until(check: Callable[[], bool], seconds: float = PATIENCE) -> bool:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if check():
            return True
        time.sleep(0.1)
    return False

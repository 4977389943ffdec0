"""A real worker touches its file while it lives, and stops touching it when it hangs."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from django.conf import settings

from config.embedded import PROJECT

COMMAND = [sys.executable, "-m", "celery", "-A", "config", "worker", "-P", "solo", "-l", "WARNING", "-Q", "of-nobody"]


def until(check: Callable[[], bool], seconds: float = 90) -> bool:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if check():
            return True
        time.sleep(0.1)
    return False


def touched(file: Path) -> float:
    return file.stat().st_mtime if file.exists() else 0


def test_a_worker_touches_its_file_with_each_heartbeat(tmp_path: Path) -> None:
    file = tmp_path / "alive"
    environment = {**os.environ, "REDIS_URL": settings.REDIS_URL, "WORKER_ALIVE_FILE": str(file), "DEBUG": "1"}
    worker = subprocess.Popen(COMMAND, cwd=PROJECT, env=environment)
    try:
        assert until(file.exists)
        first = touched(file)
        assert until(lambda: touched(file) > first)
        worker.send_signal(signal.SIGSTOP)
        time.sleep(0.2)
        last = touched(file)
        assert not until(lambda: touched(file) > last, seconds=5)
        worker.send_signal(signal.SIGCONT)
        assert until(lambda: touched(file) > last)
    finally:
        worker.kill()
        worker.wait()

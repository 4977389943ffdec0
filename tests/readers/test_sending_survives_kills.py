"""A worker is killed twice with -9 in the middle of an issue: nobody gets two copies, nobody is lost unsaid.

Ten thousand readers by hand: `CHAOS_READERS=10000 pytest tests/readers/test_sending_survives_kills.py`.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.db import connection

from config import embedded
from readers import tasks
from readers.models import Issue
from tests.readers.subscribers import post_office, scheduled, subscribe

pytestmark = [
    pytest.mark.chaos,
    pytest.mark.django_db(transaction=True),
    pytest.mark.filterwarnings("default"),
]

READERS = int(os.environ.get("CHAOS_READERS", "600"))
KILL_AFTER = (READERS // 5, READERS // 2)
COMMAND = [sys.executable, "-m", "celery", "--quiet", "-A", "config", "worker", "-P", "solo", "-l", "WARNING"]


def start_worker(port: int, log: Path) -> subprocess.Popen[bytes]:
    site = urlsplit(os.environ.get("DATABASE_URL") or embedded.database_url())
    environment = {
        **os.environ,
        "DATABASE_URL": site._replace(path=f"/{connection.settings_dict['NAME']}").geturl(),
        "REDIS_URL": settings.REDIS_URL,
        "SECRET_KEY": settings.SECRET_KEY,
        "EMAIL_URL": f"smtp://127.0.0.1:{port}",
        "NEWSLETTER_PER_MINUTE": "0",
        "DEBUG": "1",
    }
    more = ["--without-gossip", "--without-mingle", "--without-heartbeat"]
    with log.open("ab") as out:
        return subprocess.Popen([*COMMAND, *more], env=environment, stdout=out, stderr=out)


def until(check: Callable[[], bool], what: str, log: Path, seconds: float = 120) -> None:
    end = time.monotonic() + seconds
    while not check():
        assert time.monotonic() < end, f"{what}\n{log.read_text()[-3000:]}"
        time.sleep(0.02)


def test_each_of_thousands_gets_exactly_one(tmp_path: Path) -> None:
    log = tmp_path / "worker.log"
    subscribe(READERS)
    issue = scheduled()
    with post_office() as post:
        for most in KILL_AFTER:
            tasks.send_letters.delay()
            worker = start_worker(post.port, log)
            until(lambda most=most: len(post.letters) >= most, f"{most} copies", log)  # type: ignore[misc]
            worker.send_signal(signal.SIGKILL)
            worker.wait()
            assert len(post.letters) < READERS, "killed in the middle"
        tasks.send_letters.delay()
        worker = start_worker(post.port, log)
        try:
            until(lambda: Issue.objects.filter(pk=issue.pk, state="done").exists(), "the end", log)
        finally:
            worker.terminate()
            worker.wait(20)
    assert set(post.copies.values()) == {1}, "nobody got two"
    states = dict.fromkeys(("sent", "unsure"), 0)
    for delivery in issue.deliveries.select_related("reader"):
        states[delivery.state] += 1
        if delivery.state == "sent":
            assert post.copies[delivery.reader.address] == 1
    assert sum(states.values()) == READERS
    # Of what a killed worker was handing over at that moment nobody knows: one row at most for each of them.
    assert states["unsure"] <= len(KILL_AFTER)
    assert len(post.letters) >= READERS - states["unsure"]
    assert len({letter.content.split(b"Message-ID: ")[1].split(b"\r\n")[0] for letter in post.letters}) == len(
        post.letters
    )

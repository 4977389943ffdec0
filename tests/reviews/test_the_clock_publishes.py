"""The whole way: beat's own timetable, a real Redis, a real worker, an article that readers see, a letter on disk."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from celery.contrib.testing.worker import start_worker
from django.conf import settings
from django.test import Client
from django.utils import timezone

from config.celery import app
from reviews import tasks
from reviews.desk import steps
from reviews.models import Article
from tests.factories import make_article, make_author, make_colleague, make_published_article

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.filterwarnings("default")]


def wait_until(true: Any, seconds: float = 90) -> None:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if true():
            return
        time.sleep(0.05)
    pytest.fail(f"Not within {seconds} seconds; steps: {list(Article.objects.values('status', 'stage'))}")


@pytest.fixture
def scheduled(monkeypatch: pytest.MonkeyPatch) -> Article:
    writer = make_colleague("theo", "Writer")
    article = make_article(author=make_author("Theo Brandt", user=writer))
    now = timezone.now()
    editor = make_colleague("ines", "Editor")
    steps.schedule_article(article=article, by=editor, at=now + timedelta(seconds=1), now=now)
    app.control.purge()
    return article


def test_beat_sends_the_rounds_and_a_worker_publishes_and_writes_the_letters(
    scheduled: Article, tmp_path: Path, client: Client, mailoutbox: list[Any]
) -> None:
    for name in ("publish what is scheduled", "retire what has expired"):
        assert app.conf.beat_schedule[name]["schedule"] <= 30
    script = (
        "from config.celery import app\n"
        "app.conf.broker_url = app.conf.broker_write_url = {!r}\n"
        "entry = app.conf.beat_schedule['publish what is scheduled']\n"
        "app.conf.beat_schedule = {{'publish what is scheduled': {{**entry, 'schedule': 1.0}}}}\n"
        "app.Beat(schedule={!r}, loglevel='WARNING').run()\n"
    ).format(settings.CELERY_BROKER_URL, str(tmp_path / "beat"))
    beat = subprocess.Popen([sys.executable, "-c", script], env=dict(os.environ), cwd=settings.BASE_DIR)
    try:
        with start_worker(app, perform_ping_check=False, pool="solo", shutdown_timeout=30):
            wait_until(lambda: Article.objects.published().exists())
            wait_until(lambda: len(mailoutbox) >= 2)
    finally:
        beat.terminate()
        beat.wait(timeout=20)
    assert client.get("/guides/a-guide/").status_code == 200
    assert {letter.to[0] for letter in mailoutbox} == {"theo@newsroom.example", "ines@newsroom.example"}
    assert all("The timetable published the article as scheduled" in letter.body for letter in mailoutbox)
    scheduled.refresh_from_db()
    assert scheduled.revisions.count() == 1


def test_a_worker_retires_what_has_expired(client: Client) -> None:
    make_published_article()
    Article.objects.update(expires_at=timezone.now())
    app.control.purge()
    with start_worker(app, perform_ping_check=False, pool="solo", shutdown_timeout=30):
        tasks.expire_due_articles.delay()
        wait_until(lambda: not Article.objects.published().exists())
    assert client.get("/guides/a-guide/").status_code == 404

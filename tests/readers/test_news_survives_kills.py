"""A worker is killed twice with -9 while it sends letters of news: nobody gets two, nobody is lost unsaid."""

from __future__ import annotations

import signal
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone

from readers import tasks
from readers.models import NewsLetter
from reviews.services.comment_follows import all_of, tell_of_comments
from tests.factories import make_comment, make_published_article
from tests.readers.subscribers import post_office, subscribe
from tests.readers.test_sending_survives_kills import start_worker, until

pytestmark = [
    pytest.mark.chaos,
    pytest.mark.django_db(transaction=True),
    pytest.mark.filterwarnings("default"),
]

READERS = 300
KILL_AFTER = (READERS // 5, READERS // 2)


def test_each_follower_gets_exactly_one(tmp_path: Path) -> None:
    log = tmp_path / "worker.log"
    article = make_published_article("a-guide")
    subscribe(READERS, topic=all_of(article).key)
    make_comment(article, text="It creaks.")
    assert tell_of_comments(now=timezone.now() - timedelta(minutes=5)) == 1
    with post_office() as post:
        for most in KILL_AFTER:
            tasks.send_news.delay()
            worker = start_worker(post.port, log)
            until(lambda most=most: len(post.letters) >= most, f"{most} letters", log)  # type: ignore[misc]
            worker.send_signal(signal.SIGKILL)
            worker.wait()
            assert len(post.letters) < READERS, "killed in the middle"
        tasks.send_news.delay()
        worker = start_worker(post.port, log)
        over = NewsLetter.objects.filter(state__in=["sent", "unsure"])
        try:
            until(lambda: over.count() == READERS, "the end", log)
        finally:
            worker.terminate()
            worker.wait(20)
    assert set(post.copies.values()) == {1}, "nobody got two"
    unsure = NewsLetter.objects.filter(state="unsure").count()
    # Of what a killed worker was handing over at that moment nobody knows: one at most for each of them.
    assert unsure <= len(KILL_AFTER)
    assert len(post.letters) >= READERS - unsure
    for letter in NewsLetter.objects.filter(state="sent").select_related("reader"):
        assert post.copies[letter.reader.address] == 1

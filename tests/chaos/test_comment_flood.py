"""Fifty networks flood an article with comments while somebody reads it: the server answers, the queue stays bounded,
everybody is told why, and moderators get one letter."""

from __future__ import annotations

import http.client
import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import urlencode

import pytest

from catalog.services.page_changes import carry_page_changes
from reviews import tasks
from reviews.comments.rules import MOST_IN_WINDOW, MOST_WAITING_HERE
from reviews.models import Comment
from tests.chaos.test_go_without_services import is_listening, wait_until
from tests.chaos.test_pages_follow_changes import Web
from tests.factories import make_colleague, make_published_article
from tests.readers.subscribers import post_office
from tests.readers.test_sending_survives_kills import start_worker

pytestmark = [
    pytest.mark.chaos,
    pytest.mark.django_db(transaction=True),
    pytest.mark.filterwarnings("default"),
]
CLIENTS, EACH = 50, 4
WHY_FULL = "More comments are waiting for this article than we can read just now."
WHY_BUSY = "yours was not looked at"
WHY_RATE = f"{MOST_IN_WINDOW} comments came from your network"


def send(port: int, article: int, network: str, text: str) -> tuple[int, str]:
    """The answer to one comment from this network; where the site asks for patience, what the button says is done."""
    while WHY_BUSY in (answer := press(port, article, network, text))[1]:
        assert answer[0] == 503
        assert text in answer[1]
        time.sleep(1)
    return answer


def press(port: int, article: int, network: str, text: str) -> tuple[int, str]:
    client = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
    try:
        form = urlencode({"name": "Flood", "email": "", "text": text, "website": ""})
        head = {"Host": "127.0.0.1", "X-Forwarded-For": network, "Content-Type": "application/x-www-form-urlencoded"}
        client.request("POST", f"/comments/write/{article}/", form, head)
        answer = client.getresponse()
        return answer.status, answer.read().decode()
    finally:
        client.close()


def test_a_flood_ends_at_the_bound_and_everybody_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BEHIND_PROXY", "1")
    article = make_published_article("a-guide")
    moderator = make_colleague("mod", "Moderator")
    moderator.email = "mod@desk.example"
    moderator.save()
    carry_page_changes()
    path = article.get_absolute_url()
    web = Web(tmp_path, "web")
    seen: Counter[str] = Counter()
    is_over = threading.Event()

    def read() -> None:
        while not is_over.is_set():
            _, body = web.ask(path)  # any answer but 200 is an error
            seen["with a flood" if b"Flood number" in body else "as it was"] += 1

    try:
        wait_until(lambda: is_listening(web.port) or web.process.poll() is not None)
        web.ask(path)
        with ThreadPoolExecutor(CLIENTS + 1) as crowd:
            reading = crowd.submit(read)
            sent = [
                crowd.submit(send, web.port, article.pk, f"10.1.0.{number + 1}", f"Flood number {number} {nth}")
                for nth in range(EACH)
                for number in range(CLIENTS)
            ]
            answers = [one.result() for one in sent]
            alone = [send(web.port, article.pk, "10.2.0.1", f"One network {nth}")[1] for nth in range(2)]
            is_over.set()
            reading.result()
    finally:
        is_over.set()
        web.close()
    assert Comment.objects.filter(state="held").count() == MOST_WAITING_HERE
    assert Comment.objects.count() == MOST_WAITING_HERE
    taken = [body for status, body in answers if status == 302]
    refused = [body for status, body in answers if status != 302]
    assert len(taken) == MOST_WAITING_HERE
    assert len(refused) == CLIENTS * EACH - MOST_WAITING_HERE
    assert {status for status, _ in answers if status != 302} == {503}
    # Each of them is told why, and has their words back in the form.
    assert all(WHY_FULL in body and "Flood number" in body for body in [*refused])
    assert all(WHY_FULL in body for body in alone)
    assert set(seen) == {"as it was"}
    with post_office() as post:
        tasks.send_comment_letters.delay()
        worker = start_worker(post.port, tmp_path / "worker.log")
        try:
            wait_until(lambda: len(post.letters) > 0)
            tasks.send_comment_letters.delay()
            wait_until(lambda: Comment.objects.filter(told_at=None).count() == 0)
        finally:
            worker.terminate()
            worker.wait(30)
    assert [letter.recipients for letter in post.letters] == [("mod@desk.example",)]


def test_one_network_is_told_that_it_is_enough(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BEHIND_PROXY", "1")
    article = make_published_article("a-guide")
    carry_page_changes()
    web = Web(tmp_path, "web")
    try:
        wait_until(lambda: is_listening(web.port) or web.process.poll() is not None)
        with ThreadPoolExecutor(20) as crowd:
            sent = [crowd.submit(send, web.port, article.pk, "10.1.0.1", f"Number {number}") for number in range(20)]
            answers = [one.result() for one in sent]
    finally:
        web.close()
    assert Comment.objects.count() == MOST_IN_WINDOW
    assert sum(status == 302 for status, _ in answers) == MOST_IN_WINDOW
    assert sum(WHY_RATE in body for _, body in answers) == 20 - MOST_IN_WINDOW

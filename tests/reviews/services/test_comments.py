"""The rules meet real rows: who is known, what is repeated, who is banned, and fifty who send at once."""

from __future__ import annotations

import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.test import Client
from django.utils import timezone

from reviews.comments import rules as comment_rules
from reviews.models import Article, Comment, CommentBan, CommentWord
from reviews.own_forms import doorway
from reviews.services import comments
from reviews.services.comments import CommentError, CommentInput, write_comment
from tests.factories import make_comment, make_published_article, make_staff

pytestmark = pytest.mark.django_db(transaction=True)
NOW = timezone.now()


@pytest.fixture
def article() -> Article:
    return make_published_article("a-guide")


def said(article: Article, text: str = "Mine creak.", *, now: object = None, **given: object) -> Comment:
    values = {"name": "Robin", "address": "robin@reader.example", "network": "n1", **given}
    return write_comment(CommentInput(text=text, **values), article=article, now=now or NOW)  # type: ignore[arg-type]


def why(comment: Comment) -> str:
    return " ".join(comment.reasons)


def known(article: Article) -> None:
    make_comment(article, "An earlier one.", written_at=NOW - timedelta(days=3))


def test_a_comment_that_was_only_held_makes_nobody_known(article: Article) -> None:
    said(article, now=NOW - timedelta(days=1))
    assert "first one from this address" in why(said(article, "Another."))


def test_words_of_the_list_have_it_wait_or_keep_it_out(article: Article) -> None:
    known(article)
    CommentWord.objects.create(word="cheap", act="hold")
    CommentWord.objects.create(word="casino", act="refuse")
    assert "“cheap”" in why(said(article, "Very CHEAP ones"))
    with pytest.raises(CommentError, match="casino"):
        said(article, "Visit the casino")
    with pytest.raises(CommentError, match="casino"):
        said(article, "Fine", name="Casino")


def test_the_same_words_are_not_taken_twice_here_and_wait_elsewhere(article: Article) -> None:
    known(article)
    said(article, "The same words!", now=NOW - timedelta(minutes=2))
    with pytest.raises(CommentError, match="arrived here before"):
        said(article, "the SAME words")
    other = make_published_article("another")
    assert "another article" in why(said(other, "The same words."))
    assert said(other, "The same words.", now=NOW + comments.REPEATED_WITHIN * 2).state == "shown"


def test_seconds_after_another_of_the_same_network_it_waits(article: Article) -> None:
    known(article)
    said(article, "One", now=NOW - timedelta(seconds=10))
    assert "only seconds after" in why(said(article, "Two"))
    assert said(article, "Three", network="n2").state == "shown"


def test_a_name_of_the_newsroom_is_looked_at(article: Article) -> None:
    known(article)
    assert "name of somebody who writes here" in why(said(article, name="ada field"))
    hidden = said(article, "Another", name="Ada\u200b Fi\u200deld", network="n2")
    assert "name of somebody who writes here" in why(hidden)


def test_a_banned_address_or_network_is_told_so(article: Article) -> None:
    known(article)
    editor = make_staff()
    ban = {"name": "R", "reason": "Spam", "made_at": NOW, "made_by": editor}
    CommentBan.objects.create(kind="network", key="n9", until=NOW + timedelta(hours=1), **ban)
    with pytest.raises(CommentError, match="not taken for now") as caught:
        said(article, network="n9")
    assert caught.value.rule == "ban"
    assert said(article, network="n9", now=NOW + timedelta(hours=2)).state == "shown"
    CommentBan.objects.create(kind="address", key=comments.address_key("robin@reader.example"), **ban)
    with pytest.raises(CommentError, match="not taken for now"):
        said(article, "Again", network="n3", address="ROBIN@reader.example ")


def test_votes_of_one_network_count_once_a_day(article: Article) -> None:
    comment = make_comment(article)
    counted = [
        comments.vote_for_comment(comment_id=comment.pk, voter=voter, now=NOW + timedelta(days=days))
        for voter, days in (("a", 0), ("a", 0), ("b", 0), ("a", 1))
    ]
    assert counted == [True, False, True, True]
    held = make_comment(article, "Held", state="held")
    assert not comments.vote_for_comment(comment_id=held.pk, voter="a", now=NOW)


def test_two_presses_at_the_same_moment_count_once(article: Article) -> None:
    """The second one comes while the first is not committed: it has to wait, and is none then."""
    comment = make_comment(article)
    has_begun = threading.Event()

    def press_first() -> bool:
        try:
            with transaction.atomic():
                counted = comments.vote_for_comment(comment_id=comment.pk, voter="a", now=NOW)
                has_begun.set()
                ends = time.monotonic() + 30
                while not waits_for_us() and time.monotonic() < ends:
                    time.sleep(0.02)
            return counted
        finally:
            connection.close()

    def waits_for_us() -> bool:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1 FROM pg_locks WHERE NOT granted AND pg_backend_pid() = ANY(pg_blocking_pids(pid))")
            return cursor.fetchone() is not None

    with ThreadPoolExecutor(1) as pool:
        first = pool.submit(press_first)
        assert has_begun.wait(30)
        assert not comments.vote_for_comment(comment_id=comment.pk, voter="a", now=NOW)
        assert first.result(30)
    comment.refresh_from_db()
    assert comment.useful == 1


def test_fifty_at_once_do_not_get_past_the_bound_and_each_is_told_why(
    article: Article, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(comment_rules, "MOST_WAITING_HERE", 20)
    monkeypatch.setattr(doorway, "lets_in", lambda *, now: True)  # which would give most of them back unread

    def send(number: int) -> tuple[int, str]:
        try:
            sent = {"name": f"N{number}", "text": f"Number {number} says so."}
            client = Client(REMOTE_ADDR=f"198.51.100.{number}")
            answer = client.post(f"/comments/write/{article.pk}/", sent)
            return answer.status_code, answer.content.decode()
        finally:
            connection.close()

    with ThreadPoolExecutor(10) as pool:
        answers = list(pool.map(send, range(50)))
    assert Counter(status for status, _ in answers) == {302: 20, 503: 30}
    assert Comment.objects.filter(state="held").count() == 20
    for number, (status, body) in enumerate(answers):
        if status == 503:
            assert "More comments are waiting for this article than we can read" in body
            assert f"Number {number} says so." in body, "what was typed comes back"


def test_one_network_that_floods_is_stopped_and_told(article: Article) -> None:
    sent = [
        Client().post(f"/comments/write/{article.pk}/", {"name": "N", "text": f"Number {number}"})
        for number in range(comment_rules.MOST_IN_WINDOW + 4)
    ]
    assert [one.status_code for one in sent] == [302] * comment_rules.MOST_IN_WINDOW + [429] * 4
    assert sent[-1]["Retry-After"] == "600"
    assert "Keep the text below" in sent[-1].content.decode()

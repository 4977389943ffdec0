"""Moderators hear of what waits in one letter each half hour, and only a press on its page decides."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
import time_machine
from django.contrib.auth.models import User
from django.core import mail
from django.test import Client
from django.utils import timezone

from reviews.comment_links import LETTER_LIFE, letter_url
from reviews.models import Article, Comment
from reviews.services.comment_letters import APART, send_comment_letters
from tests.factories import make_colleague, make_comment

pytestmark = pytest.mark.django_db
NOW = timezone.now()


def held(article: Article, text: str = "Mine creak.") -> Comment:
    return make_comment(article, text, state="held", reasons=["It is the first one."])


def test_one_letter_names_all_that_waits_and_the_next_comes_half_an_hour_later(
    article: Article, moderator: User
) -> None:
    make_colleague("writer", "Writer")
    held(article, "One.")
    held(article, "Two.")
    assert send_comment_letters(now=NOW) == 2
    held(article, "Three.")
    assert send_comment_letters(now=NOW + APART - timedelta(seconds=1)) == 0
    assert send_comment_letters(now=NOW + APART + timedelta(seconds=1)) == 1
    assert send_comment_letters(now=NOW + 3 * APART) == 0
    assert [(letter.to, letter.subject) for letter in mail.outbox] == [
        (["mod@newsroom.example"], "2 comments wait"),
        (["mod@newsroom.example"], "1 comment waits"),
    ]
    assert "robin@reader.example" not in mail.outbox[0].body
    assert "It is the first one." in mail.outbox[0].body


def test_a_letter_that_could_not_be_sent_is_sent_the_next_time(
    article: Article, moderator: User, settings: object
) -> None:
    comment = held(article)
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"  # type: ignore[attr-defined]
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1  # type: ignore[attr-defined]  # nobody listens there
    assert send_comment_letters(now=NOW) == 0
    comment.refresh_from_db()
    assert comment.told_at is None


def test_opening_every_link_of_the_letter_changes_nothing_and_a_press_decides(
    article: Article, moderator: User
) -> None:
    comment = held(article)
    send_comment_letters(now=NOW)
    links = re.findall(r"https?://\S+", mail.outbox[0].body)
    (link,) = [one for one in links if "/comments/decide/" in one]
    path = link.partition("8000")[2]
    client = Client()
    for method in (client.get, client.head):
        assert method(path).status_code == 200
    comment.refresh_from_db()
    assert comment.state == "held"
    refused = client.post(path, {"state": "refused"})
    assert refused.status_code == 400
    assert "Say why" in refused.content.decode()
    assert "Decided: shown" in client.post(path, {"state": "shown"}).content.decode()
    comment.refresh_from_db()
    assert (comment.state, comment.decided_by) == ("shown", moderator)
    client.post(path, {"state": "spam"})
    comment.refresh_from_db()
    assert comment.state == "shown", "what is decided is no longer the letter's"


def test_a_link_ends_after_two_days_and_with_its_owners_right(article: Article, moderator: User) -> None:
    comment = held(article)
    path = letter_url(comment.pk, moderator.pk)
    with time_machine.travel(timezone.now() + LETTER_LIFE + timedelta(seconds=1)):
        assert Client().post(path, {"state": "shown"}).status_code == 404
    moderator.groups.clear()
    assert Client().post(path, {"state": "shown"}).status_code == 404
    assert Client().post(path[:-3] + "x/", {"state": "shown"}).status_code == 404
    assert Client().post(path, {"state": "shown"}, headers={"Origin": "https://evil.example"}).status_code == 403
    comment.refresh_from_db()
    assert comment.state == "held"

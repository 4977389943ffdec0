"""Two colleagues, or a colleague and the clock, on one article at once: each step once, and nothing in between."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from reviews.desk import steps
from reviews.desk.publishing import publish_article, retire_article
from reviews.models import Article
from reviews.services.articles import ArticleError, BlockInput, edit_article
from tests.factories import make_article, make_published_article

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*acts: Callable[[], Any]) -> list[Any]:
    """What each returned or raised, begun together, each on a connection of its own."""
    found: list[Any] = [None] * len(acts)
    start = threading.Barrier(len(acts))

    def run(number: int, act: Callable[[], Any]) -> None:
        start.wait()
        try:
            found[number] = act()
        except Exception as error:
            found[number] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(number, act)) for number, act in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    return found


def fresh(article: Article) -> Article:
    return Article.objects.get(pk=article.pk)


def test_two_who_publish_at_once_make_one_revision() -> None:
    article = make_article()
    at_once(*[lambda: publish_article(article=fresh(article))] * 4)
    assert article.revisions.count() == 1
    assert article.stage_changes.filter(step="publish").count() == 1


def test_of_two_who_answer_a_review_the_second_is_told_what_the_first_did() -> None:
    article = make_article()
    now = timezone.now()
    steps.send_to_review(article=article, by=None, now=now)
    found = at_once(
        lambda: steps.ask_for_changes(article=fresh(article), by=None, note="Shorter.", now=now),
        lambda: steps.ask_for_changes(article=fresh(article), by=None, note="Longer.", now=now),
    )
    refused = [error for error in found if isinstance(error, ArticleError)]
    assert len(refused) == 1
    assert "asked for changes" in str(refused[0])


def test_workers_that_come_at_the_same_hour_publish_once() -> None:
    now = timezone.now()
    articles = [make_article(f"article-{number}") for number in range(4)]
    for article in articles:
        steps.schedule_article(article=article, by=None, at=now + timedelta(minutes=1), now=now)
    found = at_once(*[lambda: steps.publish_due(now=now + timedelta(minutes=1))] * 4)
    assert sum(found) == 4
    for article in articles:
        assert article.revisions.count() == 1
        assert article.stage_changes.filter(step="publish_due").count() == 1


def test_the_clock_and_who_takes_it_off_the_schedule_do_not_both_win() -> None:
    now = timezone.now()
    article = make_article()
    steps.schedule_article(article=article, by=None, at=now + timedelta(minutes=1), now=now)
    published, off = at_once(
        lambda: steps.publish_due(now=now + timedelta(minutes=1)),
        lambda: steps.unschedule(article=fresh(article), by=None, now=now),
    )
    article.refresh_from_db()
    assert article.stage == "writing"
    assert (published == 1) == (article.status == "published")
    assert isinstance(off, ArticleError) == (article.status == "published")


def test_retiring_and_publishing_at_once_ends_in_one_of_both() -> None:
    article = make_published_article()
    found = at_once(
        lambda: retire_article(article=fresh(article)),
        lambda: publish_article(article=fresh(article)),
        lambda: retire_article(article=fresh(article)),
    )
    assert not [error for error in found if isinstance(error, Exception)]
    article.refresh_from_db()
    last = article.stage_changes.first()
    assert last is not None
    assert article.status == {"retire": "retired", "publish": "published"}[last.step]


def test_who_saves_while_it_is_published_changes_no_revision() -> None:
    article = make_article()

    def save() -> None:
        row = fresh(article)
        row.title = "Saved meanwhile"
        edit_article(article=row, blocks=[BlockInput("prose", {"html": "<p>Other.</p>"})])

    found = at_once(save, lambda: publish_article(article=fresh(article)))
    assert not [error for error in found if isinstance(error, Exception)]
    article.refresh_from_db()
    assert (article.title, article.status) == ("Saved meanwhile", "published")
    content = article.revisions.get().content
    told = (content["article"]["title"], "Other." in str(content["blocks"]))
    assert told in {("Saved meanwhile", True), ("A guide", False)}

"""Two colleagues act at once on the version both looked at: one act is done, the other is told, nothing is lost."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from reviews.desk import steps
from reviews.desk.publishing import publish_article
from reviews.models import Article
from reviews.services.articles import ArticleError, BlockInput, ConflictError, edit_article
from tests.factories import make_article

pytestmark = pytest.mark.django_db(transaction=True)
ROUNDS = 6  # who comes first differs from round to round


def at_once(*acts: Callable[[], Any]) -> list[Any]:
    """What each returned or raised, begun together, each on a connection of its own."""
    found: list[Any] = [None] * len(acts)
    start = threading.Barrier(len(acts))

    def run(number: int, act: Callable[[], Any]) -> None:
        try:
            start.wait(timeout=20)
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
    assert not any(thread.is_alive() for thread in threads), "two acts wait for each other"
    return found


def _fresh(article: Article) -> Article:
    return Article.objects.get(pk=article.pk)


def _save(article: Article, words: str, seen: int) -> None:
    row = _fresh(article)
    row.title = words
    edit_article(article=row, blocks=[BlockInput("prose", {"html": f"<p>{words}</p>"})], seen_version=seen)


def _shown(article: Article) -> tuple[str, bool]:
    """Title and text that readers see; both of one version, or something was torn."""
    content = article.revisions.latest("number").content
    title = content["article"]["title"]
    return title, f"<p>{title}</p>" in str(content["blocks"])


@pytest.mark.parametrize("number", range(ROUNDS))
def test_who_publishes_a_version_publishes_no_other_that_was_saved_meanwhile(number: int) -> None:
    article = make_article(title="First", blocks=[BlockInput("prose", {"html": "<p>First</p>"})])
    seen = article.version
    acts = [
        lambda: _save(article, "Second", seen),
        lambda: publish_article(article=_fresh(article), seen_version=seen),
    ]
    saved, published = at_once(*(acts if number % 2 else reversed(acts)))
    if not number % 2:
        saved, published = published, saved
    assert saved is None, saved  # publishing changes no word of the working copy: who saves is never refused for it
    article.refresh_from_db()
    assert (article.title, article.version) == ("Second", seen + 1)
    if isinstance(published, Exception):
        assert isinstance(published, ArticleError)
        assert "saved" in str(published)
        assert (article.status, article.revisions.count()) == ("draft", 0)
    else:
        assert _shown(article) == ("First", True)
        assert article.revisions.count() == 1


@pytest.mark.parametrize("number", range(ROUNDS))
def test_of_two_who_save_one_is_told_and_a_third_publishes_one_of_them_whole(number: int) -> None:
    article = make_article(title="First", blocks=[BlockInput("prose", {"html": "<p>First</p>"})])
    seen = article.version
    one, other, published = at_once(
        lambda: _save(article, "One", seen),
        lambda: _save(article, "Other", seen),
        lambda: publish_article(article=_fresh(article)),
    )
    assert sorted(type(one).__name__ for one in (one, other)) == ["ConflictError", "NoneType"]
    assert not isinstance(published, Exception), published
    article.refresh_from_db()
    winner = "Other" if isinstance(one, ConflictError) else "One"
    assert (article.title, article.version) == (winner, seen + 1)
    assert _shown(article) in {("First", True), (winner, True)}


@pytest.mark.parametrize("number", range(ROUNDS))
def test_publishing_and_scheduling_at_once_ends_in_one_state_that_both_can_read(number: int) -> None:
    article = make_article()
    now = timezone.now()
    at = now + timedelta(hours=1)
    seen = article.version
    published, scheduled = at_once(
        lambda: publish_article(article=_fresh(article), seen_version=seen, now=now),
        lambda: steps.schedule_article(article=_fresh(article), by=None, at=at, now=now, seen_version=seen),
    )
    article.refresh_from_db()
    done = [change.step for change in article.stage_changes.order_by("pk")]
    assert article.revisions.count() == (0 if isinstance(published, Exception) else 1)
    for refused in (published, scheduled):
        assert not isinstance(refused, Exception) or isinstance(refused, ArticleError), refused
    if article.stage == "scheduled":  # it was scheduled last: readers see what was published, and again then
        assert (article.publish_at, article.scheduled_version is None) == (at, False)
        assert done[-1] == "schedule"
    else:
        assert (article.status, article.stage, article.publish_at) == ("published", "writing", None)
        assert done[-1] == "publish"
    steps.publish_due(now=at)
    article.refresh_from_db()
    assert (article.status, article.stage, article.revisions.count()) == ("published", "writing", 1)


@pytest.mark.parametrize("number", range(ROUNDS))
def test_who_schedules_a_version_schedules_no_other_that_was_saved_meanwhile(number: int) -> None:
    article = make_article(title="First", blocks=[BlockInput("prose", {"html": "<p>First</p>"})])
    now = timezone.now()
    at = now + timedelta(hours=1)
    seen = article.version
    saved, scheduled = at_once(
        lambda: _save(article, "Second", seen),
        lambda: steps.schedule_article(article=_fresh(article), by=None, at=at, now=now, seen_version=seen),
    )
    assert saved is None, saved
    article.refresh_from_db()
    assert article.title == "Second"
    assert isinstance(scheduled, ArticleError) == (article.stage != "scheduled"), scheduled
    steps.publish_due(now=at)
    if not isinstance(scheduled, Exception):
        assert _shown(article) == ("First", True)

"""Does an article with 5,000 comments ask as few questions, and is it made nearly as fast, as one without?"""

from __future__ import annotations

import statistics
import time
from datetime import timedelta
from pathlib import Path
from typing import Any

from bench.figures import Figure

COMMENTS = 5_000
ROUNDS = 5
GOAL = 1.2


def figures(folder: Path) -> list[Figure]:
    from django.test import override_settings

    # Static files by their plain names: nothing has to be collected.
    plain = {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
    with override_settings(STORAGES=plain, PAGE_CACHE_SECONDS=0):
        from bench.article_queries import _published

        quiet, loud = _published(8), _published(9)
        few, many = _queries(quiet, 1), _queries(loud, COMMENTS)
        bare = _published(10)
        without, with_all = _rounds(bare, loud)
    ratio = statistics.median(with_all) / statistics.median(without)
    return [
        Figure(
            name="comment_queries",
            ratio=round(many / few, 3),
            goal=1,
            ok=many == few,
            unit=f"queries of an article with {COMMENTS:,} comments ÷ of one with a thread (less is better)",
            note=f"{few} and {many} queries, no page cache",
        ),
        Figure(
            name="comment_page",
            ratio=round(ratio, 3),
            goal=GOAL,
            ok=ratio <= GOAL,
            unit=f"times as long to make an article's page with {COMMENTS:,} comments as without any (less is better)",
            note=(
                f"one process, no page cache, {ROUNDS} alternating rounds, medians "
                f"{statistics.median(with_all) * 1000:.1f} and {statistics.median(without) * 1000:.1f} ms; "
                "10 and 9 products"
            ),
        ),
    ]


def _queries(slug: str, number: int) -> int:
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    _say(slug, number)
    client = Client(headers={"host": "127.0.0.1"})
    client.get(f"/best/{slug}/")  # what is asked only once
    with CaptureQueriesContext(connection) as asked:
        assert client.get(f"/best/{slug}/").status_code == 200
    return len(asked)


def _say(slug: str, number: int) -> None:
    """So many comments, every fifth with an answer among them."""
    from django.db import connection
    from django.utils import timezone

    from reviews.models import Article, Comment
    from reviews.services.comments import words_of

    article, now = Article.objects.get(slug=slug), timezone.now()
    words = words_of("Mine **creak** after a year, and the pads flake. Which ones did you take?")
    given: dict[str, Any] = {"article": article, "state": "shown", **words}
    firsts = Comment.objects.bulk_create(
        Comment(name=f"Reader {one}", written_at=now - timedelta(minutes=number - one), **given)
        for one in range(max(1, number * 5 // 6))
    )
    Comment.objects.bulk_create(
        Comment(name="Kim", parent=first, answered=first, place=1, written_at=now, **given) for first in firsts[::5]
    )
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE reviews_comment")  # as PostgreSQL does by itself within a minute


def _rounds(without: str, with_all: str) -> tuple[list[float], list[float]]:
    found: tuple[list[float], list[float]] = ([], [])
    for slug in (without, with_all):
        _seconds(slug)
    for _ in range(ROUNDS):
        for slug, times in zip((without, with_all), found, strict=True):
            times.append(_seconds(slug))
    return found


def _seconds(slug: str) -> float:
    """What one page takes, over as many as go into a second."""
    from django.test import RequestFactory

    from reviews.views.pages import article

    request = RequestFactory().get(f"/best/{slug}/", headers={"host": "127.0.0.1"})
    count, began = 0, time.perf_counter()
    while (took := time.perf_counter() - began) < 1:
        assert article(request, section="best", slug=slug).status_code == 200
        count += 1
    return took / count

"""The list of what is wrong with articles that readers see."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from reviews.models import Article, Finding
from tests.factories import make_published_article, make_staff
from tests.reviews.desk.gate.articles import NOW

pytestmark = pytest.mark.django_db

LIST = "/admin/reviews/finding/"


@pytest.fixture
def editor(client: Client) -> Client:
    client.force_login(make_staff("editor", "reviews.view_finding"))
    return client


def add(article: Article, count: int, **fields: object) -> None:
    Finding.objects.bulk_create(
        Finding(
            article=article,
            message=f"Block 2 (Text): finding {number}.",
            **{
                "check_key": "heading-jump", "is_refusal": True, "block_number": 2, "first_seen_at": NOW,
                "last_seen_at": NOW, **fields,
            },
        )
        for number in range(count)
    )  # fmt: skip


def test_open_ones_are_shown_with_rule_article_and_block(editor: Client) -> None:
    article = make_published_article()
    add(article, 1)
    html = editor.get(LIST).content.decode()
    assert "Block 2 (Text): finding 0." in html
    assert "No heading skips a level." in html
    assert f'href="/admin/reviews/article/{article.pk}/change/#block-2"' in html


def test_resolved_ones_are_the_history(editor: Client) -> None:
    article = make_published_article()
    add(article, 1, resolved_at=NOW)
    assert "finding 0." not in editor.get(LIST).content.decode()
    assert "finding 0." in editor.get(f"{LIST}?state=resolved").content.decode()
    assert "finding 0." in editor.get(f"{LIST}?state=all").content.decode()


def test_filters_narrow_the_list(editor: Client) -> None:
    add(make_published_article(), 1)
    for query, is_there in (
        ("check=heading-jump", True),
        ("check=alt-missing", False),
        ("weight=warning", False),
        ("weight=refusal", True),
    ):
        assert ("finding 0." in editor.get(f"{LIST}?{query}").content.decode()) is is_there, query


def test_it_takes_as_many_queries_for_two_hundred_rows_as_for_twenty(editor: Client) -> None:
    article = make_published_article()

    def queries() -> int:
        with CaptureQueriesContext(connection) as seen:
            assert editor.get(LIST).status_code == 200
        return len(seen)

    add(article, 20)
    few = queries()
    add(article, 180)
    assert queries() == few


def test_nobody_changes_or_deletes_one_by_hand(editor: Client) -> None:
    add(make_published_article(), 1)
    found = Finding.objects.get()
    assert editor.post(f"{LIST}{found.pk}/delete/", {"post": "yes"}).status_code == 403
    assert editor.get(f"{LIST}add/").status_code == 403


def test_who_may_not_see_it_does_not(client: Client) -> None:
    client.force_login(make_staff("other"))
    assert client.get(LIST).status_code == 403

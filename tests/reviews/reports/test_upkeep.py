"""The report by article says how fresh each article is, in words and signs, sorted by what needs an editor most."""

from __future__ import annotations

import csv
import io
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from catalog.models import SpecEvidence
from reviews.models import Article, Finding, Revision, Watch
from reviews.reports.upkeep import upkeep_of_articles
from reviews.services.articles import BlockInput
from tests.factories import (
    make_merchant,
    make_product,
    make_published_article,
    make_review,
    make_seen_offer,
    make_staff,
    make_watch,
)

pytestmark = pytest.mark.django_db
PAGE = "/admin/catalog/clicktally/?by=article"


@pytest.fixture
def editor(client: Client) -> Client:
    client.force_login(make_staff("ada", "catalog.view_clicktally"))
    return client


def due(product: Any, days: int) -> None:
    today = timezone.localdate()
    SpecEvidence.objects.create(
        product=product,
        spec="weight_g",
        source=f"Source {days}",
        checked_on=today - timedelta(days=200),
        due_on=today + timedelta(days=days),
    )


def worn_article() -> Article:
    """Revised 400 days ago; its card shows a price of five hours, a mention one of three; nothing else is as it was."""
    now = timezone.now()
    one, two = make_product("One"), make_product("Two")
    make_seen_offer(one, make_merchant(), seen_at=now - timedelta(hours=5, minutes=5))
    make_seen_offer(two, make_merchant("Other"), seen_at=now - timedelta(hours=3))
    blocks = [
        BlockInput("product_card", {"badge": "", "text": "Good."}, [one]),
        BlockInput("prose", {"html": f'<p>It costs <a href="price:{two.slug}">little</a>.</p>'}),
    ]
    article = make_published_article("worn", title="Worn", blocks=blocks, now=now - timedelta(days=400))
    for days in (-1, 0, 30, 31):
        due(one, days)
    Finding.objects.create(
        article=article, check_key="alt-missing", message="No.", is_refusal=True, first_seen_at=now, last_seen_at=now
    )
    watch = make_watch(article, one)
    Watch.objects.filter(pk=watch.pk).update(state=Watch.State.BROKEN)
    return article


def test_everything_that_ages_is_counted() -> None:
    article = worn_article()
    found = upkeep_of_articles(now=timezone.now())[f"a{article.pk}"]
    assert (found.revised_days, found.overdue, found.due_soon) == (400, 1, 2)
    assert (found.findings, found.broken) == (1, 1)
    assert found.price_text == "5 h"


def test_what_nobody_clicked_in_stands_there_too_in_words(editor: Client) -> None:
    worn_article()
    make_published_article("fresh", title="Fresh")
    html = editor.get(PAGE).content.decode()
    for words in ("✗ 400 days ago, over a year", "5 h", "✗ 1 past due, … 2 soon", "✗ 1 open", "✗ 1 no longer true"):
        assert words in html
    assert html.count("✓ none") == 3
    assert "no price" in html


def test_a_price_that_may_not_be_shown_any_more_is_none_on_the_page() -> None:
    shop = make_merchant(max_price_age=timedelta(hours=24))
    product = make_product()
    make_seen_offer(product, shop, seen_at=timezone.now() - timedelta(hours=30))
    article = make_review(product)
    assert upkeep_of_articles(now=timezone.now())[f"a{article.pk}"].price_age is None


@pytest.mark.parametrize("sort", ["revised", "price", "claims", "findings", "watches"])
def test_a_columns_name_puts_first_what_needs_somebody_most(editor: Client, sort: str) -> None:
    make_published_article("fresh", title="Fresh")
    worn_article()
    html = editor.get(f"{PAGE}&sort={sort}").content.decode()
    rows = html.partition('<table class="rows with-upkeep">')[2]
    assert rows.index("Worn<") < rows.index("Fresh<")
    assert rows.count('aria-sort="descending"') == 1


def test_an_unknown_order_is_that_by_clicks(editor: Client) -> None:
    assert editor.get(f"{PAGE}&sort=<b>").status_code == 200


def test_the_csv_file_has_the_same(editor: Client) -> None:
    worn_article()
    text = b"".join(editor.get(f"{PAGE}&format=csv&sort=revised").streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]
    (row,) = csv.DictReader(io.StringIO(text))
    assert (row["days since revision"], row["claims past due"], row["claims due within 30 days"]) == ("400", "1", "2")
    assert (row["open findings"], row["broken claims"]) == ("1", "1")
    assert float(row["oldest price in hours"]) == pytest.approx(5.1, abs=0.1)


def test_other_sides_are_as_they_were(editor: Client) -> None:
    worn_article()
    assert "Oldest price" not in editor.get("/admin/catalog/clicktally/?by=product").content.decode()
    assert "Oldest price" not in editor.get(f"{PAGE}&key=a1").content.decode()


def copies_of(article: Article, numbers: range) -> None:
    """Published like it, without drawing two hundred pages."""
    content = article.live_revision.content  # type: ignore[union-attr]
    now = timezone.now()
    for number in numbers:
        copy = Article.objects.create(slug=f"a-{number}", title="Copy", kind="guide", author=article.author)
        live = Revision.objects.create(article=copy, number=1, content=content, created_at=now)
        Article.objects.filter(pk=copy.pk).update(live_revision=live, status="published", published_at=now)


def test_two_hundred_articles_cost_as_many_queries_as_twenty(editor: Client) -> None:
    product = make_product()
    make_seen_offer(product, make_merchant())
    card = BlockInput("product_card", {"badge": "", "text": "Good."}, [product])
    article = make_published_article("first", blocks=[card])
    counts = []
    for numbers in (range(20), range(20, 200)):
        copies_of(article, numbers)
        with CaptureQueriesContext(connection) as queries:
            html = editor.get(f"{PAGE}&sort=price").content.decode()
        counts.append(len(queries))
    assert counts[0] == counts[1]
    assert html.count("under an hour") + html.count(" h</td>") >= 200

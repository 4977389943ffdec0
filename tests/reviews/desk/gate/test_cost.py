"""Looking at an article costs the same number of queries, however much it shows, and draws its page once."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from reviews.desk.gate import inspect
from reviews.models import Article
from reviews.services.articles import BlockInput
from reviews.services.drafts import draft_content
from tests.factories import make_article, make_author, make_merchant, make_product, make_seen_offer
from tests.reviews.desk.gate.articles import NOW, card, text

pytestmark = pytest.mark.django_db

BUDGET = 25


def queries(slug: str, products: int) -> int:
    shop = make_merchant(slug)
    rows = [make_product(f"{slug} {number}") for number in range(products)]
    blocks = [text()]
    for row in rows:
        make_seen_offer(row, shop, seen_at=NOW - timedelta(minutes=5))
        blocks += [card(row), text(f'<h2>{row.model}</h2><p><a href="product:{row.slug}">It</a></p>')]
    table = {"title": "Side by side", "caption": "", "specs": ["weight_g"]}
    blocks.append(BlockInput("comparison", table, rows[:2]))
    article = Article.objects.select_related("author", "reviewer", "live_revision").get(
        pk=make_article(slug, blocks=blocks, reviewer=make_author(slug)).pk
    )
    content = draft_content(article)
    with CaptureQueriesContext(connection) as seen:
        inspection = inspect(article, content, now=NOW)
    assert inspection.refusals == ()
    return len(seen)


def test_twenty_products_cost_what_two_cost() -> None:
    few, many = queries("few", 2), queries("many", 20)
    assert few == many
    assert many <= BUDGET

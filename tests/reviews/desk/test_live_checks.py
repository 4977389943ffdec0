"""What readers see is looked at every night, and what is wrong with it is a row until it is right again."""

from __future__ import annotations

import logging
from datetime import timedelta

import pytest
from django.db import connection

from reviews.desk.live_checks import check_article, check_articles, close_findings, live_chunks
from reviews.desk.publishing import publish_article, retire_article
from reviews.models import Article, Finding, Watch
from reviews.tasks import check_articles as check_articles_task
from tests.factories import make_article, make_product, make_published_article
from tests.reviews.desk.gate.articles import NOW, text, verdict

pytestmark = pytest.mark.django_db

NIGHT = timedelta(days=1)


def refused() -> list[Finding]:
    return list(Finding.objects.open().filter(is_refusal=True))


def sells_one() -> Article:
    return make_published_article(now=NOW, blocks=[text(), verdict(make_product())])


def test_what_has_become_wrong_is_a_row_with_block_and_reason() -> None:
    article = sells_one()
    check_article(article_id=article.pk, now=NOW)
    assert refused() == []
    article.blocks.get(position=2).products.update(status="discontinued")
    assert check_articles(article_ids=[article.pk], now=NOW + NIGHT) == 1
    (found,) = refused()
    assert (found.article, found.check_key, found.block_number) == (article, "product-discontinued", 2)
    assert found.message.startswith("Block 2 (Verdict): Acme One is no longer made")
    assert (found.first_seen_at, found.last_seen_at) == (NOW + NIGHT, NOW + NIGHT)


def test_the_next_night_it_is_the_same_row_and_then_it_is_resolved() -> None:
    article = sells_one()
    products = article.blocks.get(position=2).products
    products.update(status="discontinued")
    for night in (1, 2):
        check_article(article_id=article.pk, now=NOW + night * NIGHT)
    (found,) = refused()
    assert (found.first_seen_at, found.last_seen_at) == (NOW + NIGHT, NOW + 2 * NIGHT)
    products.update(status="current")
    check_article(article_id=article.pk, now=NOW + 3 * NIGHT)
    found.refresh_from_db()
    assert (refused(), found.resolved_at) == ([], NOW + 3 * NIGHT)


def test_what_comes_back_is_a_new_row() -> None:
    article = sells_one()
    products = article.blocks.get(position=2).products
    for night, status in enumerate(("discontinued", "current", "discontinued")):
        products.update(status=status)
        check_article(article_id=article.pk, now=NOW + night * NIGHT)
    rows = Finding.objects.filter(check_key="product-discontinued").order_by("pk")
    assert [row.resolved_at for row in rows] == [NOW + NIGHT, None]


def test_other_words_for_the_same_thing_are_no_news() -> None:
    article = make_published_article(now=NOW)
    watch = Watch.objects.create(article=article, condition="x", state="broken", reason="it costs $61.00")
    check_article(article_id=article.pk, now=NOW)
    Watch.objects.filter(pk=watch.pk).update(reason="it costs $62.00")
    check_article(article_id=article.pk, now=NOW + NIGHT)
    (found,) = Finding.objects.filter(check_key="watch-broken")
    assert ("$62.00" in found.message, found.first_seen_at) == (True, NOW)


def test_the_working_copy_is_not_looked_at() -> None:
    article = make_published_article(now=NOW)
    make_article(blocks=[text("<h4>Deep</h4><p>x</p>")])
    check_article(article_id=article.pk, now=NOW)
    assert refused() == []


def test_an_article_that_cannot_be_drawn_is_a_finding_and_stops_nobody(caplog: pytest.LogCaptureFixture) -> None:
    article = make_article("broken")
    broken = publish_article(article=article, now=NOW)
    with connection.cursor() as cursor:  # past the guard of what is frozen
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(
            "UPDATE reviews_revision SET content = jsonb_set(content, '{blocks}', '[{}]') WHERE id = %s", [broken.pk]
        )
        cursor.execute("SET LOCAL session_replication_role = origin")
    sound = make_published_article("sound", now=NOW, blocks=[text(), verdict(make_product())])
    sound.blocks.get(position=2).products.update(status="discontinued")
    with caplog.at_level(logging.CRITICAL):
        assert check_articles(article_ids=[article.pk, sound.pk], now=NOW) == 2
    assert {row.check_key for row in refused()} == {"page-broken", "product-discontinued"}


def test_what_readers_no_longer_see_is_not_wrong_any_more() -> None:
    article = sells_one()
    article.blocks.get(position=2).products.update(status="discontinued")
    check_article(article_id=article.pk, now=NOW)
    retire_article(article=article)
    assert refused() == []
    assert close_findings(now=NOW + NIGHT) > 0
    assert not Finding.objects.filter(resolved_at__isnull=True).exists()
    assert check_article(article_id=article.pk, now=NOW).refusals == ()


def test_all_that_is_live_is_handed_out_in_pieces() -> None:
    ids = [make_published_article(f"guide-{number}").pk for number in range(3)]
    make_article("draft")
    assert list(live_chunks(size=2)) == [ids[:2], ids[2:]]


def test_an_article_that_is_gone_is_passed_over() -> None:
    check_articles_task([4711])
    assert not Finding.objects.exists()

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.template.loader import render_to_string
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from catalog.models import Product
from catalog.placements import token
from reviews import selectors
from reviews.blocks import BLOCKS
from reviews.desk.publishing import publish_article
from reviews.models import Article
from reviews.pages.article import article_page
from reviews.services.articles import BlockInput
from tests.factories import (
    make_article,
    make_author,
    make_merchant,
    make_product,
    make_published_article,
    make_review,
    make_seen_offer,
)

pytestmark = pytest.mark.django_db


def best_of(slug: str, count: int) -> list[Product]:
    """A published list of that many products, each with a card and an offer at two shops."""
    products = [make_product(f"{slug} {number}") for number in range(count)]
    first, second = make_merchant(f"{slug} one"), make_merchant(f"{slug} two")
    for product in products:
        make_seen_offer(product, first)
        make_seen_offer(product, second, amount="89.00")
    cards = [BlockInput("product_card", {"text": "Why."}, products=[product]) for product in products]
    links = "".join(f'<p><a href="product:{product.slug}">{product.model}</a></p>' for product in products)
    make_published_article(slug, kind="best_of", blocks=[BlockInput("prose", {"html": links}), *cards])
    return products


def queries(client: Client, address: str) -> int:
    with CaptureQueriesContext(
        connection,
    ) as captured:
        assert client.get(address).status_code == 200
    return len(captured)


def test_the_page_asks_as_many_questions_at_twenty_products_as_at_two(client: Client) -> None:
    best_of("few", 2)
    best_of("many", 20)
    client.get("/best/few/")  # what a process asks once
    assert queries(client, "/best/many/") == queries(client, "/best/few/") <= 12


def test_the_template_asks_the_database_nothing(client: Client) -> None:
    product = best_of("list", 3)[0]
    make_review(product)
    article = selectors.published_article("review", f"{product.slug}-review")
    assert article is not None
    page = article_page(article, now=timezone.now())
    with CaptureQueriesContext(connection) as captured:
        html = render_to_string("reviews/article.html", {"page": page})
    assert [query["sql"] for query in captured] == []
    assert "Where to buy" in html


def test_readers_see_the_published_revision_and_not_the_draft(client: Client) -> None:
    make_published_article("guide", title="As published")
    make_article("guide", title="As drafted")
    html = client.get("/guides/guide/").content.decode()
    assert "As published" in html
    assert "As drafted" not in html


def test_a_draft_and_an_article_of_another_kind_are_not_found(client: Client) -> None:
    make_article("draft")
    make_published_article("guide")
    assert client.get("/guides/draft/").status_code == 404
    assert client.get("/reviews/guide/").status_code == 404


def test_the_disclosure_stands_before_the_first_paid_link(client: Client) -> None:
    best_of("list", 2)
    html = client.get("/best/list/").content.decode()
    assert 0 < html.index("commission") < html.index('rel="sponsored')


def test_every_paid_link_is_sponsored_labelled_and_knows_its_place(client: Client) -> None:
    product, article = best_of("list", 1)[0], Article.objects.get(slug="list")
    html = client.get("/best/list/").content.decode()
    assert html.count('href="/go/') == html.count('rel="sponsored nofollow noopener"') == 2
    assert html.count(">paid link</span>") == 2
    # the disclosure is block 1, the text block 2, the card block 3
    assert f'href="/go/{product.slug}-list-two/?p={token(f"a{article.pk}.3.1")}"' in html


def test_blocks_of_a_kind_no_longer_installed_are_left_out_and_the_places_of_the_others_stay(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    product, article = best_of("list", 1)[0], Article.objects.get(slug="list")
    # another table, not one entry out and in again: that would change its order for the tests that follow
    monkeypatch.setattr(
        "reviews.pages.article_blocks.BLOCKS", {key: one for key, one in BLOCKS.items() if key != "prose"}
    )
    response = client.get("/best/list/")
    assert response.status_code == 200
    assert f'href="/go/{product.slug}-list-two/?p={token(f"a{article.pk}.3.1")}"' in response.content.decode()


def test_pros_and_cons_of_a_rival_are_not_those_of_the_subject() -> None:
    product, rival = make_product(), make_product("Rival")
    rivals = BlockInput("pros_cons", {"pros": ["Cheap"], "cons": ["Loud"]}, products=[rival])
    own = BlockInput("pros_cons", {"pros": ["Light"], "cons": ["Warm"]}, products=[product])
    scores = BlockInput(
        "scores", {"rows": [{"criterion": "Sound", "score": "8.0", "weight": "60", "note": ""}]}, products=[product]
    )
    verdict = BlockInput("verdict", {"title": "Verdict", "html": "<p>Buy it.</p>"}, products=[product])
    make_review(product, blocks=[scores, rivals, own, verdict])
    article = selectors.published_article("review", "acme-one-review")
    assert article is not None
    page = article_page(article, now=timezone.now())
    assert (page.pros, page.cons) == (("Light",), ("Warm",))


def test_the_links_of_an_article_with_a_long_slug_say_where_they_stand_too(client: Client) -> None:
    product = make_product()
    make_seen_offer(product, make_merchant())
    article = make_review(product, slug="a" * 120)
    html = client.get(article.get_absolute_url()).content.decode()
    for place in (f"a{article.pk}.5.1", f"a{article.pk}.buy.1"):  # the verdict is the fifth block
        assert f"?p={token(place)}" in html, place


def test_headings_are_listed_and_can_be_linked_to(client: Client) -> None:
    make_review(make_product())
    html = client.get("/reviews/acme-one-review/").content.decode()
    for anchor in ("sound", "comfort", "verdict"):
        assert f'<a href="#{anchor}">' in html
        assert f'id="{anchor}"' in html


def test_links_to_own_things_lead_to_their_addresses(client: Client) -> None:
    make_product("Two")
    make_published_article("other", kind="guide")
    text = '<p><a href="product:acme-two">Two</a> and <a href="article:other">more</a></p>'
    make_published_article("guide", blocks=[BlockInput("prose", {"html": text})])
    html = client.get("/guides/guide/").content.decode()
    assert '<a href="/products/acme-two/">Two</a>' in html
    assert '<a href="/guides/other/">more</a>' in html


def test_a_review_says_who_wrote_it_who_checked_it_and_how_the_unit_came(client: Client) -> None:
    make_review(make_product(), author=make_author("Ada Field"), reviewer=make_author("Ben Ohm"), obtained="loan")
    html = client.get("/reviews/acme-one-review/").content.decode()
    assert '<a href="/authors/ada-field/" rel="author">Ada Field</a>' in html
    assert '<a href="/authors/ben-ohm/">Ben Ohm</a>' in html
    assert "Lent by the maker and returned" in html


def test_what_changed_is_listed_with_its_day() -> None:
    published = datetime(2026, 3, 1, 9, tzinfo=UTC)
    make_published_article("guide", now=published)
    article = make_article("guide", title="Better")
    publish_article(article=article, note="New title.", now=published + timedelta(days=30))
    found = selectors.published_article("guide", "guide")
    assert found is not None
    page = article_page(found, now=timezone.now())
    assert [(change.at.date().isoformat(), change.note) for change in page.changes] == [
        ("2026-03-31", "New title."),
        ("2026-03-01", "First published."),
    ]
    assert page.is_revised


def test_the_nearest_articles_are_named_first() -> None:
    product = make_product()
    make_published_article("far")
    make_published_article("same-kind", about_kind="headphones")
    make_review(product, about_kind="headphones")
    make_published_article(
        "same-product",
        kind="best_of",
        blocks=[BlockInput("product_card", {"text": "Why."}, products=[product])],
    )
    found = selectors.published_article("review", "acme-one-review")
    assert found is not None
    page = article_page(found, now=timezone.now())
    assert [card.url for card in page.related] == ["/best/same-product/", "/guides/same-kind/", "/guides/far/"]


def test_an_amount_older_than_its_licence_becomes_see_price_at(client: Client) -> None:
    product = make_product()
    merchant = make_merchant("Strict", max_price_age=timedelta(hours=24))
    make_seen_offer(product, merchant, amount="123.45", seen_at=timezone.now() - timedelta(hours=25))
    make_review(product)
    html = client.get("/reviews/acme-one-review/").content.decode()
    assert "123.45" not in html
    assert "See price at Strict" in html
    assert "AggregateOffer" not in html

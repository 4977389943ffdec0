from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from django.template import Context, Template
from django.test import Client
from django.utils import timezone

from reviews import selectors
from reviews.pages.article import article_page
from reviews.services.articles import BlockInput
from tests.factories import (
    make_author,
    make_merchant,
    make_product,
    make_published_article,
    make_review,
    make_seen_offer,
)
from tests.reviews.html import Reader

pytestmark = pytest.mark.django_db


def read(client: Client, address: str) -> Reader:
    return Reader(client.get(address).content.decode())


def test_a_review_is_a_product_with_review_rating_and_the_prices_shown(client: Client) -> None:
    product = make_product(kind="headphones", type="over-ear", summary="Closed headphones.")
    make_seen_offer(product, make_merchant("Cheap"), amount="80.00")
    make_seen_offer(product, make_merchant("Dear"), amount="120.50")
    make_seen_offer(product, make_merchant("Old"), amount="5.00", seen_at=timezone.now() - timedelta(days=9))
    make_review(product, score="8.4", author=make_author("Ada Field"), now=datetime(2026, 3, 1, tzinfo=UTC))
    node = read(client, "/reviews/acme-one-review/").node("Product")
    assert node["name"] == "Acme One"
    assert node["brand"]["name"] == "Acme"
    assert node["offers"]["lowPrice"] == "80.00"
    assert node["offers"]["highPrice"] == "120.50"
    assert node["offers"]["offerCount"] == 2
    review = node["review"]
    assert review["reviewRating"]["ratingValue"] == "8.4"
    assert review["author"] == {
        "@type": "Person",
        "name": "Ada Field",
        "url": "http://127.0.0.1:8000/authors/ada-field/",
        "jobTitle": "Audio editor",
    }
    assert [note["name"] for note in review["positiveNotes"]["itemListElement"]] == ["Light", "Folds"]
    assert [note["name"] for note in review["negativeNotes"]["itemListElement"]] == ["Warm", "Dear"]
    assert review["datePublished"] == "2026-03-01T00:00:00+00:00"


def test_the_structured_data_say_nothing_that_the_page_object_does_not() -> None:
    product = make_product()
    make_seen_offer(product, make_merchant(), amount="80.00")
    make_review(product)
    article = selectors.published_article("review", "acme-one-review")
    assert article is not None
    page = article_page(article, now=timezone.now())
    node = next(node for node in page.json_ld if node["@type"] == "Product")
    assert page.subject is not None
    prices = [offer.price.amount for offer in page.subject.offers if offer.price]
    assert [Decimal(offer["price"]) for offer in node["offers"]["offers"]] == prices
    assert node["review"]["name"] == page.headline
    assert node["review"]["reviewRating"]["ratingValue"] == str(page.score)
    assert [item["name"] for item in page.json_ld[0]["itemListElement"]] == [crumb.label for crumb in page.crumbs]


def test_a_review_without_a_price_that_may_be_shown_has_no_offers(client: Client) -> None:
    product = make_product()
    make_seen_offer(product, make_merchant(), seen_at=timezone.now() - timedelta(days=9))
    make_review(product)
    node = read(client, "/reviews/acme-one-review/").node("Product")
    assert "offers" not in node
    assert "review" in node


def test_prices_in_another_currency_are_not_mixed_into_the_range(client: Client) -> None:
    product = make_product()
    make_seen_offer(product, make_merchant("Shop"), amount="80.00")
    make_seen_offer(product, make_merchant("Laden", currency="EUR", country="DE"), amount="1.00")
    make_review(product)
    offers = read(client, "/reviews/acme-one-review/").node("Product")["offers"]
    assert (offers["lowPrice"], offers["priceCurrency"], offers["offerCount"]) == ("80.00", "USD", 1)


def test_a_guide_is_an_article_with_its_questions(client: Client) -> None:
    faq = BlockInput("faq", {"title": "Questions", "items": [{"question": "Why?", "answer": "So.\n\nAnd so."}]})
    make_published_article("guide", blocks=[faq], reviewer=make_author("Ben Ohm"))
    page = read(client, "/guides/guide/")
    article = page.node("Article")
    assert article["headline"] == "Guide"
    assert article["editor"]["name"] == "Ben Ohm"
    assert article["publisher"]["@type"] == "Organization"
    assert page.node("FAQPage")["mainEntity"] == [
        {"@type": "Question", "name": "Why?", "acceptedAnswer": {"@type": "Answer", "text": "So.\n\nAnd so."}}
    ]


def test_a_best_of_lists_its_picks_in_order(client: Client) -> None:
    picks = [make_product(name) for name in ("B", "A")]
    blocks = [BlockInput("product_card", {"text": "Why."}, products=[pick]) for pick in picks]
    make_published_article("best", kind="best_of", blocks=blocks)
    items = read(client, "/best/best/").node("ItemList")["itemListElement"]
    assert [item["name"] for item in items] == ["Acme B", "Acme A"]


def test_a_product_page_has_its_offers_and_the_score_of_its_review(client: Client) -> None:
    product = make_product()
    make_seen_offer(product, make_merchant(), amount="80.00")
    make_review(product, score="7.7")
    node = read(client, "/products/acme-one/").node("Product")
    assert node["offers"]["lowPrice"] == "80.00"
    assert node["review"]["reviewRating"]["ratingValue"] == "7.7"


def test_a_product_with_neither_offer_nor_review_is_not_marked_up(client: Client) -> None:
    make_product()
    assert {node["@type"] for node in read(client, "/products/acme-one/").nodes()} == {"BreadcrumbList"}


@pytest.mark.parametrize(
    ("address", "kinds"),
    [
        ("/", {"WebSite", "Organization"}),
        ("/headphones/", {"BreadcrumbList", "ItemList"}),
        ("/products/", {"BreadcrumbList", "ItemList"}),
        ("/reviews/", {"BreadcrumbList", "ItemList"}),
        ("/authors/ada-field/", {"BreadcrumbList", "ProfilePage"}),
        ("/privacy/", {"BreadcrumbList"}),
    ],
)
def test_every_kind_of_page_has_its_nodes(client: Client, address: str, kinds: set[str]) -> None:
    make_author("Ada Field")
    make_product(kind="headphones")
    assert {node["@type"] for node in read(client, address).nodes()} == kinds


def test_text_cannot_break_out_of_the_data_block(client: Client) -> None:
    make_published_article("guide", title="</script><script>alert(1)</script>")
    html = client.get("/guides/guide/").content.decode()
    assert "<script>alert(1)" not in html
    assert Reader(html).node("Article")["headline"] == "</script><script>alert(1)</script>"


def test_a_page_without_nodes_has_no_data_block() -> None:
    assert Template("{% load site %}{{ nodes|json_ld }}").render(Context({"nodes": []})) == ""


def test_the_thirteen_social_properties_are_there(client: Client) -> None:
    make_review(make_product())
    metas = read(client, "/reviews/acme-one-review/").all("meta")
    found = {meta.get("property") or meta.get("name"): meta["content"] for meta in metas if meta.get("content")}
    og = ("title", "description", "type", "url", "site_name", "locale", "image", "image:width", "image:height")
    for name in [f"og:{part}" for part in (*og, "image:alt")] + ["twitter:card", "twitter:title", "twitter:image"]:
        assert found.get(name), name
    assert found["og:type"] == "article"
    assert found["og:url"] == "http://127.0.0.1:8000/reviews/acme-one-review/"


def test_the_social_picture_has_the_dimensions_it_says() -> None:
    from django.contrib.staticfiles import finders

    with open(finders.find("img/cards/site.png"), "rb") as file:
        head = file.read(24)
    assert (int.from_bytes(head[16:20]), int.from_bytes(head[20:24])) == (1200, 630)

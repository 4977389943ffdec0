"""What editors read instead of a place, with everything that can have happened to it since."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from catalog.kinds import Kind, ProductType
from catalog.models import Product
from catalog.placements import PLACE
from recommender.rules import load
from reviews.desk.publishing import publish_article, retire_article
from reviews.places import PlaceWords, brand_place, hub_place, place_words
from reviews.services.articles import BlockInput, edit_article
from tests.factories import make_product, make_published_article, make_review

pytestmark = pytest.mark.django_db


def words(place: str) -> PlaceWords:
    return place_words([place])[place]


def card(product: Product, badge: str = "") -> BlockInput:
    return BlockInput("product_card", {"badge": badge, "text": "Why."}, products=[product])


def test_a_link_in_an_article_is_named_by_article_block_and_item() -> None:
    product = make_product()
    article = make_published_article("first-choices", blocks=[card(product, "Best for trains")])
    found = words(f"a{article.pk}.2.1")
    assert found == PlaceWords(
        title="Guide: First choices",
        path="/guides/first-choices/",
        block="Block 2: Product card “Best for trains: Acme One”",
        position="1st",
    )
    assert found.text == "Guide: First choices › Block 2: Product card “Best for trains: Acme One” › 1st"
    assert words(f"a{article.pk}.2").text == "Guide: First choices › Block 2: Product card “Best for trains: Acme One”"
    assert words(f"a{article.pk}").text == "Guide: First choices"


def test_blocks_are_told_apart_by_title_or_first_heading() -> None:
    review = make_review(make_product())
    assert words(f"a{review.pk}.5.1").block == "Block 5: Verdict “Verdict”"  # after the disclosure
    assert words(f"a{review.pk}.2.1").block == "Block 2: Text “Sound”"
    assert words(f"a{review.pk}.1").block == "Block 1: Disclosure"
    assert words(f"a{review.pk}.buy.3").text.endswith("› Where to buy › 3rd")


def test_a_long_name_is_cut() -> None:
    product = make_product()
    verdict = BlockInput("verdict", {"title": "x" * 100, "html": "<p>Buy.</p>"}, products=[product])
    article = make_published_article("long", blocks=[verdict])
    assert words(f"a{article.pk}.2").block == f"Block 2: Verdict “{'x' * 59}…”"


def test_a_block_that_was_moved_is_still_itself_and_one_taken_out_is_said_to_be_gone() -> None:
    first, second = make_product("One"), make_product("Two")
    article = make_published_article("guide", blocks=[card(first), card(second)])
    edit_article(article=article, blocks=[card(second)])
    publish_article(article=article)
    moved, gone = words(f"a{article.pk}.3.1"), words(f"a{article.pk}.2.1")
    assert (moved.block, moved.is_gone) == ("Block 3: Product card “Acme Two”", False)
    assert (gone.block, gone.is_gone) == ("Block 2: no longer there", True)


def test_a_draft_of_a_published_article_changes_no_words() -> None:
    product = make_product()
    article = make_published_article("guide", blocks=[card(product)])
    article.title = "Another title"
    edit_article(article=article, blocks=[BlockInput("prose", {"html": "<p>x</p>"})])
    assert words(f"a{article.pk}.2.1").text == "Guide: Guide › Block 2: Product card “Acme One” › 1st"


def test_retired_and_deleted_pages_are_said_to_be_so() -> None:
    article = make_published_article("guide", blocks=[card(make_product())])
    retire_article(article=article)
    retired = words(f"a{article.pk}.2.1")
    assert (retired.title, retired.path, retired.is_gone) == ("Guide: Guide (retired)", "/guides/guide/", True)
    deleted = words("a999999.2.1")
    assert deleted.text == "Article 999999, which was deleted › Block 2 › 1st"
    assert (deleted.path, deleted.is_gone) == ("", True)
    assert words("p999999.offers.2").text == "Product 999999, which was deleted › Where to buy › 2nd"


def test_a_block_of_a_kind_no_longer_installed_has_words(monkeypatch: pytest.MonkeyPatch) -> None:
    article = make_published_article("guide")
    monkeypatch.setattr("reviews.places.BLOCKS", {})
    assert words(f"a{article.pk}.1").block == "Block 1: prose (a kind we no longer have)"


def test_a_products_page_and_one_that_became_another() -> None:
    kept = make_product("Kept")
    merged = make_product("Old", merged_into=kept)
    assert words(f"p{kept.pk}.offers.11").text == "Product: Acme Kept › Where to buy › 11th"
    assert words(f"p{kept.pk}.others.22").text == "Product: Acme Kept › Alternatives › 22nd"
    assert words(f"p{kept.pk}").path == "/products/acme-kept/"
    assert words(f"p{merged.pk}").title == "Product: Acme Old (now Acme Kept)"
    assert words(f"p{merged.pk}").is_gone


@pytest.mark.parametrize(
    ("place", "text", "path"),
    [
        ("lgaming.products.3", "Hub: Gaming headsets › Products › 3rd", "/headsets/gaming/"),
        ("lheadphones.products.1", "Hub: Headphones › Products › 1st", "/headphones/"),
        ("lproducts.2.5", "All products › Page 2 › 5th", "/products/"),
        ("lfound.1.1", "All products, filtered or sorted › Page 1 › 1st", "/products/"),
        ("lsearch.products.2", "Search › Products › 2nd", "/search/"),
        ("b99999.products.1", "Brand 99999, which was deleted › Products › 1st", ""),
        ("lpreview.link.1", "“This link leads to …” › link › 1st", ""),
        ("lvinyl.products.1", "A list that is gone (vinyl) › Products › 1st", ""),
        ("mweekly.2.1", "Mail “weekly” › Page 2 › 1st", ""),
        ("qr", "QR code", ""),
        ("", "No place named", ""),
        ("guide.1.2", "Unknown place guide.1.2", ""),
        ("a", "Unknown place a", ""),
        ("a1x.2", "Unknown place a1x.2", ""),
        ("p99999999999999999999", "Unknown place p99999999999999999999", ""),
    ],
)
def test_other_places_have_words_too(place: str, text: str, path: str) -> None:
    assert (words(place).text, words(place).path) == (text, path)


def test_the_questions_are_named_by_the_version_of_their_rules() -> None:
    now, before = words(f"q{load().version}.2.1"), words("q0123456789ab.1.1")
    assert now.text == f"Headset or headphones, rules {load().version} › List 2 › 1st"
    assert before.text == "Headset or headphones, rules 0123456789ab (earlier) › List 1 › 1st"
    assert now.path == before.path == "/choose/result/"


def test_a_makers_page_is_named_by_the_maker() -> None:
    brand = make_product().brand
    assert words(f"{brand_place(brand.pk)}.products.3").text == "Brand: Acme › Products › 3rd"
    assert words(brand_place(brand.pk)).path == "/brands/acme/"


def test_every_hub_has_a_place_of_its_own() -> None:
    places = [hub_place(kind) for kind in Kind] + [hub_place(name.kind, name) for name in ProductType]
    assert len(set(places)) == len(places)
    assert all(PLACE.fullmatch(place) for place in places)
    assert not any(one.is_gone for one in place_words(places).values())


@pytest.mark.parametrize("count", [2, 20])
def test_the_queries_do_not_grow_with_the_places(count: int) -> None:
    places = []
    for number in range(count):
        product = make_product(f"M{number}")
        article = make_published_article(f"guide-{number}", blocks=[card(product)])
        places += [
            f"a{article.pk}.2.1",
            f"p{product.pk}.offers.1",
            "lgaming.products.1",
            f"b{product.brand_id}.products.1",
        ]
    with CaptureQueriesContext(connection) as asked:
        found = place_words(places)
    assert len(asked) == 3
    assert len(found) == 2 * count + 2

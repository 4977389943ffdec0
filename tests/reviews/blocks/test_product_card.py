from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.template.loader import render_to_string

from reviews.blocks.product_card import ProductCard
from tests.reviews.blocks.facts import here, product, shown_offer


def card(heading_level: int = 3, page_url: str = "", **changes: Any) -> str:
    around = here(heading_level=heading_level, page_url=page_url)
    view = ProductCard().build({"text": "One.\n\nTwo."}, [product(**changes)], around)
    return render_to_string("blocks/product_card.html", {"block": view})


def test_three_shops_are_shown_each_in_its_place_and_the_rest_is_one_click_away() -> None:
    html = card(offers=tuple(shown_offer(number) for number in range(1, 6)))
    assert [f"/go/code{number}/?p=a7.2.{number}-" in html for number in range(1, 6)] == [True] * 3 + [False] * 2
    assert "See all shops" in html


def test_without_a_shop_it_says_so() -> None:
    assert "We know of no shop that sells it at the moment." in card(offers=())


def test_without_a_price_it_sends_to_the_shop_s_own() -> None:
    assert "See price at Shop 1" in card(offers=(shown_offer(price=None),))


def test_the_score_is_said_in_words_and_the_review_is_linked() -> None:
    html = card(overall_score=Decimal("8.4"), review_url="/reviews/x/")
    assert "8.4" in html
    assert "out of 10" in html
    assert 'href="/reviews/x/"' in html


def test_the_name_is_a_heading_of_the_level_that_the_page_has_reached() -> None:
    assert "<h2" in card(heading_level=2)
    assert "<h3" in card(heading_level=3)
    assert "<h2" not in card(heading_level=3)


def test_a_product_that_is_no_longer_made_says_so() -> None:
    assert "no longer made" in card(is_discontinued=True)


def test_a_review_does_not_send_its_reader_to_itself() -> None:
    assert "Read our review" in card(review_url="/reviews/x/", page_url="/guides/y/")
    assert "Read our review" not in card(review_url="/reviews/x/", page_url="/reviews/x/")

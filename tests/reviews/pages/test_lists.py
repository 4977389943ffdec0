from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from catalog.kinds import Kind, ProductType
from reviews.pages.hub_words import KIND_INTROS, TYPE_INTROS
from reviews.pages.lists import home_page, hub_page, not_found_page
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


def test_an_empty_site_has_a_home_page(client: Client) -> None:
    html = client.get("/").content.decode()
    assert "Headset or headphones?" in html
    assert html.count('class="card type-card"') == len(ProductType)


def test_the_home_page_leads_with_the_first_guide_and_shows_the_newest_of_the_rest() -> None:
    make_published_article("first-guide")
    make_published_article("second-guide")
    make_review(make_product())
    make_article("draft")
    page = home_page()
    assert page.lead is not None
    assert page.lead.url == "/guides/first-guide/"
    assert [card.url for card in page.guides] == ["/guides/second-guide/"]
    assert [card.score is not None for card in page.reviews] == [True]


def test_more_articles_ask_no_more_questions() -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            home_page()
        return len(captured)

    make_review(make_product())
    few = queries()
    for number in range(8):
        make_review(make_product(f"Model {number}"))
    assert queries() == few


@pytest.mark.parametrize("address", ["/headphones/", "/headsets/", "/headphones/in-ear/", "/headsets/call-centre/"])
def test_every_hub_has_an_address(client: Client, address: str) -> None:
    assert client.get(address).status_code == 200


@pytest.mark.parametrize("address", ["/headphones/gaming/", "/headsets/nothing/", "/hats/", "/headset/"])
def test_a_type_of_the_other_kind_is_not_found(client: Client, address: str) -> None:
    assert client.get(address).status_code == 404


def test_every_kind_and_type_has_words_of_its_own() -> None:
    assert set(KIND_INTROS) == set(Kind)
    assert set(TYPE_INTROS) == set(ProductType)


def test_a_hub_shows_reviewed_products_first_then_those_with_offers() -> None:
    make_product("Bare", kind="headset", type="gaming")
    make_seen_offer(make_product("Sold", kind="headset", type="gaming"), make_merchant())
    make_review(make_product("Reviewed", kind="headset", type="gaming"))
    make_product("Other", kind="headset", type="business")
    page = hub_page(Kind.HEADSET, ProductType.GAMING, now=timezone.now())
    assert [card.name for card in page.products] == ["Acme Reviewed", "Acme Sold", "Acme Bare"]
    assert page.product_count == 3


def test_the_hub_of_a_facet_shows_products_that_earn_its_name() -> None:
    make_product("Cable", kind="headphones", type="over-ear", specs={"wireless": False})
    make_product("Radio", kind="headphones", type="over-ear", specs={"wireless": True})
    page = hub_page(Kind.HEADPHONES, ProductType.WIRELESS, now=timezone.now())
    assert [card.name for card in page.products] == ["Acme Radio"]


def test_a_section_lists_its_own_articles_only(client: Client) -> None:
    make_published_article("a-guide")
    make_review(make_product())
    html = client.get("/reviews/").content.decode()
    assert "/reviews/acme-one-review/" in html
    assert "/guides/a-guide/" not in html


def test_an_author_page_lists_what_was_written_and_what_was_checked(client: Client) -> None:
    ada, ben = make_author("Ada Field", credentials="Ten years of radio."), make_author("Ben Ohm")
    make_published_article("by-ada", author=ada, reviewer=ben)
    html = client.get("/authors/ben-ohm/").content.decode()
    assert "Checked by Ben Ohm" in html
    assert "Written by" not in html
    assert "Ten years of radio." in client.get("/authors/ada-field/").content.decode()
    assert client.get("/authors/nobody/").status_code == 404


def test_a_page_that_does_not_exist_offers_ways_on(client: Client) -> None:
    make_published_article("a-guide")
    response = client.get("/reviews/sony-wh-1000xm9/")
    html = response.content.decode()
    assert response.status_code == 404
    assert 'value="sony wh 1000xm9"' in html
    assert "/guides/a-guide/" in html
    assert 'content="noindex"' in html


def test_a_hostile_address_is_shown_as_text() -> None:
    assert not_found_page("/<script>alert(1)</script>", now=timezone.now()).asked == "/<script>alert(1)</script>"


def test_an_address_with_a_slip_in_it_leads_to_pages_that_are_like_it() -> None:
    make_review(make_product("One"), title="Acme One: light and even")
    make_published_article("guide", title="What sidetone is")
    page = not_found_page("/reviews/acme_one-reviw/", now=timezone.now())
    assert [one.url for one in page.near][:1] == ["/reviews/acme-one-review/"]
    assert not not_found_page("/wp-login.php", now=timezone.now()).near
    assert not not_found_page("/", now=timezone.now()).near

"""An offer whose link strands readers is nobody's best offer, and its product's page says what is wrong."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from catalog import selectors
from catalog.models import Destination, Merchant, Offer, Product
from catalog.services.failover import settle_failovers
from catalog.shown_offer import Trouble, show
from catalog.terms import Use
from recommender.selectors import candidates
from reviews.pages.product import product_page
from reviews.selectors import product_by_slug
from tests.factories import make_destination, make_merchant, make_product, make_seen_offer

pytestmark = pytest.mark.django_db
LENIENT: dict[str, Any] = {"max_price_age": None, "api_allowed": True, "history_allowed": True}


@pytest.fixture
def product() -> Product:
    return make_product(kind="headphones", type="over-ear")


@pytest.fixture
def failing(product: Product) -> Offer:
    """The cheapest offer, and its page is gone."""
    offer = make_seen_offer(product, make_merchant("Cheapest", **LENIENT), amount="61.37")
    make_destination(offer, "broken")
    return offer


def html_of(client: Client, product: Product) -> str:
    return client.get(product.get_absolute_url()).content.decode()


def test_lists_cards_and_advice_leave_it_out(client: Client, product: Product, failing: Offer) -> None:
    other = make_seen_offer(product, make_merchant("Other", **LENIENT), amount="99")
    now = timezone.now()
    shown = selectors.shown_offers([product.pk], now=now)[product.pk]
    assert [one.offer_id for one in shown] == [other.pk]
    assert [one.offer_id for one in candidates(now=now).offers[product.pk]] == [other.pk]
    for path in (product.get_absolute_url(), "/products/", "/products/?sort=price", "/api/v1/products/acme-one/"):
        assert "61.37" not in client.get(path).content.decode(), path


def test_its_row_says_what_is_wrong_and_when_that_was_seen(client: Client, product: Product, failing: Offer) -> None:
    html = html_of(client, product)
    assert "The shop’s page for it is gone" in html
    assert re.search(r"checked <time datetime=\"[0-9T:-]+Z\">", html)
    assert "Look at the shop anyway" in html
    assert "We know of no shop" not in html
    # The paid link stands below its disclosure, as everywhere.
    assert html.index("commission") < html.index('rel="sponsored')


@pytest.mark.parametrize(
    ("state", "words"),
    [
        ("broken", "The shop’s page for it is gone"),
        ("sold_out", "Sold out at the shop"),
        ("elsewhere", "The shop’s address leads to another site"),
    ],
)
def test_each_trouble_has_its_words(client: Client, product: Product, failing: Offer, state: str, words: str) -> None:
    Destination.objects.update(state=state)
    assert words in html_of(client, product)


def test_the_page_says_where_links_lead_meanwhile(client: Client, product: Product, failing: Offer) -> None:
    make_seen_offer(product, make_merchant("Other"), amount="99")
    settle_failovers(offer_ids=[failing.pk], now=timezone.now())
    html = html_of(client, product)
    assert "Our links to it lead to Other until it is back." in html
    assert "Look at the shop anyway" not in html


@pytest.mark.parametrize(
    "fields", [{"state": "suspect"}, {"state": "barred"}, {"state": "untagged"}, {"decision": "accepted"}], ids=str
)
def test_what_does_not_strand_readers_is_shown_as_ever(
    client: Client, product: Product, failing: Offer, fields: dict[str, str]
) -> None:
    Destination.objects.update(**fields)
    html = html_of(client, product)
    assert "61.37" in html
    assert "gone" not in html


def test_that_it_is_sold_out_is_said_only_where_and_as_long_as_the_terms_let_us_say_it(
    product: Product, failing: Offer
) -> None:
    def trouble(use: Use = Use.PAGE) -> Trouble:
        [facts] = selectors.offer_facts([product.pk])[product.pk]
        shown = show(facts, now=timezone.now(), use=use)
        assert shown is not None
        assert shown.trouble is not None
        assert shown.price is None
        return shown.trouble.trouble

    Destination.objects.update(state="sold_out")
    assert (trouble(), trouble(Use.API), trouble(Use.FEED)) == (Trouble.SOLD_OUT, Trouble.SOLD_OUT, Trouble.UNSAID)
    Merchant.objects.update(max_price_age=timedelta(hours=1))
    Destination.objects.update(checked_at=timezone.now() - timedelta(hours=2))
    assert trouble() is Trouble.UNSAID
    Merchant.objects.update(max_price_age=None, prices_allowed=False)
    assert trouble() is Trouble.UNSAID
    # That our own link is dead is nobody's data but ours.
    Destination.objects.update(state="broken")
    assert trouble() is Trouble.GONE


def test_the_words_for_what_may_not_be_said_name_no_stock(client: Client, product: Product, failing: Offer) -> None:
    Destination.objects.update(state="sold_out")
    Merchant.objects.update(prices_allowed=False)
    html = html_of(client, product)
    assert "did not lead to the item" in html
    assert "Sold out" not in html


def test_the_offers_of_the_api_name_neither_price_nor_stock_of_it(
    client: Client, product: Product, failing: Offer
) -> None:
    text = client.get("/api/v1/offers/?product=acme-one").content.decode()
    assert "61.37" not in text
    assert "in_stock" not in text


def test_more_failing_offers_ask_no_more_questions(product: Product) -> None:
    def queries() -> int:
        found = product_by_slug(product.slug)
        assert found is not None
        with CaptureQueriesContext(connection) as captured:
            product_page(found, now=timezone.now())
        return len(captured)

    make_destination(make_seen_offer(product, make_merchant("First")), "broken")
    few = queries()
    for number in range(20):
        make_destination(make_seen_offer(product, make_merchant(f"Shop {number}")), "broken")
    assert queries() == few


def test_a_failing_offer_that_is_mended_is_back(client: Client, product: Product, failing: Offer) -> None:
    assert "61.37" not in html_of(client, product)
    Destination.objects.update(state="fine")
    from catalog.services.page_changes import carry_page_changes

    carry_page_changes()
    assert "61.37" in html_of(client, product)

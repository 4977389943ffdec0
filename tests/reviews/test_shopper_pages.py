"""Prices for the reader's country and currency: what pages say of it, and how a choice stays without being stored."""

from __future__ import annotations

import json
import re
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries
from pytest_django.fixtures import Settings

from catalog.market import forget_market
from catalog.models import ExchangeRate, Product
from catalog.shopper_pages import carry, with_choice
from reviews.services.articles import BlockInput
from tests.factories import make_merchant, make_product, make_published_article, make_seen_offer

pytestmark = pytest.mark.django_db
GERMANY = "?country=DE&currency=EUR"
CHOSEN = (("country", "DE"), ("currency", "EUR"))


def yesterday() -> date:
    return timezone.now().date() - timedelta(days=1)


@pytest.fixture
def one() -> Product:
    """Sold in dollars by a shop for Americans, in dollars by one for both, and in pounds by one that says nothing."""
    for currency, per_euro in (("USD", "1.25"), ("GBP", "0.80")):
        ExchangeRate.objects.create(day=yesterday(), currency=currency, per_euro=Decimal(per_euro))
    product = make_product(kind="headphones", type="over-ear")
    make_seen_offer(product, make_merchant("Home", delivers_to=["US"]), amount="50.00")
    make_seen_offer(product, make_merchant("Both", delivers_to=["US", "DE"]), amount="100.00")
    make_seen_offer(product, make_merchant("Mute", currency="GBP"), amount="99.00")
    forget_market()
    return product


def text(client: Client, path: str, **headers: Any) -> str:
    answer = client.get(path, follow=True, **headers)
    assert answer.status_code == 200
    body = re.sub(r"</?b>", "", answer.content.decode())  # within a word's sentence
    return " ".join(re.sub(r"<[^>]+>", " ", re.sub(r"<script.*?</script>", " ", body, flags=re.DOTALL)).split())


def test_a_shop_that_does_not_deliver_there_is_said_so_and_comes_last(client: Client, one: Product) -> None:
    said = text(client, f"/products/acme-one/{GERMANY}")
    assert said.count("Does not deliver to Germany") == 1
    assert said.index("at Both") < said.index("at Mute") < said.index("at Home")
    assert "Sorted by whether the shop delivers to you" in said


def test_a_reader_of_whom_nothing_is_known_is_told_nothing_of_it(client: Client, one: Product) -> None:
    said = text(client, "/products/acme-one/")
    assert "deliver to" not in said
    assert said.index("at Home") < said.index("at Both") < said.index("at Mute")


def test_a_country_that_no_shop_names_is_called_yours(client: Client, one: Product) -> None:
    assert text(client, "/products/acme-one/?country=PL").count("Does not deliver to your country") == 2


def test_the_shops_own_price_comes_first_and_the_converted_one_is_marked_in_words(client: Client, one: Product) -> None:
    said = text(client, f"/products/acme-one/{GERMANY}")
    day = f"{yesterday().day} {yesterday():%b %Y}"
    assert f"≈ €80.00, converted at the ECB’s rate of {day}" in said
    assert f"≈ €123.75, converted at the ECB’s rate of {day}" in said, "pounds too"
    assert "$100.00 at Both" in said


def test_in_the_shops_own_currency_nothing_is_converted(client: Client, one: Product) -> None:
    said = text(client, "/products/acme-one/?country=US&currency=USD")
    assert said.count("converted at") == 1, "the pounds alone"
    assert "≈ $154.69" in said


@pytest.mark.parametrize("why", ["no rate of this week", "the merchant's terms"])
def test_nothing_is_converted(client: Client, one: Product, why: str) -> None:
    if why == "the merchant's terms":
        for offer in one.offers.select_related("merchant"):
            offer.merchant.conversion_allowed = False
            offer.merchant.save()
    else:
        ExchangeRate.objects.update(day=timezone.now().date() - timedelta(days=9))
    forget_market()
    said = text(client, "/products/acme-one/?country=DE")
    assert "converted" not in said
    assert "$100.00 at Both" in said
    assert "Does not deliver to Germany" in said


def test_machines_are_told_the_shops_own_prices_and_the_canonical_address_alone(client: Client, one: Product) -> None:
    body = client.get(f"/products/acme-one/{GERMANY}").content.decode()
    nodes = re.findall(r'<script type="application/ld\+json">(.*?)</script>', body, re.DOTALL)
    assert "80.00" not in "".join(nodes)
    assert "country=" not in json.dumps([json.loads(node) for node in nodes])
    canonical = re.search(r'<link rel="canonical" href="([^"]+)"', body)
    assert canonical is not None
    assert canonical[1].endswith("/products/acme-one/")
    assert 'og:url" content="' not in body or "country=DE" not in body.split('og:url" content="')[1].split('"')[0]


def test_an_article_says_the_same_of_its_offers(client: Client, one: Product) -> None:
    block = BlockInput("product_card", {"text": "Light and even."}, products=[one])
    make_published_article("about-one", blocks=[block])
    said = text(client, f"/guides/about-one/{GERMANY}")
    assert "≈ €80.00, converted at the ECB’s rate" in said
    assert "Does not deliver to Germany" in said


@pytest.mark.parametrize("path", ["/products/", "/compare/?products=acme-one", "/headphones/", "/brands/acme/"])
def test_cards_and_tables_show_the_offer_that_reaches_the_reader(client: Client, one: Product, path: str) -> None:
    mark = "&" if "?" in path else "?"
    said = text(client, f"{path}{mark}{GERMANY[1:]}")
    assert "$100.00 at Both" in said
    assert "≈ €80.00, converted at the ECB’s rate" in said
    assert "at Home" not in said


def test_a_header_that_is_trusted_says_it_and_the_reader_may_say_otherwise(
    client: Client, one: Product, settings: Settings
) -> None:
    settings.COUNTRY_HEADER = "CF-IPCountry"
    answer = client.get("/products/acme-one/", headers={"CF-IPCountry": "DE"})
    assert "Does not deliver to Germany" in answer.content.decode()
    assert "CF-IPCountry" in answer["Vary"]
    other = client.get("/products/acme-one/?country=US&currency=USD", headers={"CF-IPCountry": "DE"})
    assert "Does not deliver" not in other.content.decode()
    assert not answer.cookies
    assert "CF-IPCountry" not in client.get("/disclosure/").get("Vary", ""), (
        "where it makes no difference it is not said"
    )


def test_without_the_setting_a_header_says_nothing(client: Client, one: Product) -> None:
    answer = client.get("/products/acme-one/", headers={"CF-IPCountry": "DE"})
    assert "Does not deliver" not in answer.content.decode()
    assert "CF-IPCountry" not in answer.get("Vary", "")


def test_every_link_and_form_to_such_a_page_keeps_the_choice(client: Client, one: Product) -> None:
    body = client.get(f"/products/{GERMANY}&sort=price").content.decode()
    links = re.findall(r'<a [^>]*href="(/products/[^"#]*)', body)
    assert links
    assert all("country=DE&amp;currency=EUR" in link for link in links), links
    assert 'href="/disclosure/"' in body
    assert 'data-address="/products/?sort=price&amp;country=DE&amp;currency=EUR"' in body
    filters = body.split('id="filters"')[1].split("</form>")[0]
    assert '<input type="hidden" name="country" value="DE">' in filters
    assert body.count('<input type="hidden" name="country"') == body.count('<form class="hits"') + 2, (
        "the filters, the search, the comparison; not the form that asks where somebody is"
    )


def test_the_form_keeps_what_else_the_address_asks(client: Client, one: Product) -> None:
    body = client.get("/products/?sort=price&q=acme&country=DE").content.decode()
    form = body.split('id="place"')[1].split("</form>")[0]
    assert '<input type="hidden" name="sort" value="price">' in form
    assert '<input type="hidden" name="q" value="acme">' in form
    assert '<option value="DE" selected>Germany</option>' in form
    assert "<option selected>EUR</option>" in form
    assert form.count('name="country"') == 1


def test_an_address_that_leads_elsewhere_takes_the_choice_along(client: Client, one: Product) -> None:
    answer = client.get(f"/products/{GERMANY}&brand[]=acme")
    assert answer.status_code == 301
    assert answer["Location"] == "/products/?brand=acme&country=DE&currency=EUR"


def test_pages_cost_no_more_questions_for_a_reader_from_elsewhere(
    client: Client, one: Product, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client.get(f"/products/acme-one/{GERMANY}")
    counts = []
    for path in ("/products/acme-one/", f"/products/acme-one/{GERMANY}"):
        with CaptureQueriesContext(connection) as asked:
            client.get(path)
        counts.append(len(asked))
    assert counts[0] == counts[1]


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("/products/", "/products/?country=DE&currency=EUR"),
        ("/products/?brand=acme&country=US#found", "/products/?brand=acme&country=DE&currency=EUR#found"),
        ("/disclosure/", "/disclosure/"),
        ("/go/one/?p=1", "/go/one/?p=1"),
        ("//evil.example/products/", "//evil.example/products/"),
        ("https://shop.example/products/", "https://shop.example/products/"),
        ("/no/such/page/", "/no/such/page/"),
    ],
)
def test_only_addresses_of_such_pages_are_changed(address: str, expected: str) -> None:
    assert with_choice(address, CHOSEN) == expected


def test_what_is_no_link_stays_as_it_is() -> None:
    html = (
        '<link rel="canonical" href="/products/"><script>{"url": "/products/"}</script>'
        '<form action="/products/" method="post"></form><p>/products/</p><a class="x" href="#top">up</a>'
    )
    assert carry(html, CHOSEN) == html

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.template.loader import render_to_string
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from catalog.models import Price, SpecEvidence
from reviews import selectors
from reviews.pages.product import ProductPage, product_page
from tests.factories import make_merchant, make_product, make_review, make_seen_offer

pytestmark = pytest.mark.django_db


def page_of(slug: str) -> ProductPage:
    product = selectors.product_by_slug(slug)
    assert product is not None
    return product_page(product, now=timezone.now())


def test_all_offers_stand_with_shop_country_condition_stock_and_time(client: Client) -> None:
    product = make_product()
    make_seen_offer(product, make_merchant("Laden", country="DE"), amount="80", shipping_amount=Decimal("4.99"))
    make_seen_offer(product, make_merchant("Shop"), amount="90", availability="out_of_stock")
    html = client.get(product.get_absolute_url()).content.decode()
    for words in ("Laden", "DE", "New", "In stock", "Out of stock", "$80.00", "plus $4.99 shipping", " UTC, "):
        assert words in html, words
    assert html.index("Laden") < html.index("Shop")
    assert html.index("commission") < html.index('rel="sponsored')


def test_a_shop_that_wants_a_direct_link_gets_one_with_a_beacon(client: Client) -> None:
    product = make_product()
    make_seen_offer(product, make_merchant("Direct", link_style="direct", disclaimer="Prices may change."))
    html = client.get(product.get_absolute_url()).content.decode()
    assert 'href="https://direct.example/p/acme-one' in html
    assert f'data-beacon="/go/acme-one-direct/?p=product.{product.pk}.1"' in html
    assert "Prices may change." in html


def test_a_stale_price_is_on_neither_the_page_nor_in_its_structured_data(client: Client) -> None:
    product = make_product()
    make_seen_offer(product, make_merchant(), amount="123.45", seen_at=timezone.now() - timedelta(days=8))
    html = client.get(product.get_absolute_url()).content.decode()
    assert "123.45" not in html
    assert "See price at Shop" in html
    assert "stock not known" in html


def test_the_template_asks_the_database_nothing() -> None:
    product = make_product(kind="headphones", type="over-ear", specs={"anc": True})
    make_product("Two", kind="headphones", type="over-ear")
    make_seen_offer(product, make_merchant())
    make_review(product)
    page = page_of("acme-one")
    with CaptureQueriesContext(connection) as captured:
        render_to_string("reviews/product.html", {"page": page})
    assert len(captured) == 0


def test_more_offers_and_alternatives_ask_no_more_questions() -> None:
    def queries(slug: str) -> int:
        with CaptureQueriesContext(connection) as captured:
            page_of(slug)
        return len(captured)

    product = make_product(kind="headphones", type="over-ear")
    make_seen_offer(product, make_merchant("First"))
    few = queries("acme-one")
    for number in range(20):
        make_seen_offer(product, make_merchant(f"Shop {number}"))
        make_product(f"Other {number}", kind="headphones", type="over-ear")
    assert queries("acme-one") <= few + 1


def test_yes_no_and_unknown_are_three_different_things(client: Client) -> None:
    product = make_product(specs={"anc": True, "wireless": False, "weight_g": Decimal("250.0")})
    html = client.get(product.get_absolute_url()).content.decode()
    assert '<span class="fact-yes">Yes</span>' in html
    assert '<span class="fact-no">No</span>' in html
    assert "250\N{NO-BREAK SPACE}g" in html
    assert "Not known to us:" in html


def test_a_source_that_most_specs_share_is_told_once_and_others_beside_their_spec() -> None:
    product = make_product(specs={"anc": True, "wireless": True, "foldable": False})
    day = date(2026, 5, 1)
    for spec, source in (("anc", "Maker"), ("wireless", "Maker"), ("foldable", "Our scales")):
        SpecEvidence.objects.create(product=product, spec=spec, source=source, checked_on=day)
    page = page_of("acme-one")
    assert page.usual_source is not None
    assert page.usual_source.name == "Maker"
    told = {line.fact.key: line.source.name for group in page.groups for line in group.lines if line.source}
    assert told == {"foldable": "Our scales"}


def test_specs_without_any_source_are_not_given_one() -> None:
    product = make_product(specs={"anc": True, "wireless": True, "foldable": False})
    for spec in ("anc", "wireless"):
        SpecEvidence.objects.create(product=product, spec=spec, source="Maker", checked_on=date(2026, 5, 1))
    assert page_of("acme-one").usual_source is None


def test_the_review_its_score_and_the_articles_are_named(client: Client) -> None:
    product = make_product()
    make_review(product, score="8.4")
    html = client.get(product.get_absolute_url()).content.decode()
    assert "8.4" in html
    assert html.count('href="/reviews/acme-one-review/"') == 2


def test_the_chart_holds_only_shops_that_allow_a_history(client: Client) -> None:
    product = make_product()
    now = timezone.now()
    for merchant in (make_merchant("Open", history_allowed=True), make_merchant("Closed")):
        offer = make_seen_offer(product, merchant)
        for days in (20, 10):
            Price.objects.create(
                offer=offer,
                amount=100 + days,
                currency="USD",
                availability="in_stock",
                seen_at=now - timedelta(days=days),
                source="manual",
            )
    page = page_of("acme-one")
    assert page.chart is not None
    assert [series.merchant for series in page.chart.series] == ["Open"]
    assert page.chart.lowest == "$110.00"
    assert "<title" in client.get(product.get_absolute_url()).content.decode()


def test_others_of_its_type_are_offered_those_that_can_be_bought_first() -> None:
    make_product(kind="headset", type="gaming")
    make_product("Bare", kind="headset", type="gaming")
    sold = make_product("Sold", kind="headset", type="gaming")
    make_product("Else", kind="headset", type="business")
    make_seen_offer(sold, make_merchant())
    assert [card.name for card in page_of("acme-one").alternatives] == ["Acme Sold", "Acme Bare"]


def test_paid_links_of_alternatives_alone_have_the_disclosure_before_them(client: Client) -> None:
    product = make_product(kind="headset", type="gaming")
    sold = make_product("Sold", kind="headset", type="gaming")
    make_seen_offer(sold, make_merchant())
    html = client.get(product.get_absolute_url()).content.decode()
    assert 0 < html.find("note-disclosure") < html.index('rel="sponsored')
    assert client.get(sold.get_absolute_url()).content.decode().count("note-disclosure") == 1


def test_a_product_of_unknown_kind_has_a_page_too(client: Client) -> None:
    product = make_product()
    html = client.get(product.get_absolute_url()).content.decode()
    assert "Kind not known" in html
    assert client.get("/products/no-such-thing/").status_code == 404

"""Rows of offers: made, changed, withdrawn; a price in them is a reading that is judged like any other."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from catalog.models import Merchant, Offer, Price, ProductCode
from tests.catalog.services.table_imports.bringing import counts, problems, said, stored, tried
from tests.factories import make_merchant, make_product, make_seen_offer, make_staff

pytestmark = pytest.mark.django_db
NEW = {"merchant": "Shop", "sku": "A-1", "product": "acme-one", "url": "https://shop.example/p/a-1"}


@pytest.fixture
def shop() -> Merchant:
    make_product()
    return make_merchant("Shop")


def test_a_new_row_makes_the_offer_its_link_and_a_reading(shop: Merchant) -> None:
    row = NEW | {"price": "99,90", "currency": "usd", "shipping": "0", "availability": "in_stock"}
    assert counts(stored("offers", row)) == (1, 0, 0, 0)
    offer = Offer.objects.get()
    assert (str(offer.amount), offer.currency, offer.availability) == ("99.900", "USD", "in_stock")
    assert (str(offer.shipping_amount), offer.state) == ("0.000", "ok")
    assert offer.links.count() == 1
    price = Price.objects.get()
    assert (price.source, price.verdict, price.raw) == ("manual", "accepted", "99.90, file.csv")


def test_a_trial_stores_nothing(shop: Merchant) -> None:
    assert counts(tried("offers", NEW | {"price": "99"})) == (1, 0, 0, 0)
    assert not Offer.objects.exists()


def test_the_product_may_be_named_by_its_gtin_or_asin(shop: Merchant) -> None:
    product = make_product("Two")
    ProductCode.objects.create(product=product, scheme="gtin", value="4006381333931")
    stored("offers", NEW | {"product": "", "gtin": "4006381333931"})
    assert Offer.objects.get().product == product


def test_a_price_that_leaps_is_held_and_said_so(shop: Merchant) -> None:
    offer = make_seen_offer(make_product("Two"), shop, amount="100")
    done = stored("offers", {"merchant": "Shop", "sku": offer.merchant_sku, "price": "1000"})
    assert counts(done) == (0, 1, 0, 0)
    assert "held until a second look agrees" in said(done)[0][2][-1]["becomes"]
    offer.refresh_from_db()
    assert (str(offer.amount), offer.state) == ("100.000", "held")


def test_the_same_price_is_no_news_and_a_later_look_at_it_is(shop: Merchant) -> None:
    offer = make_seen_offer(make_product("Two"), shop, amount="100")
    assert offer.seen_at is not None
    row: dict[str, Any] = {"merchant": "Shop", "sku": offer.merchant_sku, "price": "100.00"}
    assert counts(stored("offers", row)) == (0, 0, 1, 0)
    later = offer.seen_at + timedelta(seconds=30)
    assert counts(stored("offers", row | {"seen_at": later.isoformat()})) == (0, 1, 0, 0)
    offer.refresh_from_db()
    assert offer.seen_at == later
    assert Price.objects.count() <= 1


def test_the_time_of_the_price_before_does_not_hold_for_another_price(shop: Merchant) -> None:
    offer = make_seen_offer(make_product("Two"), shop, amount="100")
    assert offer.seen_at is not None
    row = {"merchant": "Shop", "sku": offer.merchant_sku, "price": "101", "seen_at": offer.seen_at.isoformat()}
    done = stored("offers", row)
    assert counts(done) == (0, 1, 0, 0)
    before = offer.seen_at
    offer.refresh_from_db()
    assert str(offer.amount) == "101.000"
    assert offer.seen_at is not None
    assert offer.seen_at > before


def test_sold_out_takes_no_price_that_the_row_leaves_and_none_at_all_needs_none(shop: Merchant) -> None:
    offer = make_seen_offer(make_product("Two"), shop, amount="100")
    stored("offers", {"merchant": "Shop", "sku": offer.merchant_sku, "availability": "out_of_stock"})
    offer.refresh_from_db()
    assert (str(offer.amount), offer.availability) == ("100.000", "out_of_stock")
    stored("offers", NEW | {"availability": "discontinued"})
    fresh = Offer.objects.get(merchant_sku="A-1")
    assert (fresh.amount, fresh.availability) == (None, "discontinued")


def test_an_offer_is_withdrawn_and_put_back(shop: Merchant) -> None:
    stored("offers", NEW)
    done = stored("offers", NEW | {"withdrawn": "yes"})
    assert said(done)[0][2] == [{"column": "withdrawn", "was": "no", "becomes": "yes"}]
    assert Offer.objects.get().withdrawn_at is not None
    stored("offers", NEW | {"withdrawn": "no"})
    assert Offer.objects.get().withdrawn_at is None


MISTAKES: dict[str, tuple[dict[str, Any], str]] = {
    "no sku": ({"sku": ""}, "sku: It is needed"),
    "no merchant": ({"merchant": ""}, "merchant: It is needed"),
    "unknown merchant": ({"merchant": "Nobody"}, "merchant: There is no merchant “Nobody” here."),
    "condition": ({"condition": "broken"}, "condition: “broken” is not one of: new, refurbished, used."),
    "no product": ({"product": ""}, "product: The offer is not here yet"),
    "unknown product": ({"product": "nobody"}, "product: There is no product “nobody” here."),
    "unknown gtin": ({"gtin": "96385074"}, "gtin: 0000096385074 names no product here."),
    "gtin of another": ({"gtin": "4006381333931"}, "gtin: It names Acme Two (acme-two), the row Acme One (acme-one)."),
    "no url": ({"url": ""}, "url: The offer is not here yet"),
    "url": ({"url": "shop.example"}, "url: “shop.example” is no address"),
    "foreign url": ({"url": "https://evil.example/"}, "url: "),
    "price": ({"price": "$99"}, "price: “$99” is no price."),
    "no price": ({"price": "0"}, "price: "),
    "cents of cents": ({"price": "9.999"}, "price: "),
    "currency": ({"price": "9", "currency": "XYZ"}, "currency: “XYZ” is no currency in use"),
    "availability": ({"availability": "soon"}, "availability: “soon” is not one of"),
    "availability alone": ({"availability": "in_stock"}, "price: No price is known"),
    "time": ({"price": "9", "seen_at": "yesterday"}, "seen_at: “yesterday” is no time"),
    "time to come": ({"price": "9", "seen_at": "2199-01-01"}, "price: It says it was read in the future."),
    "withdrawn": ({"withdrawn": "perhaps"}, "withdrawn: “perhaps” is neither yes nor no."),
}


@pytest.mark.parametrize("name", MISTAKES)
def test_each_mistake_is_said_at_its_column_and_stops_no_other_row(shop: Merchant, name: str) -> None:
    ProductCode.objects.create(product=make_product("Two"), scheme="gtin", value="4006381333931")
    cells, expected = MISTAKES[name]
    done = stored("offers", NEW | cells, NEW | {"sku": "good"})
    assert counts(done) == (1, 0, 0, 1), said(done)
    assert problems(done)[0].startswith(expected), problems(done)
    assert [offer.merchant_sku for offer in Offer.objects.all()] == ["good"]


def test_a_price_older_than_the_known_one_is_refused(shop: Merchant) -> None:
    offer = make_seen_offer(make_product("Two"), shop, amount="100")
    row = {"merchant": "Shop", "sku": offer.merchant_sku, "price": "99"}
    old = (timezone.now() - timedelta(days=30)).isoformat()
    assert problems(stored("offers", row | {"seen_at": old}))[0].startswith(("seen_at: A newer", "price: It is older"))


def test_a_merchant_whose_terms_allow_no_prices_takes_none(shop: Merchant) -> None:
    Merchant.objects.update(prices_allowed=False)
    assert problems(stored("offers", NEW | {"price": "9"})) == [
        "price: Shop's terms allow no prices. Empty price, shipping and availability."
    ]
    assert counts(stored("offers", NEW)) == (1, 0, 0, 0)


def test_who_may_change_but_not_add_makes_none(shop: Merchant) -> None:
    manager = make_staff("changes", "catalog.change_offer")
    assert problems(stored("offers", NEW, by=manager))[0].startswith("It is not here yet, and your role may not add")

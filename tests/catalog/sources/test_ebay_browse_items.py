from __future__ import annotations

import json
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from catalog.reading import Availability, Condition, NotSold, Reading, SourceError, Unreadable
from catalog.sources.ebay_browse import EbayBrowse
from catalog.sources.ebay_browse.access import Access, access_of
from catalog.sources.ebay_browse.items import item_said
from tests.catalog.sources.test_any_json import CHANGES, JSON, KEYS, STATUSES, Answers, ask, mutated
from tests.servers.ebay import CAMPAIGN, item, money

ID = "v1|110000000001|0"
NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)


def access(site: str = "EBAY_US") -> Access:
    given = {"marketplace": site, "client_id": "Earmark", "client_secret": "secret", "campaign_id": CAMPAIGN}
    return access_of(given)


def said_of(price: Any = None, *, site: str = "EBAY_US", **fields: Any) -> Reading | NotSold | Unreadable:
    return item_said("S", ID, item(ID, price, **fields), access(site), NOW)


def reading(price: Any = None, **how: Any) -> Reading:
    said = said_of(price, **how)
    assert isinstance(said, Reading), said
    return said


def reason(price: Any = None, **how: Any) -> str:
    said = said_of(price, **how)
    assert isinstance(said, Unreadable), said
    return said.reason


def test_reads_everything_an_item_says() -> None:
    assert reading() == Reading(
        sku="S",
        amount=Decimal("199.99"),
        currency="USD",
        seen_at=NOW,
        availability=Availability.IN_STOCK,
        condition=Condition.NEW,
        shipping_amount=Decimal("4.95"),
        url="https://www.ebay.com/itm/110000000001",
        title="Acme Headset One",
        brand="Acme",
        mpn="HS-1",
        gtin="4006381333931",
        raw_price="199.99 USD",
    )


def test_of_a_converted_price_the_sites_own_amount_is_the_price_and_the_sellers_is_noted() -> None:
    converted = money("111.30", "USD", convertedFromValue="89.00", convertedFromCurrency="GBP")
    said = reading(converted)
    assert (said.amount, said.currency) == (Decimal("111.30"), "USD")
    assert said.raw_price == "111.30 USD, converted from 89.00 GBP"


@pytest.mark.parametrize("site", ["EBAY_DE", "EBAY_GB", "EBAY_CA", "EBAY_CH"])
def test_a_price_in_another_currency_than_the_sites_is_refused(site: str) -> None:
    assert f"{site} shows" in reason(site=site)


@pytest.mark.parametrize(
    "price",
    ["199.99", {"value": "199.99"}, money("0.00"), money("-5"), money("1,299.00"), money("12.345"), money("free"),
     {"value": None, "currency": "USD"}, {"value": True, "currency": "USD"}, []],
)  # fmt: skip
def test_what_is_no_price_of_the_site_is_refused(price: Any) -> None:
    assert "price" in reason(price)


@pytest.mark.parametrize(
    ("options", "why"),
    [(["AUCTION"], "AUCTION"), (["CLASSIFIED_AD"], "CLASSIFIED"), (["BEST_OFFER"], "BEST_OFFER"), ([], "nothing")],
)
def test_only_what_can_be_bought_at_a_fixed_price_has_one(options: list[str], why: str) -> None:
    assert why in reason(buyingOptions=options)


def test_an_auction_that_can_be_bought_at_once_has_that_price_and_not_the_bid() -> None:
    both = ["FIXED_PRICE", "AUCTION"]
    assert reading(buyingOptions=both, currentBidPrice=money("80.00")).amount == Decimal("199.99")
    assert "current bid" in reason(buyingOptions=both, currentBidPrice=money("199.99"))


@pytest.mark.parametrize(
    ("number", "condition"),
    [
        ("1000", Condition.NEW),
        (1000, Condition.NEW),
        ("1500", Condition.USED),
        ("1750", Condition.USED),
        ("2000", Condition.REFURBISHED),
        ("2010", Condition.REFURBISHED),
        ("2030", Condition.REFURBISHED),
        ("2500", Condition.REFURBISHED),
        ("2750", Condition.USED),
        ("3000", Condition.USED),
        ("6000", Condition.USED),
    ],
)
def test_the_condition_comes_from_its_number(number: Any, condition: Condition) -> None:
    assert reading(conditionId=number, condition="Brandneu").condition is condition


@pytest.mark.parametrize(
    ("number", "why"),
    [("7000", "parts"), (None, "no condition"), ("", "no condition"), ("1200", "not understood"), ("x", "no cond")],
)
def test_a_condition_that_is_missing_or_broken_is_not_taken_for_new(number: Any, why: str) -> None:
    assert why in reason(conditionId=number)


def test_a_price_that_may_only_be_shown_in_the_cart_is_not_shown() -> None:
    assert "minimum advertised" in reason(priceDisplayCondition="ONLY_SHOW_WHEN_ADDED_IN_CART")
    assert "minimum advertised" in reason(marketingPrice={"priceTreatment": "MINIMUM_ADVERTISED_PRICE"})


def test_marketing_prices_and_prices_per_unit_are_not_the_price() -> None:
    extras = {
        "marketingPrice": {
            "originalPrice": money("999.00"),
            "discountAmount": money("1.00"),
            "discountPercentage": "9",
        },
        "unitPrice": money("2.00"),
        "unitPricingMeasure": "100 g",
        "minimumPriceToBid": money("1.00"),
    }
    assert reading(**extras).amount == Decimal("199.99")


def test_a_lot_of_several_is_refused() -> None:
    assert "lots of 5" in reason(lotSize=5)
    assert reading(lotSize=1).amount == Decimal("199.99")


def test_a_listing_that_has_ended_is_not_sold() -> None:
    said = said_of(itemEndDate="2026-11-25T11:59:59.000Z")
    assert isinstance(said, NotSold)
    assert said.availability is Availability.DISCONTINUED
    assert reading(itemEndDate="2026-11-25T12:01:00.000Z")
    assert reading(itemEndDate="soon")


@pytest.mark.parametrize(
    ("entries", "expected"),
    [
        ([{"estimatedAvailabilityStatus": "LIMITED_STOCK"}], Availability.IN_STOCK),
        ([{"estimatedAvailabilityStatus": "OUT_OF_STOCK", "estimatedAvailableQuantity": 0}], Availability.OUT_OF_STOCK),
        ([{"estimatedAvailabilityStatus": "IN_STOCK", "estimatedAvailableQuantity": 0}], Availability.UNKNOWN),
        ([{"estimatedAvailabilityStatus": "IN_STOCK", "deliveryOptions": ["PICKUP_DROP_OFF"]}], Availability.UNKNOWN),
        ([{"estimatedAvailabilityStatus": "PLENTY"}], Availability.UNKNOWN),
        ([], Availability.UNKNOWN),
        ("x", Availability.UNKNOWN),
    ],
)
def test_stock_is_what_is_shipped(entries: Any, expected: Availability) -> None:
    assert reading(estimatedAvailabilities=entries).availability is expected


def way(value: str = "4.95", currency: str = "USD", country: str = "US", kind: str = "FIXED") -> dict[str, Any]:
    return {
        "shippingCostType": kind,
        "shippingCost": money(value, currency),
        "shipToLocationUsedForEstimate": {"country": country},
    }


@pytest.mark.parametrize(
    ("ways", "expected"),
    [
        ([way()], Decimal("4.95")),
        ([way("0.00")], Decimal("0.00")),
        ([way(), way("9.00")], None),
        ([way(kind="CALCULATED")], None),
        ([way(country="CA")], None),
        ([way(currency="CAD")], None),
        ([], None),
    ],
)
def test_shipping_is_known_when_there_is_one_fixed_way_within_the_country(ways: Any, expected: Decimal | None) -> None:
    assert reading(shippingOptions=ways).shipping_amount == expected


def test_a_listing_with_variations_is_not_one_of_them() -> None:
    group = {"itemGroupType": "SELLER_DEFINED_VARIATIONS"}
    assert "variations" in reason(primaryItemGroup=group)
    variation = "v1|110000000001|410000000001"
    said = item_said("S", variation, item(variation, primaryItemGroup=group), access(), NOW)
    assert isinstance(said, Reading)


def test_an_answer_about_another_item_is_refused() -> None:
    said = item_said("S", ID, item("v1|999999999999|0"), access(), NOW)
    assert isinstance(said, Unreadable)
    assert "another item" in said.reason


EBAY = EbayBrowse()
PRICE = Decimal("937.39")
WHOLE = item(
    EBAY.example_sku,
    money("937.39", "USD", convertedFromValue="771.20", convertedFromCurrency="EUR"),
    marketingPrice={"originalPrice": money("1199.00"), "discountAmount": money("5.00")},
    itemEndDate="2027-01-01T00:00:00.000Z",
)


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(CHANGES)
def test_a_changed_answer_gives_its_price_or_none(changes: list[tuple[int, Any]]) -> None:
    changed = mutated(json.loads(json.dumps(WHOLE)), changes)
    price = changed.get("price")
    stated = str(price.get("value")) if isinstance(price, dict) else ""
    for said in ask(EBAY, EBAY.example_sku, json.dumps(changed).encode()):
        assert said.sku == EBAY.example_sku
        if isinstance(said, Reading):
            assert said.amount == PRICE or said.amount == Decimal(stated)
            assert said.currency == "USD"


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.dictionaries(KEYS | st.sampled_from(sorted(WHOLE)), JSON, max_size=6), STATUSES)
def test_any_json_at_all_is_answered(tree: dict[str, Any], status: int) -> None:
    for said in ask(EBAY, EBAY.example_sku, json.dumps({"itemId": EBAY.example_sku, **tree}).encode(), status):
        assert said.sku == EBAY.example_sku


@pytest.mark.parametrize("depth", [300, 5000, 200_000])
def test_depth_without_end_is_refused_or_ignored(depth: int) -> None:
    for opening, closing in ((b'{"a":', b"}"), (b"[", b"]")):
        deep = opening * depth + b"1" + closing * depth
        ask(EBAY, EBAY.example_sku, deep)
        for name in (b'"price"', b'"brand"', b'"shippingOptions"'):
            ask(EBAY, EBAY.example_sku, json.dumps(WHOLE).encode().replace(name, name + b": " + deep + b', "x"', 1))


def test_a_broken_body_is_a_source_error() -> None:
    with pytest.raises(SourceError):
        list(
            EBAY.read(
                [],
                {},
                door=Answers(b""),
                now=NOW,
                state=None,  # type: ignore[arg-type]
                tokens=None,  # type: ignore[arg-type]
            ).items
        )

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from catalog.reading import Availability, Condition, Reading
from tests.catalog.sources.pages import URL, ask, offer, page, price, product, reason


def test_reads_a_product_with_everything_it_says() -> None:
    said = ask(
        page(
            product(
                offer(availability="https://schema.org/InStock", itemCondition="https://schema.org/NewCondition"),
                brand={"@type": "Brand", "name": "Nordton"},
                gtin13="4006381333931",
                mpn="ST-1",
            )
        )
    )
    assert said == Reading(
        sku="S-1",
        amount=Decimal("199.00"),
        currency="EUR",
        seen_at=said.seen_at if isinstance(said, Reading) else None,  # type: ignore[arg-type]
        availability=Availability.IN_STOCK,
        condition=Condition.NEW,
        url=URL,
        title="Studio One",
        brand="Nordton",
        gtin="4006381333931",
        mpn="ST-1",
        raw_price="JSON-LD: 199.00 EUR",
    )


@pytest.mark.parametrize(
    "data",
    [
        product(offer()),
        [product(offer())],
        {"@graph": [{"@type": "WebSite", "name": "Shop"}, product(offer())]},
        {"@type": "WebPage", "mainEntity": product(offer())},
        product([offer()]),
        {**product(None), "Offers": offer()},
        product(offer(), **{"@type": ["Product", "Thing"]}),
        product(offer(), **{"@type": "https://schema.org/Product"}),
        {"@graph": [product({"@id": "#o"}), {**offer(), "@id": "#o"}]},
        product(offer(199.0)),
        product(offer(199)),
        product(offer("199,00 €")),
        product(offer("1.99e2")),
        product(offer(currency="eur")),
        product(offer("199 €", None)),
        product(
            {
                "@type": "Offer",
                "priceSpecification": {"@type": "PriceSpecification", "price": 199, "priceCurrency": "EUR"},
            }
        ),
        product(offer("199.00", None, priceSpecification={"price": "199.00", "priceCurrency": "EUR"})),
        product({"@type": "AggregateOffer", "lowPrice": "199", "highPrice": 199.0, "priceCurrency": "EUR"}),
        product({"@type": "AggregateOffer", "lowPrice": "199", "priceCurrency": "EUR", "offerCount": 1}),
        product(
            {"@type": "AggregateOffer", "lowPrice": 199, "highPrice": 201, "priceCurrency": "EUR", "offers": [offer()]}
        ),
        {**offer(), "itemOffered": {"@type": "Product", "name": "Studio One"}},
        {"@type": "ProductGroup", "name": "Studio One", "hasVariant": [product(offer()), product(offer())]},
    ],
)
def test_reads_every_shape_in_which_shops_write_one_price(data: Any) -> None:
    assert price(page(data)) == "199.00 EUR"


@pytest.mark.parametrize(
    "block",
    [
        '{"@type": "Product", "name": "Studio One", "offers": {"price": 199.00, "priceCurrency": "EUR",},}',
        '/* shop */ {"@type": "Product", // name\n "name": "a // b", "offers": {"price": 199, "priceCurrency":"EUR"}};',
        '<!-- {"@type": "Product", "name": "Studio One", "offers": {"price": 199, "priceCurrency": "EUR"}} -->',
        '//<![CDATA[\n{"@type": "Product", "name": "A\tB", "offers": {"price": 199, "priceCurrency": "EUR"}}\n//]]>',
    ],
)
def test_forgives_the_slips_of_hand_written_json(block: str) -> None:
    assert price(page(block)) == "199.00 EUR"


def test_one_broken_block_does_not_hide_the_others() -> None:
    assert price(page("{not json", "null", "", product(offer()))) == "199.00 EUR"


SPEC = {"@type": "UnitPriceSpecification", "price": "199.00", "priceCurrency": "EUR"}


@pytest.mark.parametrize(
    "specs",
    [
        [SPEC, {**SPEC, "price": "249.00", "priceType": "https://schema.org/ListPrice"}],
        [{**SPEC, "priceType": "SalePrice"}, {**SPEC, "price": "249.00"}],
        [SPEC, {**SPEC, "price": "179.00", "validForMemberTier": {"@id": "#gold"}}],
        [SPEC, {**SPEC, "price": "149.00", "validThrough": "2020-12-31"}],
        [SPEC, {**SPEC, "price": "149.00", "eligibleQuantity": {"minValue": 10}}],
        [SPEC, {"@type": "DeliveryChargeSpecification", "price": "4.90", "priceCurrency": "EUR"}],
    ],
)
def test_list_member_expired_and_quantity_prices_are_not_the_price(specs: list[dict[str, Any]]) -> None:
    assert price(page(product({"@type": "Offer", "priceSpecification": specs}))) == "199.00 EUR"


def test_the_offers_own_price_goes_before_its_specification() -> None:
    assert price(page(product(offer("189.00", priceSpecification=SPEC)))) == "189.00 EUR"


def test_shipping_and_returns_hold_numbers_that_are_not_the_price() -> None:
    extras = {
        "shippingDetails": {"shippingRate": {"@type": "MonetaryAmount", "value": 4.95, "currency": "USD"}},
        "hasMerchantReturnPolicy": {"returnFees": {"price": 9, "priceCurrency": "USD"}},
        "priceValidUntil": "2020-12-31",
    }
    assert price(page(product(offer(**extras)))) == "199.00 EUR"


@pytest.mark.parametrize(
    ("offers", "why"),
    [
        (offer(currency=None), "names no currency"),
        (offer("0.00"), "placeholder"),
        (offer("from 199 EUR"), "others start"),
        (offer("30,000원~", "KRW"), "others start"),
        (offer("199 € / Stück"), "per unit"),
        (offer("149 - 199"), "is a range"),
        (offer("199 USD"), "another currency than EUR"),
        (offer(currency="BGN"), "withdrawn"),
        (offer(currency="$"), "may be"),
        (offer("24.990", "EUR"), "thousands or as thousandths"),
        (offer("24.99", "CLP"), "no cents"),
        (offer("79,90 € 71,91 €"), "several prices"),
        (offer({}), "no structured price"),
        (offer(None), "no structured price"),
        ([offer("199"), offer("229")], "offers differ: 199.00 EUR to 229.00 EUR"),
        ({"@type": "AggregateOffer", "lowPrice": 199, "highPrice": 249, "priceCurrency": "EUR"}, "run from 199 to 249"),
        ({"@type": "AggregateOffer", "lowPrice": 199, "priceCurrency": "EUR"}, "only the lowest"),
        (offer(businessFunction="http://purl.org/goodrelations/v1#LeaseOut"), "to rent"),
        (offer(validForMemberTier={"@id": "#gold"}), "for members"),
        ({"@type": "Offer", "priceSpecification": {**SPEC, "valueAddedTaxIncluded": False}}, "leaves the tax out"),
        (
            {"@type": "Offer", "priceSpecification": {**SPEC, "referenceQuantity": {"value": 100, "unitCode": "GRM"}}},
            "per unit",
        ),
        (offer(itemCondition="weathered"), "condition is not understood"),
    ],
)
def test_refuses_what_is_not_one_price_for_everybody(offers: Any, why: str) -> None:
    assert why in reason(page(product(offers)))


def test_where_tills_add_the_tax_a_price_without_it_is_the_price() -> None:
    spec = {**SPEC, "priceCurrency": "USD", "valueAddedTaxIncluded": "false"}
    assert price(page(product({"@type": "Offer", "priceSpecification": spec}))) == "199.00 USD"


def test_amount_and_currency_of_different_blocks_are_never_mixed() -> None:
    split = product([{"@type": "Offer", "price": "199"}, {"@type": "Offer", "priceCurrency": "EUR"}])
    assert "names no currency" in reason(page(split))


def test_the_currency_setting_fills_in_and_never_replaces() -> None:
    assert price(page(product(offer("199", None))), currency="CHF") == "199.00 CHF"
    assert price(page(product(offer("199"))), currency="CHF") == "199.00 EUR"


def test_the_variant_with_our_sku_or_address_is_the_one_that_counts() -> None:
    variants = [
        offer("199", sku="S-1", url="https://shop.example/p/studio-one?variant=1"),
        offer("229", sku="S-2", url="https://shop.example/p/studio-one?variant=2"),
    ]
    text = page(product(variants))
    assert price(text, sku="S-2") == "229.00 EUR"
    assert price(text, sku="other", url="https://shop.example/p/studio-one?variant=1") == "199.00 EUR"
    assert "offers differ" in reason(text, sku="other")


def test_one_size_in_stock_is_enough_when_all_cost_the_same() -> None:
    said = ask(page(product([offer(availability="OutOfStock"), offer(availability="InStock")])))
    assert isinstance(said, Reading)
    assert said.availability is Availability.IN_STOCK


def test_new_goods_go_before_used_ones_and_used_ones_say_so() -> None:
    used = offer("120", itemCondition="UsedCondition")
    assert price(page(product([used, offer("199")]))) == "199.00 EUR"
    alone = ask(page(product(used)))
    assert isinstance(alone, Reading)
    assert (alone.amount, alone.condition) == (Decimal("120.00"), Condition.USED)


def test_a_specification_that_holds_from_the_year_1_to_9999_holds_always() -> None:
    spec = {
        "price": "199.00",
        "priceCurrency": "EUR",
        "validFrom": "0001-01-01T00:00:00+02:00",
        "validThrough": "9999-12-31T23:59:59-05:00",
    }
    assert price(page(product({"@type": "Offer", "priceSpecification": spec}))) == "199.00 EUR"


def test_an_offer_whose_address_is_none_is_just_not_the_variant_asked_for() -> None:
    offers = [offer(url="https://[shop]/x?v=1"), offer("249.00", url=f"{URL}?v=1")]
    assert price(page(product(offers)), url=f"{URL}?v=1") == "249.00 EUR"


def test_an_offer_beside_its_product_in_a_graph_is_that_products() -> None:
    graph = [
        {"@type": "WebPage", "@id": "#page"},
        {"@type": "Product", "@id": "#product", "name": "Studio One", "offers": {"@id": "#offer"}},
        offer("79.00", **{"@id": "#offer"}),
    ]
    assert price(page({"@context": "https://schema.org", "@graph": graph})) == "79.00 EUR"
    graph.append(offer("19.00", itemOffered={"@type": "Product", "name": "Cable"}, **{"@id": "#other"}))
    assert price(page({"@context": "https://schema.org", "@graph": graph})) == "79.00 EUR"

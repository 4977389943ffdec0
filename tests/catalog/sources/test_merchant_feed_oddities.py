"""Feeds as shops really write them, each read as meant or refused with its reason."""

from __future__ import annotations

import json
from decimal import Decimal

import pytest

from catalog.reading import Availability, Reading, Unreadable
from catalog.sources.base import SourceError
from tests.catalog.sources.feeds import item, only, read, reason

GOOGLE = "http://base.google.com/ns/1.0"


def amount(body: str | bytes, **settings: str) -> str:
    reading = only(read(body, **settings))
    return f"{reading.amount} {reading.currency}"


@pytest.mark.parametrize(
    "body",
    [
        f'<rss xmlns:x="{GOOGLE}"><channel><item><x:id>A</x:id><x:price>9.99 EUR</x:price></item></channel></rss>',
        f'<rss><channel xmlns="{GOOGLE}"><item><id>A</id><price>9.99 EUR</price></item></channel></rss>',
        "<rss><channel><item><id>A</id><price>9.99 EUR</price></item></channel></rss>",
        f'<feed xmlns="http://www.w3.org/2005/Atom" xmlns:g="{GOOGLE}"><entry><g:id>A</g:id><g:price>9.99 EUR</g:price>'
        "</entry></feed>",
        "<CATALOG><PRODUCT><ID>A</ID><PRICE>9.99 EUR</PRICE></PRODUCT></CATALOG>",
        '<products><product><id>A</id><price currency="EUR">9.99</price></product></products>',
        '<products><product><id>A</id><price currency="EUR">9,99 EUR</price></product></products>',
        "<products><product><id>A</id><price>9.99</price><currency>EUR</currency></product></products>",
    ],
)
def test_reads_an_item_whatever_its_prefix_its_case_and_the_place_of_its_currency(body: str) -> None:
    assert amount(body, currency="USD") == "9.99 EUR"


def test_a_currency_beside_the_price_must_not_contradict_it() -> None:
    body = '<products><product><id>A</id><price currency="GBP">9.99 EUR</price></product></products>'
    assert "another currency" in reason(read(body))
    found = read("id,price,currency\nA,9.99,SEK\nB,9.99 EUR,SEK\nC,9.99,crowns\nD,9.99,HRK\n", currency="USD")
    assert [said.sku for said in found if isinstance(said, Reading)] == ["A"]
    assert isinstance(found[0], Reading)
    assert found[0].currency == "SEK"
    assert "another currency than SEK" in found[1].reason  # type: ignore[union-attr]


def test_a_sale_in_another_currency_than_the_price_is_refused() -> None:
    assert "in EUR and its sale_price in USD" in reason(
        read(item({"id": "A", "price": "100 EUR", "sale_price": "80 USD"}))
    )


def test_a_sale_at_a_twentieth_of_the_price_is_a_misread_price() -> None:
    assert "misread" in reason(read(item({"id": "A", "price": "19.990 EUR", "sale_price": "15.50 EUR"})))
    assert amount(item({"id": "A", "price": "100 EUR", "sale_price": "5 EUR"})) == "5.00 EUR"


@pytest.mark.parametrize(
    ("window", "meant"),
    [
        ("20261101/20261122", "80.00 EUR"),
        ("2026-11-22 11:07 +0100/2026-11-28 23:07 +0100", "80.00 EUR"),
        ("2026-11-22T13:30+0130/2026-11-28T23:07+0130", "80.00 EUR"),
        ("2026-11-22T13:31+0130/2026-11-28T23:07+0130", "100.00 EUR"),
        ("2026-11-01T00:00:00.000Z / 2026-11-30T00:00:00.000Z", "80.00 EUR"),
        ("2026-10-01T00:00-08/2026-11-22T04:00-08", "100.00 EUR"),
    ],
)
def test_reads_more_ways_in_which_sales_are_dated(window: str, meant: str) -> None:
    fields = {"id": "A", "price": "100 EUR", "sale_price": "80 EUR", "sale_price_effective_date": window}
    assert amount(item(fields)) == meant


@pytest.mark.parametrize(
    "field",
    [
        {"member_price": "5 EUR"},
        {"loyalty_program": "gold:5 EUR"},
        {"unit_price": "5 EUR"},
        {"unit_pricing_measure": "5 EUR"},
        {"installment": "12:5 EUR"},
        {"cost_of_goods_sold": "5 EUR"},
        {"maximum_retail_price": "500 EUR"},
        {"auto_pricing_min_price": "5 EUR"},
        {"shipping": "DE:::5 EUR"},
        {"tax": "US:CA:5:n"},
        {"price_old": "500 EUR"},
    ],
)
def test_no_other_amount_of_an_item_is_ever_its_price(field: dict[str, str]) -> None:
    assert amount(item({"id": "A", "price": "100 EUR", **field})) == "100.00 EUR"
    assert "no price" in reason(read(item({"id": "A", **field})))


def test_entities_that_a_shop_escaped_twice_are_read() -> None:
    twice = item({"id": "A", "price": "&amp;euro; 9,99", "title": "Case &amp;amp; cable"})
    assert (amount(twice), only(read(twice)).title) == ("9.99 EUR", "Case & cable")


def test_a_code_beside_the_word_that_there_is_none_is_dropped() -> None:
    fields = {"id": "A", "price": "1 EUR", "gtin": "4006381333931"}
    assert only(read(item(fields))).gtin == "4006381333931"
    assert only(read(item({**fields, "identifier_exists": "no"}))).gtin == ""


def test_free_shipping_costs_nothing() -> None:
    assert only(read("id\tprice\tshipping(price)\nA\t9 EUR\tFree\n")).shipping_amount == Decimal(0)
    body = item({"id": "A", "price": "9 EUR"}).replace(
        "</item>", "<g:shipping><g:country>DE</g:country><g:price>0.00 EUR</g:price></g:shipping></item>"
    )
    assert only(read(body)).shipping_amount == Decimal(0)


def test_the_line_by_which_spreadsheets_tell_each_other_the_delimiter_is_no_header() -> None:
    assert amount("sep=;\nid;price\nA;9,99 EUR\n") == "9.99 EUR"


def test_a_decimal_comma_that_shifts_the_columns_is_noticed() -> None:
    body = "id,price,availability,gtin\nA,9,99 EUR,in stock\nB,9.50,in stock,\n"
    shifted, right = read(body, currency="EUR")
    assert isinstance(shifted, Unreadable)
    assert "columns are shifted" in shifted.reason
    assert isinstance(right, Reading)


def test_a_table_in_utf_16_is_not_broken_at_every_sign_that_unicode_lets_end_a_line() -> None:
    body = "id\ttitle\tprice\nA\tone\u2028two\x85three\t9.99 EUR\n"
    assert amount(body.encode("utf-16")) == "9.99 EUR"


def test_a_last_line_that_is_cut_off_is_not_read() -> None:
    found = read("id,price,availability\nA,1299.99 EUR,in stock\nB,12")
    assert [type(said) for said in found] == [Reading, Unreadable]
    assert "ends in the middle" in found[1].reason  # type: ignore[union-attr]


def lines(*objects: object) -> str:
    return "\n".join(json.dumps(one) for one in objects)


def test_reads_json_lines_in_googles_words_and_in_those_of_its_product_objects() -> None:
    found = read(
        lines(
            {"id": "A", "title": "One", "price": "9.99 EUR", "sale_price": "", "availability": "in_stock"},
            {"id": "B", "price": {"value": "12.5", "currency": "USD"}, "shipping": [{"price": {"value": "3"}}]},
            {"offerId": "C", "price": {"value": "100", "currency": "EUR"}, "salePrice": {"value": "80"}},
            {"id": "D", "price": 12.10, "currency": "USD"},
            {"id": "E", "price": {"amountMicros": "15990000", "currencyCode": "USD"}},
        )
    )
    assert [(said.sku, f"{said.amount} {said.currency}") for said in found if isinstance(said, Reading)] == [
        ("A", "9.99 EUR"),
        ("B", "12.50 USD"),
        ("C", "80.00 EUR"),
        ("D", "12.10 USD"),
        ("E", "15.99 USD"),
    ]
    assert isinstance(found[0], Reading)
    assert (found[0].title, found[0].availability) == ("One", Availability.IN_STOCK)
    assert isinstance(found[1], Reading)
    assert found[1].shipping_amount == Decimal(3)


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({"price": {"value": {"amount": "1"}}}, "price holds"),
        ({"price": ["9 EUR", "10 EUR"]}, "several price fields"),
        ({"price": "9 EUR", "subscriptionCost": {"period": "month", "amount": {"value": "1"}}}, "contract"),
        ({"price": True}, "price holds"),
        ({"price": {"amountMicros": "-5"}}, "price holds"),
    ],
)
def test_json_that_names_no_single_price_is_refused(fields: dict[str, object], why: str) -> None:
    assert why in reason(read(lines({"id": "A", **fields})))


def test_a_broken_line_of_json_spoils_itself_only() -> None:
    found = read(lines({"id": "A", "price": "9 EUR"}) + "\n{broken\n\n" + lines({"id": "B", "price": "8 EUR"}))
    assert [said.sku for said in found] == ["A", "", "B"]
    assert found[1].reason == "In line 2: It is no JSON object."  # type: ignore[union-attr]


@pytest.mark.parametrize("body", ['[{"id": "A", "price": "9 EUR"}]', '{"products": []}', '{\n"id": "A"\n}'])
def test_other_json_is_named_as_such(body: str) -> None:
    with pytest.raises(SourceError, match="not JSON Lines"):
        read(body)

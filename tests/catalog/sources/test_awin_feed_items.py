from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from catalog.reading import Availability, Condition, Reading, Unreadable
from catalog.sources.base import SourceError
from tests.catalog.sources.awin import read_bytes, read_rows, row, table
from tests.catalog.sources.feeds import NOW, only, reason


def price(**fields: str) -> str:
    reading = only(read_rows(row(**fields)))
    return f"{reading.amount} {reading.currency}"


def why(**fields: str) -> str:
    return reason(read_rows(row(**fields)))


def test_reads_a_row_with_everything_it_says() -> None:
    found = read_rows(
        row(
            merchant_product_id="K-1",
            product_name="Nordton &quot;One&quot; &amp; case",
            brand_name="Nordton",
            merchant_deep_link="https://klangladen.example/k-1?a=1&amp;b=2",
            aw_deep_link="https://www.awin1.com/pclick.php?p=1&a=2&m=3",
            store_price="56.00",
            base_price="1.20",
            base_price_amount="1.20",
            rrp_price="199.00",
            product_price_old="149.00 EUR",
            display_price="EUR99.00",
            delivery_cost="4.90",
            condition="neu",
            in_stock="1",
            stock_quantity="12",
            product_GTIN="",
            ean="4006381333931",
            mpn="ST-1",
        )
    )
    assert found == [
        Reading(
            sku="1",
            amount=Decimal("99.00"),
            currency="EUR",
            seen_at=NOW,
            availability=Availability.IN_STOCK,
            condition=Condition.NEW,
            shipping_amount=Decimal("4.90"),
            url="https://klangladen.example/k-1?a=1&b=2",
            title='Nordton "One" & case',
            brand="Nordton",
            gtin="4006381333931",
            mpn="ST-1",
            raw_price="search_price 99.00; currency EUR; display_price EUR99.00",
        )
    ]


def test_columns_may_stand_in_any_order_and_in_any_case() -> None:
    body = "Currency,STORE_PRICE,Search_Price,in_stock,AW_PRODUCT_ID\r\nGBP,1.00,30.87,0,9"
    reading = only(read_bytes(body.encode()))
    assert (reading.sku, str(reading.amount), reading.currency) == ("9", "30.87", "GBP")
    assert reading.availability is Availability.OUT_OF_STOCK


@pytest.mark.parametrize(
    ("fields", "meant"),
    [
        ({"search_price": "249,90", "currency": "BRL"}, "249.90 BRL"),
        ({"search_price": "75", "display_price": "EUR75"}, "75.00 EUR"),
        ({"search_price": "1,299.00", "currency": "USD"}, "1299.00 USD"),
        ({"search_price": "1.299,00"}, "1299.00 EUR"),
        ({"search_price": "1.299", "display_price": "1.299,00 €"}, "1299.00 EUR"),
        ({"search_price": "10000", "currency": "jpy"}, "10000 JPY"),
        ({"search_price": "12.345", "currency": "KWD"}, "12.345 KWD"),
        ({"search_price": "399.90 BRL", "currency": "BRL"}, "399.90 BRL"),
        ({"search_price": "EUR75", "currency": ""}, "75.00 EUR"),
        ({"search_price": "75 USD", "currency": ""}, "75.00 USD"),
        ({"search_price": "&pound;9.99", "currency": "GBP"}, "9.99 GBP"),
        ({"display_price": "call us"}, "99.00 EUR"),
        ({"display_price": "99 €"}, "99.00 EUR"),
        ({"search_price": "1.9545e+02", "currency": "USD"}, "195.45 USD"),
    ],
)
def test_reads_prices_as_advertisers_write_them(fields: dict[str, str], meant: str) -> None:
    assert price(**fields) == meant


@pytest.mark.parametrize(
    ("fields", "because"),
    [
        ({"search_price": "", "store_price": "56"}, "has no search_price"),
        ({"search_price": "0.00"}, "placeholder"),
        ({"search_price": "75 USD"}, "another currency"),
        ({"search_price": "75", "currency": ""}, "names no currency"),
        ({"currency": "HRK"}, "withdrawn"),
        ({"currency": "euros only"}, "not an ISO 4217 currency"),
        ({"display_price": "USD99.00"}, "search_price is in EUR and its display_price in USD"),
        ({"display_price": "89,00 €"}, "two prices"),
        ({"display_price": "from 99.00"}, "others start"),
        ({"search_price": "1.299"}, "thousands or as thousandths"),
        ({"search_price": "19.990"}, "thousands or as thousandths"),
        ({"search_price": "19.990", "display_price": "19,99 €"}, "two prices"),
        ({"search_price": "from 75"}, "others start"),
        ({"search_price": "75 - 99"}, "range"),
        ({"search_price": "24.99", "currency": "JPY"}, "no cents"),
        ({"condition": "burning"}, "condition is not understood"),
    ],
)
def test_refuses_what_it_cannot_trust_and_says_why(fields: dict[str, str], because: str) -> None:
    assert because in why(**fields)
    assert "line 2" in why(**fields)


def test_the_currency_setting_fills_in_and_never_replaces() -> None:
    assert only(read_rows(row(currency=""), currency="GBP")).currency == "GBP"
    assert only(read_rows(row(), currency="GBP")).currency == "EUR"


@pytest.mark.parametrize(
    ("fields", "meant"),
    [
        ({}, "unknown"),
        ({"in_stock": "1"}, "in_stock"),
        ({"in_stock": "7"}, "in_stock"),
        ({"in_stock": "yes"}, "in_stock"),
        ({"in_stock": "0"}, "out_of_stock"),
        ({"in_stock": "no", "stock_quantity": "0"}, "out_of_stock"),
        ({"in_stock": "-1"}, "unknown"),
        ({"in_stock": "maybe"}, "unknown"),
        ({"in_stock": "", "stock_quantity": "3"}, "in_stock"),
        ({"stock_status": "In Stock"}, "in_stock"),
        ({"stock_status": "out of stock"}, "out_of_stock"),
        ({"in_stock": "1", "stock_status": "out of stock"}, "unknown"),
        ({"in_stock": "1", "stock_quantity": "0"}, "unknown"),
        ({"in_stock": "0", "stock_status": "backorder"}, "back_order"),
        ({"in_stock": "0", "stock_status": "discontinued"}, "discontinued"),
        ({"in_stock": "0", "pre_order": "1"}, "pre_order"),
        ({"in_stock": "1", "stock_status": "preorder"}, "pre_order"),
        ({"in_stock": "1", "pre_order": "0"}, "in_stock"),
        ({"is_for_sale": "0"}, "out_of_stock"),
        ({"is_for_sale": "0", "in_stock": "1"}, "unknown"),
        ({"is_for_sale": "1", "in_stock": "1"}, "in_stock"),
        ({"in_stock": "1", "stock_status": "gone fishing"}, "in_stock"),
    ],
)
def test_reads_stock_from_the_columns_that_agree(fields: dict[str, str], meant: str) -> None:
    assert only(read_rows(row(**fields))).availability.value == meant


@pytest.mark.parametrize(
    ("begins", "ends"),
    [
        ("2026-11-01", "2026-11-22"),
        ("2026-11-22 12:00:00", ""),
        ("", "2026-11-22 12:00:01"),
        ("2026-11-22T13:00:00+0100", "2026-12-01T00:00:00Z"),
        ("3/17/2021", ""),
        ("3/4/2021", "12/31/2026"),
        ("31.12.2021", "31.12.2026"),
        ("2026/11/01", "31-12-2026"),
        ("0000-00-00", "0000-00-00 00:00:00"),
        ("-", "0"),
    ],
)
def test_a_price_inside_its_period_is_read(begins: str, ends: str) -> None:
    assert price(valid_from=begins, valid_to=ends) == "99.00 EUR"


@pytest.mark.parametrize(
    ("begins", "ends", "because"),
    [
        ("", "2026-11-21", "was valid until 2026-11-21"),
        ("", "6/25/2021", "was valid until 6/25/2021"),
        ("2026-11-23", "", "is valid from 2026-11-23"),
        ("4/18/2021", "12/23/2020", "ends before it begins"),
        ("", "12/11/2026", "in two ways"),
        ("1/12/2026", "", "in two ways"),
        ("soon", "", "cannot be read"),
        ("", "13/13/2026", "cannot be read"),
        ("", "31.12.9999", "cannot be read"),
    ],
)
def test_a_price_outside_its_period_or_with_one_that_nobody_understands_is_refused(
    begins: str, ends: str, because: str
) -> None:
    assert because in why(valid_from=begins, valid_to=ends)


def test_one_date_that_can_be_read_in_one_way_only_says_how_the_others_of_its_row_are_meant() -> None:
    spring = datetime(2021, 5, 1, tzinfo=UTC)
    for more in ({"valid_to": "6/25/2021"}, {"last_updated": "3/17/2021"}):
        found = read_rows(row(valid_from="3/11/2021", **more), now=spring)
        assert str(only(found).amount) == "99.00"
    assert "in two ways" in reason(read_rows(row(valid_from="3/11/2021"), now=spring))


def test_a_day_that_can_be_read_in_two_ways_does_no_harm_when_both_are_past_or_both_to_come() -> None:
    far = datetime(2030, 1, 1, tzinfo=UTC)
    assert price(valid_from="11/12/2025", valid_to="11/12/2027") == "99.00 EUR"
    assert "was valid until" in reason(read_rows(row(valid_to="11/12/2027"), now=far))


@pytest.mark.parametrize(
    ("cost", "meant"),
    [
        ("4.90", "4.90"),
        ("4,90 EUR", "4.90"),
        ("Free", "0"),
        ("0", "0"),
        ("", None),
        ("from 3.90", None),
        ("5 USD", None),
    ],
)
def test_the_delivery_cost_is_shipping_and_never_part_of_the_price(cost: str, meant: str | None) -> None:
    reading = only(read_rows(row(delivery_cost=cost)))
    assert reading.amount == Decimal("99.00")
    assert reading.shipping_amount == (None if meant is None else Decimal(meant))


def test_only_a_true_gtin_is_kept_from_whichever_column_has_one() -> None:
    assert only(read_rows(row(product_GTIN="25", ean="46122-201", upc="036000291452"))).gtin == "0036000291452"
    assert only(read_rows(row(ean="4006381333930", isbn="978-0-306-40615-7"))).gtin == "9780306406157"
    assert only(read_rows(row(ean="4.00638E+12"))).gtin == ""


def test_our_sku_is_awins_own_id_or_the_merchants_as_chosen() -> None:
    both = row(aw_product_id="77", merchant_product_id="K-1")
    assert only(read_rows(both)).sku == "77"
    assert only(read_rows(both, identifier="merchant_product_id")).sku == "K-1"
    theirs_only = {name: value for name, value in both.items() if name != "aw_product_id"}
    assert only(read_rows(theirs_only)).sku == "K-1"


def test_an_id_that_is_missing_in_one_row_is_never_filled_in_with_the_other_kind() -> None:
    found = read_rows(row(aw_product_id="", merchant_product_id="5"), row(aw_product_id="5", merchant_product_id="9"))
    assert [type(said) for said in found] == [Unreadable, Reading]
    assert "has no `aw_product_id`" in found[0].reason  # type: ignore[union-attr]


def test_two_rows_of_one_id_are_read_when_they_agree_and_refused_when_they_do_not() -> None:
    assert only(read_rows(row(), row(), skus=["1"])).amount == Decimal("99.00")
    assert "twice, at 99.00 EUR and 89.00 EUR" in reason(read_rows(row(), row(search_price="89"), skus=["1"]))
    used = read_rows(row(), row(search_price="59", condition="used"), skus=["1"])
    assert [said.condition for said in used if isinstance(said, Reading)] == [Condition.NEW, Condition.USED]


def test_a_last_row_that_is_cut_off_is_not_read() -> None:
    whole = "aw_product_id,currency,search_price,in_stock\n1,EUR,1299.00,1\n2,EUR,1299.00,1"
    assert len([said for said in read_bytes(whole.encode()) if isinstance(said, Reading)]) == 2
    found = read_bytes(whole[: whole.rindex("99.00")].encode())
    assert isinstance(found[0], Reading)
    assert isinstance(found[1], Unreadable)
    assert "ends in the middle of this row" in found[1].reason


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.tuples(st.integers(0, 5000), st.binary(max_size=6), st.integers(0, 12)), max_size=6))
def test_a_damaged_feed_is_read_or_refused_but_never_breaks(damage: list[tuple[int, bytes, int]]) -> None:
    body = table(row(valid_to="12/31/2026", in_stock="3", display_price="EUR99"), row(aw_product_id="2")).encode()
    for place, inserted, dropped in damage:
        at = place % (len(body) + 1)
        body = body[:at] + inserted + body[at + dropped :]
    try:
        found = read_bytes(body)
    except SourceError:
        return
    assert all(isinstance(said, Reading | Unreadable) for said in found)


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.dictionaries(
        st.sampled_from(
            [
                "search_price",
                "currency",
                "valid_from",
                "valid_to",
                "in_stock",
                "ean",
                "delivery_cost",
                "display_price",
                "condition",
            ]
        ),
        st.text(st.characters(exclude_categories=["Cs"]), max_size=12),
    )
)
def test_any_cells_are_read_or_refused_but_never_break(fields: dict[str, str]) -> None:
    try:
        found = read_rows(row(**fields), row(aw_product_id="2"))
    except SourceError:
        return
    assert found[-1].sku in {"1", "2", ""}


@pytest.mark.real_data
def test_every_captured_feed_is_read_as_its_owner_means_it(shared: Path) -> None:
    folder = shared / "fixtures" / "awin"
    spring = datetime(2021, 5, 1, tzinfo=UTC)
    found = {said.sku: said for said in read_bytes((folder / "data_feed.csv").read_bytes(), now=spring)}
    first = found["1"]
    assert isinstance(first, Reading)
    assert (str(first.amount), first.currency, first.condition.value) == ("75.00", "EUR", "used")
    assert str(first.shipping_amount) == "36.00"
    assert "condition" in found["10"].reason or "period" in found["10"].reason  # type: ignore[union-attr]
    dafiti = only(read_bytes((folder / "rows_dafiti_old_price_with_currency.csv").read_bytes()))
    assert (str(dafiti.amount), dafiti.currency, dafiti.sku) == ("199.90", "BRL", "101")
    amazonliss = only(read_bytes((folder / "rows_amazonliss_crlf_no_final_newline.csv.gz").read_bytes()))
    assert (str(amazonliss.amount), amazonliss.currency, amazonliss.sku) == ("19.99", "USD", "sku-1")

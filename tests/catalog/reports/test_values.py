"""One field of a network's report: an amount, a time or a name, or why it is none."""

from __future__ import annotations

import contextlib
import string
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.clicks.ids import sub_id
from catalog.reports.values import (
    FieldProblem,
    ValueProblem,
    api_amount,
    currency_of,
    moment,
    name_of,
    optional_amount,
    optional_moment,
    optional_name,
    said,
    sentence,
    sub_id_of,
    written_amount,
)


@pytest.mark.parametrize(
    ("value", "amount"),
    [
        (5, "5"),
        (Decimal("5.59"), "5.59"),
        (Decimal("59.489999999999995"), "59.49"),
        ("5.59", "5.59"),
        (" 0.88 ", "0.88"),
        ("-0.88", "-0.88"),
        ("0", "0"),
        ("-0.00", "0"),
        (".5", "0.5"),
        ("5.", "5"),
        ("1.234", "1.234"),
        ("1,234.50", "1234.50"),
        ("-1,234,567.50", "-1234567.50"),
        ("1 234.50", "1234.50"),
        ("5.12345", "5.1234"),
        ("1E+2", "100"),
        ("3.5e-2", "0.035"),
    ],
)
def test_an_amount_of_an_api(value: object, amount: str) -> None:
    assert api_amount(value) == Decimal(amount)
    assert not str(api_amount(value)).startswith("-0.0000")


@pytest.mark.parametrize(
    "value",
    [
        None,
        "",
        " ",
        True,
        "free",
        "1.234,50",
        "1,234",
        "12,5",
        "5 EUR",
        "$5",
        "1e999",
        "NaN",
        "Infinity",
        Decimal("NaN"),
        [],
        {},
        "1,23,4.5",
        "--5",
        10**9,
        "10000000000",
        "٣",
    ],
)
def test_no_amount_of_an_api(value: object) -> None:
    with pytest.raises(ValueProblem):
        api_amount(value)


@pytest.mark.parametrize(
    ("value", "currency", "amount"),
    [
        ("5.16", "USD", "5.16"),
        ("$5.16", "USD", "5.16"),
        ("US$ 5.16", "USD", "5.16"),
        ("5.16 USD", "USD", "5.16"),
        ("USD 5.16", "USD", "5.16"),
        ("$1,234.50", "USD", "1234.50"),
        ("1.234,50 €", "EUR", "1234.50"),
        ("€ 1 234,50", "EUR", "1234.50"),
        ("1\u202f234,50\u00a0€", "EUR", "1234.50"),
        ("1'234.50 CHF", "CHF", "1234.50"),
        ("₹1,23,456.78", "INR", "123456.78"),
        ("1.234.567", "EUR", "1234567"),
        ("1,234,567", "USD", "1234567"),
        ("12,5", "EUR", "12.5"),
        ("12,50", "EUR", "12.50"),
        (",50", "EUR", "0.50"),
        ("-12,50 €", "EUR", "-12.50"),
        ("−12.50", "USD", "-12.50"),
        ("12.50-", "USD", "-12.50"),
        ("(12.50)", "USD", "-12.50"),
        ("($12.50)", "USD", "-12.50"),
        ("-$12.50", "USD", "-12.50"),
        ("$-12.50", "USD", "-12.50"),
        ("0.123", "USD", "0.123"),
        ("0,123", "EUR", "0.123"),
        ("1.234", "KWD", "1.234"),
        ("¥516", "JPY", "516"),
        (Decimal("1.234"), "USD", "1.234"),
        (7, "USD", "7"),
    ],
)
def test_an_amount_as_people_write_it(value: object, currency: str, amount: str) -> None:
    assert written_amount(value, currency) == Decimal(amount)


@pytest.mark.parametrize(
    ("value", "currency"),
    [
        ("1.234", "USD"),
        ("1,234", "USD"),
        ("$1,234", "USD"),
        ("-1.234", "EUR"),
        ("€5.16", "USD"),
        ("5.16 EUR", "USD"),
        ("5.16%", "USD"),
        ("5.16 each", "USD"),
        ("five", "USD"),
        ("", "USD"),
        (None, "USD"),
        (True, "USD"),
        ("=1+1", "USD"),
        ("1.2.3", "USD"),
        ("1,2,3", "USD"),
        ("5/6", "USD"),
        ("5-6", "USD"),
        ("- -5", "USD"),
        ("1e5e5", "USD"),
    ],
)
def test_what_may_be_two_amounts_or_none_is_refused(value: object, currency: str) -> None:
    with pytest.raises(ValueProblem):
        written_amount(value, currency)


@given(cents=st.integers(-99_999_999, 99_999_999))
def test_every_amount_of_two_decimals_survives_each_countrys_writing(cents: int) -> None:
    amount = Decimal(cents).scaleb(-2)
    american = f"{amount:,.2f}"
    german = american.translate(str.maketrans(",.", ".,"))
    assert written_amount(american, "EUR") == written_amount(german, "EUR") == amount
    assert written_amount(f"{amount:.2f}", "EUR") == api_amount(f"{amount:.2f}") == api_amount(american) == amount


@given(text=st.text(string.digits + ".,'- ()$€E%", max_size=14))
def test_whatever_is_written_is_an_amount_or_a_problem(text: str) -> None:
    with contextlib.suppress(ValueProblem):
        assert api_amount(text).is_finite()
    with contextlib.suppress(ValueProblem):
        assert written_amount(text, "USD").is_finite()
        assert "€" not in text


@pytest.mark.parametrize(
    ("value", "found"),
    [
        ("2026-11-20T09:10:11Z", (2026, 11, 20, 9, 10, 11)),
        ("2026-11-20T09:10Z", (2026, 11, 20, 9, 10, 0)),
        ("2026-11-20T09:10:11.123+01:00", (2026, 11, 20, 8, 10, 11)),
        ("2026-11-20 09:10:11", (2026, 11, 20, 9, 10, 11)),
        ("2026-11-20", (2026, 11, 20, 0, 0, 0)),
        ("2024-09-10T10:42:38-07:00", (2024, 9, 10, 17, 42, 38)),
        ("Wed Apr 30 2014 02:18:36 GMT+0000 (UTC)", (2014, 4, 30, 2, 18, 36)),
        ("Wed Apr 30 2014 02:18:36 GMT+0200 (Central European Summer Time)", (2014, 4, 30, 0, 18, 36)),
        ("Apr 30 2014 02:18:36 GMT-05:30", (2014, 4, 30, 7, 48, 36)),
        (1_700_000_000, (2023, 11, 14, 22, 13, 20)),
        ("1700000000", (2023, 11, 14, 22, 13, 20)),
        (1_700_000_000_000, (2023, 11, 14, 22, 13, 20)),
        (datetime(2026, 11, 20, 9, 0), (2026, 11, 20, 9, 0, 0)),  # noqa: DTZ001 - as a spreadsheet holds it
        (date(2026, 11, 20), (2026, 11, 20, 0, 0, 0)),
    ],
)
def test_a_time_in_the_spellings_of_networks(value: object, found: tuple[int, ...]) -> None:
    assert moment(value).replace(microsecond=0) == datetime(*found, tzinfo=UTC)  # type: ignore[arg-type, misc]
    assert moment(value).utcoffset() == timedelta(0)


def test_a_time_without_an_offset_belongs_to_its_zone() -> None:
    zone = ZoneInfo("America/Los_Angeles")
    assert moment("2026-11-20 01:00:00", zone=zone) == datetime(2026, 11, 20, 9, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    "value",
    [
        None,
        "",
        "soon",
        True,
        [],
        "2026-13-01",
        "20.11.2026",
        "1994-01-01",
        "22026-01-01",
        "2126-01-01",
        -5,
        10**20,
        Decimal("NaN"),
        "Wed Foo 30 2014 02:18:36 GMT+0000",
        "Wed Apr 31 2014 02:18:36 GMT+0000",
        "0001-01-01T00:00:00+23:00",
    ],
)
def test_no_time(value: object) -> None:
    with pytest.raises(ValueProblem):
        moment(value)


@pytest.mark.parametrize(("text", "code"), [("EUR", "EUR"), (" eur ", "EUR"), ("€", "EUR"), ("RMB", "CNY")])
def test_a_currency(text: str, code: str) -> None:
    assert currency_of(text) == code


@pytest.mark.parametrize("value", [None, "", "$", "XXX", "DEM", 5, "kr"])
def test_a_currency_that_is_none_or_several_is_refused(value: object) -> None:
    with pytest.raises(ValueProblem):
        currency_of(value)


def test_what_is_optional_may_be_left_out_but_not_be_wrong() -> None:
    assert (optional_amount(None), optional_amount(" ")) == (None, None)
    assert (optional_moment(None), optional_moment("")) == (None, None)
    with pytest.raises(ValueProblem):
        optional_amount("free")
    with pytest.raises(ValueProblem):
        optional_moment("soon")


def test_a_name_is_text_or_a_number_and_is_never_cut_off() -> None:
    assert name_of(4711) == name_of(" 4711\n") == "4711"
    assert optional_name(None) == optional_name([]) == optional_name(True) == ""
    for value in (None, "", "x" * 101, "\0"):
        with pytest.raises(ValueProblem):
            name_of(value)


def test_a_problem_names_its_field() -> None:
    with pytest.raises(FieldProblem, match="is missing") as caught:
        said("commission", api_amount, None)
    assert caught.value.field == "commission"


def test_of_several_sub_ids_the_one_of_a_click_of_ours_is_taken() -> None:
    click = sub_id(UUID("01941f29-7c00-7aaa-8aaa-0123456789ab"))
    assert sub_id_of("", "campaign", click.upper(), None) == click.upper()
    assert sub_id_of(None, "", "campaign", "other") == "campaign"
    assert sub_id_of() == sub_id_of(None, 5) == ""


def test_a_reason_is_one_line() -> None:
    assert sentence("Returned\n goods", None, "Returned goods", "x" * 300)[:20] == "Returned goods: xxxx"
    assert len(sentence("x" * 300)) == 200

"""A price is converted by rates of this week, in the decimals of its currency, and says by which; else not at all."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from catalog.money.conversion import Conversion, Rate

THURSDAY = datetime(2026, 11, 26, 18, tzinfo=UTC)
RATES = Conversion(
    {
        "USD": Rate(Decimal("1.25"), date(2026, 11, 25)),
        "GBP": Rate(Decimal("0.80"), date(2026, 11, 24)),
        "JPY": Rate(Decimal("178.2"), date(2026, 11, 25), "imported"),
    }
)


def test_an_amount_is_converted_over_the_euro_and_says_the_older_rates_day() -> None:
    found = RATES.convert(Decimal("125.00"), "USD", "GBP", now=THURSDAY, shipping=Decimal(25))
    assert found is not None
    assert (found.amount, found.total, found.currency) == (Decimal("80.00"), Decimal("96.00"), "GBP")
    assert (found.text, found.words) == ("≈ £80.00", "converted at the ECB’s rate of 24 Nov 2026")


def test_the_euro_needs_no_rate_of_its_own_and_yen_have_no_cents() -> None:
    euros = RATES.convert(Decimal("99.99"), "USD", "EUR", now=THURSDAY)
    yen = RATES.convert(Decimal("99.99"), "USD", "JPY", now=THURSDAY)
    assert euros is not None
    assert yen is not None
    assert (euros.text, yen.text) == ("≈ €79.99", "≈ ¥14,255")
    assert yen.words == "converted at the rate (imported) of 25 Nov 2026", "not the bank's where one is not"


@pytest.mark.parametrize(("source", "to"), [("USD", "USD"), ("CHF", "USD"), ("USD", "CHF")])
def test_the_same_currency_or_one_without_a_rate_is_not_converted(source: str, to: str) -> None:
    assert RATES.convert(Decimal(10), source, to, now=THURSDAY) is None


def test_without_any_rate_not_even_euros_are_known() -> None:
    assert Conversion().convert(Decimal(10), "EUR", "USD", now=THURSDAY) is None
    assert not Conversion().knows("EUR")


def test_a_rate_ends_seven_days_after_its_day_and_says_so_before() -> None:
    found = RATES.convert(Decimal(10), "USD", "EUR", now=THURSDAY)
    assert found is not None
    assert found.until == datetime(2026, 12, 3, tzinfo=UTC)
    assert RATES.convert(Decimal(10), "USD", "EUR", now=found.until - timedelta(seconds=1)) is not None
    assert RATES.convert(Decimal(10), "USD", "EUR", now=found.until) is None

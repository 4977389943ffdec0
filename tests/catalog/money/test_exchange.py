from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.money.exchange import Rates

FRIDAY, SUNDAY = date(2026, 11, 20), date(2026, 11, 22)
RATES = Rates([(FRIDAY, "USD", Decimal("1.25")), (FRIDAY, "GBP", Decimal("0.80")), (SUNDAY, "GBP", Decimal("0.90"))])


@pytest.mark.parametrize(
    ("amount", "currency", "to", "day", "worth"),
    [
        ("10", "EUR", "EUR", FRIDAY, "10"),
        ("10", "XXX", "XXX", FRIDAY, "10"),
        ("10", "EUR", "USD", FRIDAY, "12.50"),
        ("12.50", "USD", "EUR", FRIDAY, "10"),
        ("12.50", "USD", "GBP", FRIDAY, "8.00"),
        ("10", "EUR", "USD", SUNDAY, "12.50"),
        ("10", "EUR", "GBP", SUNDAY, "9.00"),
    ],
    ids=["same", "same unknown", "from euro", "to euro", "across", "weekend", "newest"],
)
def test_an_amount_is_worth_what_the_last_published_rate_says(
    amount: str, currency: str, to: str, day: date, worth: str
) -> None:
    assert RATES.convert(Decimal(amount), currency, to, day) == Decimal(worth)


@pytest.mark.parametrize(
    ("currency", "day"),
    [("JPY", FRIDAY), ("USD", date(2026, 11, 19)), ("USD", date(2026, 12, 1))],
    ids=["never published", "before the first", "too old"],
)
def test_without_a_rate_there_is_no_guess(currency: str, day: date) -> None:
    assert RATES.convert(Decimal(10), currency, "EUR", day) is None
    assert RATES.convert(Decimal(10), "EUR", currency, day) is None


def test_the_day_of_the_rate_is_told() -> None:
    assert RATES.per_euro("USD", SUNDAY) == (Decimal("1.25"), FRIDAY)


@given(st.decimals("0.01", "100000", places=2), st.sampled_from(["EUR", "USD", "GBP"]))
def test_there_and_back_is_the_same_amount(amount: Decimal, to: str) -> None:
    there = RATES.convert(amount, "EUR", to, FRIDAY)
    assert there is not None
    assert RATES.convert(there, to, "EUR", FRIDAY) == pytest.approx(amount)

from __future__ import annotations

from decimal import Decimal

import pytest

from catalog.money import in_units, money_text


@pytest.mark.parametrize(
    ("amount", "currency", "text"),
    [
        ("1299", "USD", "$1,299.00"),
        ("89.9", "EUR", "€89.90"),
        ("5", "GBP", "£5.00"),
        ("12000", "JPY", "¥12,000"),
        ("49.95", "CHF", "49.95 CHF"),
        ("10", "CAD", "10.00 CAD"),
        ("12.500", "USD", "$12.50"),
        ("12.345", "KWD", "12.345 KWD"),
        ("1299.000", "JPY", "¥1,299"),
        ("4900.000", "ISK", "4,900 ISK"),
        ("4990", "HUF", "4,990.00 HUF"),
    ],
)
def test_money_is_written_with_its_currency(amount: str, currency: str, text: str) -> None:
    assert money_text(Decimal(amount), currency) == text


def test_a_machine_reads_exactly_the_decimals_of_the_currency() -> None:
    assert [str(in_units(Decimal("99.000"), code)) for code in ("USD", "JPY", "KWD")] == ["99.00", "99", "99.000"]

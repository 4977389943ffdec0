from __future__ import annotations

from decimal import Decimal

import pytest

from catalog.money import money_text


@pytest.mark.parametrize(
    ("amount", "currency", "text"),
    [
        ("1299", "USD", "$1,299.00"),
        ("89.9", "EUR", "€89.90"),
        ("5", "GBP", "£5.00"),
        ("12000", "JPY", "¥12,000"),
        ("49.95", "CHF", "49.95 CHF"),
        ("10", "CAD", "10.00 CAD"),
    ],
)
def test_money_is_written_with_its_currency(amount: str, currency: str, text: str) -> None:
    assert money_text(Decimal(amount), currency) == text

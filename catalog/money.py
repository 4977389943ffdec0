"""How is an amount of money written for a reader?"""

from __future__ import annotations

from decimal import Decimal

# Dollars of other countries keep their ISO code: "$" alone means USD here.
_SYMBOLS = {"USD": "$", "EUR": "€", "GBP": "£", "JPY": "¥"}
_WITHOUT_CENTS = {"JPY", "KRW", "VND", "CLP", "ISK", "HUF"}


def money_text(amount: Decimal, currency: str) -> str:
    """`$1,299.00`, `€89.90`, `1,299.00 CHF`; `currency` is an ISO 4217 code."""
    digits = f"{amount:,.0f}" if currency in _WITHOUT_CENTS else f"{amount:,.2f}"
    symbol = _SYMBOLS.get(currency)
    return f"{symbol}{digits}" if symbol else f"{digits} {currency}"

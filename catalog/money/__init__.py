"""How is an amount of money written, for a reader and for a machine?

Pure. How many decimals a currency has is said by `catalog.money.currencies` (ISO 4217), never guessed from the number.
"""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

from catalog.money.currencies import decimals

# Dollars of other countries keep their ISO code: "$" alone means USD here.
_SYMBOLS = {"USD": "$", "EUR": "€", "GBP": "£", "JPY": "¥"}


def in_units(amount: Decimal, currency: str) -> Decimal:
    """The amount with exactly the decimals that its currency has: 99.000 USD is 99.00, 1299.000 JPY is 1299."""
    return amount.quantize(Decimal(1).scaleb(-decimals(currency)), rounding=ROUND_HALF_UP)


def money_text(amount: Decimal, currency: str) -> str:
    """`$1,299.00`, `€89.90`, `¥12,000`, `12.345 KWD`; `currency` is an ISO 4217 code."""
    digits = f"{in_units(amount, currency):,f}"
    symbol = _SYMBOLS.get(currency)
    return f"{symbol}{digits}" if symbol else f"{digits} {currency}"

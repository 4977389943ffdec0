"""Which amount does a field of a feed hold, in which currency, or why can it not be trusted?"""

from __future__ import annotations

import html
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal

from catalog.money.currencies import currency_code, in_minor_units
from catalog.prices.text import PriceText, PriceTextError, read_price

Fields = Mapping[str, Sequence[str]]

_FREE = frozenset({"free", "gratis", "kostenlos", "kostenfrei", "gratuit", "gratuito", "fritt", "fri", "ilmainen"})


class RefusedError(Exception):
    """The item's price cannot be trusted; the text says why, for an editor."""


def written_currency(fields: Fields, name: str = "currency") -> str | None:
    """The ISO code that the item's own currency field names; None without one. Raises `RefusedError`."""
    try:
        named = {currency_code(text) for text in fields.get(name, ())}
    except ValueError as error:
        raise RefusedError(f"Its {name} cannot be right: {error}.") from error
    if len(named) > 1:
        raise RefusedError(f"It names several currencies ({', '.join(sorted(named))}).")
    return named.pop() if named else None


def amount_of(fields: Fields, name: str, *, beside: str | None = None, otherwise: str | None = None) -> PriceText:
    """The one amount of a price field, above 0 and with its currency's decimals. Raises `RefusedError`.

    `beside`: the currency that the item itself names, which the text must not contradict. `otherwise`: what fills in
    where neither does. Several values of one field must agree.
    """
    written = list(dict.fromkeys(fields.get(name, ())))
    if not written:
        raise RefusedError(f"It has no {name}.")
    try:
        found = {_read(text, beside, otherwise) for text in written}
    except PriceTextError as error:
        raise RefusedError(f"Its {name} {error}.") from error
    if len(found) > 1:
        raise RefusedError(f"It has several {name} fields that differ.")
    price = found.pop()
    if price.currency is None:
        raise RefusedError(
            f"Its {name} names no currency. If all its prices are in one, set `currency` for this merchant."
        )
    try:
        amount = in_minor_units(price.amount, price.currency)
    except ValueError as error:
        raise RefusedError(f"Its {name} cannot be right: {error}.") from error
    if amount <= 0:
        raise RefusedError(f"Its {name} is 0, which is a placeholder and not a price.")
    return PriceText(amount, price.currency)


def _read(text: str, beside: str | None, otherwise: str | None) -> PriceText:
    """Its own currency where it names one; how many decimals are possible depends on it."""
    plain = html.unescape(text) if "&" in text else text
    price = read_price(plain, currency=beside)
    return price if price.currency is not None or otherwise is None else read_price(plain, currency=otherwise)


def shipping_amount(prices: Iterable[str], currency: str) -> Decimal | None:
    """The one shipping price, when there is exactly one in the item's currency: which of several is ours is unknown."""
    try:
        found = {_shipping(html.unescape(text), currency) for text in prices if text.strip()}
    except (PriceTextError, ValueError):
        return None
    return found.pop() if len(found) == 1 else None


def _shipping(text: str, currency: str) -> Decimal:
    if text.strip().casefold() in _FREE:
        return Decimal(0)
    return in_minor_units(read_price(text, currency=currency).amount, currency)

"""Which price do a page's Open Graph tags name?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from catalog import offer_words
from catalog.reading import Availability, Condition
from catalog.sources.page_markup.prices import NoPriceError, Price, day_of, price_of

_PRICES = ("product:price", "og:price", "og:product:price")
_LIST_PRICES = (
    "product:original_price",
    "og:price:standard_amount",
    "product:price:standard_amount",
    "og:standard_price",
)

Tags = Mapping[str, Sequence[str]]


@dataclass(frozen=True, slots=True)
class Tagged:
    """`list_price`: what the tags themselves call the price before a reduction."""

    price: Price
    availability: Availability
    condition: Condition
    list_price: Decimal | None


def tagged(meta: Tags, *, otherwise: str | None, now: datetime) -> Tagged:
    """Raises `NoPriceError`; a sale price goes before the price, each with the currency of its own pair of tags."""
    sale = _pair(meta, "product:sale_price", otherwise, now) if _is_sale_on(meta, now) else None
    plain = [found for name in _PRICES if (found := _pair(meta, name, otherwise, now)) is not None]
    if len({(price.amount, price.currency) for price in plain}) > 1:
        raise NoPriceError("The Open Graph tags name several prices.")
    if sale is not None and any(price.currency != sale.currency or price.amount < sale.amount for price in plain):
        raise NoPriceError(f"The Open Graph tags call {sale.raw} a reduction of {plain[0].raw}.")
    price = sale or next(iter(plain), None)
    if price is None:
        raise NoPriceError("The Open Graph tags name no price.", is_absent=True)
    before = plain[0].amount if sale is not None and plain else _list_price(meta, price, now)
    words = [text for name in ("product:availability", "og:availability") for text in meta.get(name, ())]
    said = {offer_words.availability(text) for text in words}
    return Tagged(price, said.pop() if len(said) == 1 else Availability.UNKNOWN, _condition(meta), before)


def _is_sale_on(meta: Tags, now: datetime) -> bool:
    """Is now within the days that the tags give the sale, if they give any?"""
    name = "product:sale_price_dates"
    starts = [day for text in meta.get(f"{name}:start", ()) if (day := day_of(text)) is not None]
    ends = [day for text in meta.get(f"{name}:end", ()) if (day := day_of(text)) is not None]
    return all(day <= now.date() for day in starts) and all(day >= now.date() for day in ends)


def _pair(meta: Tags, name: str, otherwise: str | None, now: datetime) -> Price | None:
    amounts = list(meta.get(f"{name}:amount", meta.get(name, ())))
    if not amounts:
        return None
    currencies = meta.get(f"{name}:currency", ())
    if len(currencies) > 1:
        raise NoPriceError("The Open Graph tags name several currencies.")
    return price_of({"price": amounts, "priceCurrency": "".join(currencies)}, otherwise=otherwise, now=now)


def _list_price(meta: Tags, price: Price, now: datetime) -> Decimal | None:
    for name in _LIST_PRICES:
        for text in meta.get(name, meta.get(f"{name}:amount", ())):
            try:
                return price_of({"price": text, "priceCurrency": price.currency}, otherwise=None, now=now).amount
            except NoPriceError:
                continue
    return None


def _condition(meta: Tags) -> Condition:
    words = meta.get("product:condition", ())
    condition = offer_words.condition(words[0]) if words else Condition.NEW
    if condition is None:
        raise NoPriceError(f"Its condition is not understood (`{words[0][:40]}`).")
    return condition

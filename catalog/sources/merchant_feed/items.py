"""What does one row of a feed say: a reading, or an item whose price cannot be trusted?"""

from __future__ import annotations

import re
from datetime import datetime
from decimal import Decimal

from catalog import offer_words
from catalog.feeds import BrokenRow, Row, Window, facts, sale_window
from catalog.feeds.amounts import Fields, RefusedError, amount_of, shipping_amount, written_currency
from catalog.feeds.items import Item
from catalog.prices.text import PriceText, PriceTextError
from catalog.reading import Availability, Reading, Unreadable

# Names that tables in the wild use for Google's `id`.
_ID_NAMES = ("id", "sku", "identifier", "product_id", "item_id", "offer_id", "merchant_product_id")
_GTIN_NAMES = ("gtin", "ean", "upc", "gtin13", "ean13")
# Nobody sells at a twentieth; 19.990 beside 15.50 is one amount with three decimals.
_LEAST_OF_THE_PRICE = Decimal("0.05")
# As when 9,99 EUR was not quoted in a table that is parted by commas.
_MONEY = re.compile(r"^\d{1,3}\b.*(?:\b[A-Z]{3}\b|[€$£¥])|^\d+[.,]\d{2}\b")
_NO = frozenset({"no", "false", "0", "n"})


def sku_of(row: Row | BrokenRow, identifier: str) -> str:
    """The row's SKU as the field `identifier` holds it; empty when it has none."""
    if isinstance(row, BrokenRow):
        return ""
    return facts.first(row.fields, *(_ID_NAMES if identifier == "id" else (identifier,)))


def judged(row: Row | BrokenRow, *, now: datetime, currency: str | None, identifier: str) -> Item:
    """`currency`: what prices without one are in, if anything. `identifier`: the field that holds our SKU."""
    if isinstance(row, BrokenRow):
        return Item(Unreadable(sku="", reason=f"In {row.where}: {row.reason}", raw=row.raw))
    sku = sku_of(row, identifier)
    if not sku:
        return Item(Unreadable(sku="", reason=f"The item in {row.where} has no `{identifier}`."))
    window: Window | None = None
    reading: Reading | Unreadable
    try:
        window = sale_window(row.fields)
        price = _price(row.fields, now, currency, window)
        reading = _reading(sku, row, price, now)
    except (RefusedError, PriceTextError) as refused:
        reading = Unreadable(sku=sku, reason=f"{refused} ({row.where})", raw=_raw_price(row.fields)[:200])
    return Item(reading, turns_at=window.next_turn(now) if window is not None else None)


def _price(fields: Fields, now: datetime, currency: str | None, window: Window | None) -> PriceText:
    if "subscription_cost" in fields:
        raise RefusedError("The price needs a contract.")
    beside = written_currency(fields)
    price = amount_of(fields, "price", beside=beside, otherwise=currency)
    if "sale_price" not in fields or (window is not None and not window.holds_at(now)):
        return price
    sale = amount_of(fields, "sale_price", beside=beside, otherwise=price.currency)
    if sale.currency != price.currency:
        raise RefusedError(f"Its price is in {price.currency} and its sale_price in {sale.currency}.")
    if sale.amount < price.amount * _LEAST_OF_THE_PRICE:
        raise RefusedError(f"Its sale_price {sale.amount} is too far from its price {price.amount}: one is misread.")
    # A "sale" above the price is a slip that nobody means: what is charged then is the price.
    return sale if sale.amount < price.amount else price


def _reading(sku: str, row: Row, price: PriceText, now: datetime) -> Reading:
    assert price.currency is not None
    fields = row.fields
    return Reading(
        sku=sku,
        amount=price.amount,
        currency=price.currency,
        seen_at=now,
        availability=_availability(fields),
        condition=facts.condition(fields),
        shipping_amount=shipping_amount(row.shipping, price.currency),
        url=facts.web_address(fields, "link", "url"),
        title=facts.words(fields, "title", "name")[:300],
        brand=facts.words(fields, "brand", "manufacturer")[:100],
        gtin=_gtin(fields),
        mpn=facts.words(fields, "mpn")[:100],
        raw_price=_raw_price(fields)[:200],
    )


def _availability(fields: Fields) -> Availability:
    said = {offer_words.availability(text) for text in fields.get("availability", ())}
    if said == {Availability.UNKNOWN} and any(_MONEY.search(text) for text in fields["availability"]):
        raise RefusedError("Its availability is an amount of money: the row's columns are shifted.")
    return said.pop() if len(said) == 1 else Availability.UNKNOWN


def _gtin(fields: Fields) -> str:
    """A code beside "there is none" (`identifier_exists` no) is a filler that other items bear too."""
    has_none = any(text.casefold() in _NO for text in fields.get("identifier_exists", ()))
    return "" if has_none else facts.gtin(fields, *_GTIN_NAMES)


def _raw_price(fields: Fields) -> str:
    return "; ".join(
        f"{name} {value}"
        for name in ("price", "currency", "sale_price", "sale_price_effective_date")
        for value in dict.fromkeys(fields.get(name, ()))
    )

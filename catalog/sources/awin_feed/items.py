"""What does one row of an Awin feed say: a reading, or an item whose price cannot be trusted?"""

from __future__ import annotations

import re
from datetime import datetime
from decimal import Decimal

from catalog.feeds import BrokenRow, Row, facts
from catalog.feeds.amounts import Fields, RefusedError, amount_of, shipping_amount, written_currency
from catalog.feeds.items import Item
from catalog.prices.text import PriceText, PriceTextError, StartingPriceError, read_price
from catalog.reading import Reading, Unreadable
from catalog.sources.awin_feed import period, stock

IDENTIFIERS = ("aw_product_id", "merchant_product_id")
_GTIN_COLUMNS = ("product_gtin", "ean", "upc", "isbn")
# 1.299 is a thousand and more in most feeds; in Awin's, whose numbers a machine wrote, it may also be 1.30.
_TWO_WAYS = re.compile(r"\D*\d{1,3}[.,]\d{3}\D*")
_SAME = Decimal("0.01")


def identifier_of(row: Row, chosen: str) -> str:
    """The column that holds our SKU; a feed made without Awin's own id has the merchant's."""
    return chosen or next((name for name in IDENTIFIERS if name in row.columns), IDENTIFIERS[0])


def sku_of(row: Row | BrokenRow, identifier: str) -> str:
    return "" if isinstance(row, BrokenRow) else facts.first(row.fields, identifier)


def judged(row: Row | BrokenRow, *, now: datetime, currency: str | None, identifier: str) -> Item:
    """`currency`: what prices without one are in, if anything. `identifier`: the column that holds our SKU."""
    if isinstance(row, BrokenRow):
        return Item(Unreadable(sku="", reason=f"In {row.where}: {row.reason}", raw=row.raw))
    sku = sku_of(row, identifier)
    if not sku:
        return Item(Unreadable(sku="", reason=f"The item in {row.where} has no `{identifier}`."))
    said: Reading | Unreadable
    try:
        period.check(row.fields, now)
        said = _reading(sku, row.fields, _price(row.fields, currency), now)
    except (RefusedError, PriceTextError) as refused:
        said = Unreadable(sku=sku, reason=f"{refused} ({row.where})", raw=_raw_price(row.fields)[:200])
    return Item(said, turns_at=period.next_turn(row.fields, now))


def _price(fields: Fields, currency: str | None) -> PriceText:
    """`search_price` and nothing else: `store_price`, `base_price` (per unit) and `rrp_price` are other things."""
    beside = written_currency(fields)
    price = amount_of(fields, "search_price", beside=beside, otherwise=currency)
    assert price.currency is not None
    shown = {_shown(text, price.currency) for text in fields.get("display_price", ())} - {None}
    if any(amount is not None and abs(amount - price.amount) > _SAME * price.amount for amount in shown):
        raise RefusedError("Its search_price and its display_price are two prices.")
    if not shown and _TWO_WAYS.fullmatch(facts.first(fields, "search_price")) and price.amount % 1 == 0:
        raise RefusedError("Its search_price can be read as thousands or as thousandths.")
    return price


def _shown(text: str, currency: str) -> Decimal | None:
    """The amount that readers of Awin's own pages see; None where that text is none. Only ever a second opinion."""
    try:
        return read_price(text, currency=currency).amount
    except StartingPriceError:
        raise
    except PriceTextError:
        pass
    try:
        other = read_price(text).currency
    except PriceTextError:
        return None
    raise RefusedError(f"Its search_price is in {currency} and its display_price in {other or 'another currency'}.")


def _reading(sku: str, fields: Fields, price: PriceText, now: datetime) -> Reading:
    assert price.currency is not None
    return Reading(
        sku=sku,
        amount=price.amount,
        currency=price.currency,
        seen_at=now,
        availability=stock.availability(fields),
        condition=facts.condition(fields),
        shipping_amount=shipping_amount(fields.get("delivery_cost", ()), price.currency),
        url=facts.web_address(fields, "merchant_deep_link"),
        title=facts.words(fields, "product_name")[:300],
        brand=facts.words(fields, "brand_name")[:100],
        gtin=facts.gtin(fields, *_GTIN_COLUMNS),
        mpn=facts.words(fields, "mpn", "model_number")[:100],
        raw_price=_raw_price(fields)[:200],
    )


def _raw_price(fields: Fields) -> str:
    return "; ".join(
        f"{name} {value}"
        for name in ("search_price", "currency", "display_price", "valid_from", "valid_to")
        for value in dict.fromkeys(fields.get(name, ()))
    )

"""What does one row of a feed say: a reading, or an item whose price cannot be trusted?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from catalog import offer_words, product_codes
from catalog.currencies import in_minor_units
from catalog.feeds import BrokenRow, Row, Window, sale_window
from catalog.price_text import PriceText, PriceTextError, read_price
from catalog.reading import Availability, Condition, Reading, Unreadable

Fields = Mapping[str, Sequence[str]]

# Names that tables in the wild use for Google's `id`.
_ID_NAMES = ("id", "sku", "identifier", "product_id", "item_id", "offer_id", "merchant_product_id")
_GTIN_NAMES = ("gtin", "ean", "upc", "gtin13", "ean13")


@dataclass(frozen=True, slots=True)
class Item:
    """`turns_later`: its price depends on a sale whose begin or end is still to come."""

    said: Reading | Unreadable
    turns_later: bool = False


def merged(earlier: Sequence[Item], item: Item) -> list[Item]:
    """The items of one SKU with one more row of it: one per condition, or one unreadable where rows contradict."""
    for place, other in enumerate(earlier):
        mine, theirs = other.said, item.said
        later = other.turns_later or item.turns_later
        if isinstance(mine, Unreadable) or isinstance(theirs, Unreadable):
            return [Item(mine if isinstance(mine, Unreadable) else theirs, later)]
        if mine.condition is not theirs.condition:
            continue
        if (mine.amount, mine.currency) == (theirs.amount, theirs.currency):
            return [*earlier[:place], Item(mine, later), *earlier[place + 1 :]]
        both = f"{mine.amount} {mine.currency} and {theirs.amount} {theirs.currency}"
        reason = f"The feed lists this id twice, at {both}."
        return [Item(Unreadable(sku=mine.sku, reason=reason, raw=f"{mine.raw_price} | {theirs.raw_price}"), later)]
    return [*earlier, item]


class _RefusedError(Exception):
    """The item's price cannot be trusted; the text says why."""


def sku_of(row: Row | BrokenRow, identifier: str) -> str:
    """The row's SKU as the field `identifier` holds it; empty when it has none."""
    if isinstance(row, BrokenRow):
        return ""
    return _first(row.fields, *(_ID_NAMES if identifier == "id" else (identifier,)))


def judged(row: Row | BrokenRow, *, now: datetime, currency: str | None, identifier: str) -> Item:
    """`currency`: what prices without one are in, if anything. `identifier`: the field that holds our SKU."""
    if isinstance(row, BrokenRow):
        return Item(Unreadable(sku="", reason=f"In {row.where}: {row.reason}", raw=row.raw))
    sku = sku_of(row, identifier)
    if not sku:
        return Item(Unreadable(sku="", reason=f"The item in {row.where} has no `{identifier}`."))
    window: Window | None = None
    try:
        window = sale_window(row.fields)
        price = _price(row.fields, now, currency, window)
        reading = _reading(sku, row, price, now)
    except (_RefusedError, PriceTextError) as refused:
        return Item(Unreadable(sku=sku, reason=f"{refused} ({row.where})", raw=_raw_price(row.fields)[:200]))
    return Item(reading, turns_later=window is not None and window.turns_after(now))


def _price(fields: Fields, now: datetime, currency: str | None, window: Window | None) -> PriceText:
    if "subscription_cost" in fields:
        raise _RefusedError("The price needs a contract.")
    price = _amount_of(fields, "price", currency)
    if "sale_price" not in fields or (window is not None and not window.holds_at(now)):
        return price
    sale = _amount_of(fields, "sale_price", price.currency)
    # A "sale" above the price is a slip that nobody means: what is charged then is the price.
    return sale if sale.amount < price.amount else price


def _amount_of(fields: Fields, name: str, currency: str | None) -> PriceText:
    """The one amount of a price field, above 0 and with its currency. `currency` fills in a missing one."""
    written = list(dict.fromkeys(fields.get(name, ())))
    if not written:
        raise _RefusedError(f"It has no {name}.")
    try:
        found = {_read(text, currency) for text in written}
    except PriceTextError as error:
        raise _RefusedError(f"Its {name} {error}.") from error
    if len(found) > 1:
        raise _RefusedError(f"It has several {name} fields that differ.")
    price = found.pop()
    if price.currency is None:
        raise _RefusedError(
            f"Its {name} names no currency. If all its prices are in one, set `currency` for this merchant."
        )
    try:
        amount = in_minor_units(price.amount, price.currency)
    except ValueError as error:
        raise _RefusedError(f"Its {name} cannot be right: {error}.") from error
    if amount <= 0:
        raise _RefusedError(f"Its {name} is 0, which is a placeholder and not a price.")
    return PriceText(amount, price.currency)


def _read(text: str, otherwise: str | None) -> PriceText:
    """Its own currency where it names one; how many decimals are possible depends on it."""
    price = read_price(text)
    return price if price.currency is not None or otherwise is None else read_price(text, currency=otherwise)


def _reading(sku: str, row: Row, price: PriceText, now: datetime) -> Reading:
    assert price.currency is not None
    fields = row.fields
    link = _first(fields, "link", "url")
    return Reading(
        sku=sku,
        amount=price.amount,
        currency=price.currency,
        seen_at=now,
        availability=_availability(fields),
        condition=_condition(fields),
        shipping_amount=_shipping(row.shipping, price.currency),
        url=link if link.startswith(("https://", "http://")) else "",
        title=_first(fields, "title", "name")[:300],
        brand=_first(fields, "brand", "manufacturer")[:100],
        gtin=_gtin(fields),
        mpn=_first(fields, "mpn")[:100],
        raw_price=_raw_price(fields)[:200],
    )


def _availability(fields: Fields) -> Availability:
    said = {offer_words.availability(text) for text in fields.get("availability", ())}
    return said.pop() if len(said) == 1 else Availability.UNKNOWN


def _condition(fields: Fields) -> Condition:
    """New unless it says otherwise (Google's rule). An unknown word might mean used, so it is refused."""
    said = {text: offer_words.condition(text) for text in fields.get("condition", ())}
    known = set(said.values())
    if None in known or len(known) > 1:
        raise _RefusedError(f"Its condition is not understood (`{', '.join(said)[:60]}`).")
    return next((condition for condition in known if condition is not None), Condition.NEW)


def _shipping(prices: Sequence[str], currency: str) -> Decimal | None:
    """The one shipping price, when there is exactly one in the item's currency: which of several is ours is unknown."""
    try:
        found = {read_price(text, currency=currency).amount for text in prices}
    except PriceTextError:
        return None
    return found.pop() if len(found) == 1 else None


def _gtin(fields: Fields) -> str:
    for name in _GTIN_NAMES:
        for value in fields.get(name, ()):
            for part in value.split(","):
                code = product_codes.gtin(part)
                if code:
                    return code
    return ""


def _raw_price(fields: Fields) -> str:
    return "; ".join(
        f"{name} {value}"
        for name in ("price", "sale_price", "sale_price_effective_date")
        for value in dict.fromkeys(fields.get(name, ()))
    )


def _first(fields: Fields, *names: str) -> str:
    return next((value for name in names for value in fields.get(name, ()) if value), "")

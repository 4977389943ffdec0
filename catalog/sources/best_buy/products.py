"""What does one product of Best Buy's Products API cost, for anybody who orders it online?

`salePrice` is the price; `regularPrice` only has to be no lower. Contracts and plans are prices of another thing. All
amounts are USD: the API has no field for a currency.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from catalog import product_codes
from catalog.json_answers import JsonAnswerError, amount_of, plain_text
from catalog.offer_words import condition as condition_word
from catalog.reading import Availability, Condition, NotSold, Reading, Unreadable

CURRENCY = "USD"
# What is asked for of each product, and all that is read here.
SHOWN = (
    "sku",
    "name",
    "manufacturer",
    "modelNumber",
    "upc",
    "active",
    "condition",
    "preowned",
    "salePrice",
    "regularPrice",
    "priceRestriction",
    "onlineAvailability",
    "orderable",
    "shippingCost",
    "freeShipping",
)
_ORDERABLE: Mapping[str, Availability] = {
    "available": Availability.IN_STOCK,
    "preorder": Availability.PRE_ORDER,
    "backorder": Availability.BACK_ORDER,
    "soldout": Availability.OUT_OF_STOCK,
    "notavailable": Availability.OUT_OF_STOCK,
    "unavailable": Availability.OUT_OF_STOCK,
    "comingsoon": Availability.OUT_OF_STOCK,
}
_NOT_NEW = re.compile(r"\b(refurbished|renewed|pre-?owned|open[- ]box)\b", re.IGNORECASE)


class UnclearError(Exception):
    """The price of this product cannot be relied on; the text is the reason for an editor."""


def sku_of(row: object) -> str:
    """The SKU of a product or result, which is a number or a text of digits; empty when it is neither."""
    value = row.get("sku") if isinstance(row, dict) else None
    if isinstance(value, int) and not isinstance(value, bool) and 0 < value < 10**12:
        return str(value)
    return value if isinstance(value, str) and re.fullmatch(r"[0-9]{1,12}", value, re.ASCII) else ""


def product_said(sku: str, product: Mapping[str, Any], now: datetime) -> Reading | NotSold | Unreadable:
    """A reading, or that it is no longer sold, or why its price is none."""
    try:
        if _flag(product, "active") is False:
            reason = "Best Buy no longer sells it."
            return NotSold(sku=sku, seen_at=now, availability=Availability.DISCONTINUED, reason=reason)
        return _reading(sku, product, now)
    except UnclearError as error:
        return Unreadable(sku=sku, reason=str(error), raw=_written(product.get("salePrice")))


def _reading(sku: str, product: Mapping[str, Any], now: datetime) -> Reading:
    restriction = product.get("priceRestriction")
    if restriction not in (None, "") and not _is_word(restriction, "none"):
        kind = plain_text(restriction, longest=30) or "in words that are no text"
        raise UnclearError(f"The price may not be shown outside Best Buy's cart (restriction: {kind}).")
    code = product.get("upc")
    return Reading(
        sku=sku,
        amount=_amount(product),
        currency=CURRENCY,
        seen_at=now,
        availability=_availability(product),
        condition=_condition(product),
        shipping_amount=_shipping(product),
        title=plain_text(product.get("name"), longest=300),
        brand=plain_text(product.get("manufacturer"), longest=100),
        mpn=plain_text(product.get("modelNumber"), longest=64),
        gtin=(product_codes.gtin(code[:20]) or "") if isinstance(code, str) else "",
        raw_price=f"salePrice {_written(product.get('salePrice'))}, regular {_written(product.get('regularPrice'))}",
    )


def _amount(product: Mapping[str, Any]) -> Decimal:
    if product.get("salePrice") is None:
        raise UnclearError("Best Buy names no current price (`salePrice`).")
    try:
        amount = amount_of(product["salePrice"], CURRENCY)
    except JsonAnswerError as error:
        raise UnclearError(f"Best Buy's current price (`salePrice`) {error}.") from None
    try:
        regular = amount_of(product.get("regularPrice"), CURRENCY)
    except JsonAnswerError:
        return amount  # it is only compared with
    if amount > regular:
        raise UnclearError(f"Best Buy's current price ({amount}) is above its regular one ({regular}).")
    return amount


def _availability(product: Mapping[str, Any]) -> Availability:
    """Whether it can be ordered online. Two statements that contradict each other are no statement."""
    online = _flag(product, "onlineAvailability")
    word = product.get("orderable")
    named = _ORDERABLE.get(re.sub(r"[^a-z]", "", word.casefold()[:40])) if isinstance(word, str) else None
    if online is None:
        return named or Availability.UNKNOWN
    if online:
        if named is Availability.OUT_OF_STOCK:
            return Availability.UNKNOWN
        return named or Availability.IN_STOCK
    return (
        Availability.UNKNOWN
        if named in {Availability.PRE_ORDER, Availability.BACK_ORDER}
        else Availability.OUT_OF_STOCK
    )


def _condition(product: Mapping[str, Any]) -> Condition:
    """From its word, `preowned` and its name, which must agree."""
    word, is_preowned = product.get("condition"), _flag(product, "preowned")
    if word in (None, ""):
        condition = Condition.USED if is_preowned else Condition.NEW
    else:
        named = condition_word(word) if isinstance(word, str) else None
        if named is None:
            shown = plain_text(word, longest=30) or "not a text"
            raise UnclearError(f"Best Buy gives it a condition that is not understood ({shown}).")
        condition = named
    name = plain_text(product.get("name"), longest=300)
    if condition is Condition.NEW and (is_preowned or _NOT_NEW.search(name)):
        raise UnclearError("Best Buy calls it new in one place and second-hand in another.")
    return condition


def _shipping(product: Mapping[str, Any]) -> Decimal | None:
    """The lowest cost of shipping, when its two fields agree; None: not known."""
    free, cost = product.get("freeShipping"), product.get("shippingCost")
    try:
        amount = None if _is_nothing(cost) else amount_of(cost, CURRENCY)
    except JsonAnswerError:
        return None
    if free is True:
        return Decimal("0.00") if amount is None else None
    return amount


def _is_nothing(cost: object) -> bool:
    is_number = isinstance(cost, int | Decimal) and not isinstance(cost, bool)
    return cost in (None, "") or (is_number and cost == 0) or (isinstance(cost, str) and not cost.strip("0."))


def _written(value: object) -> str:
    is_number = isinstance(value, int | Decimal) and not isinstance(value, bool)
    return plain_text(str(value), longest=60) if is_number or isinstance(value, str) else "none"


def _flag(product: Mapping[str, Any], name: str) -> bool | None:
    value = product.get(name)
    if value is None or isinstance(value, bool):
        return value
    if _is_word(value, "true") or _is_word(value, "false"):
        return _is_word(value, "true")
    raise UnclearError(f"Best Buy's `{name}` is neither true nor false.")


def _is_word(value: object, word: str) -> bool:
    return isinstance(value, str) and value.strip().casefold() == word

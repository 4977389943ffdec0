"""Which opened items does Best Buy offer of a product, and what does the cheapest cost?

In an answer of the Buying Options API the price beside a product is that of a new one; those of opened items stand in
its `offers`, by grade. All grades are second-hand here.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from catalog.json_answers import JsonAnswerError, amount_of, plain_text
from catalog.reading import Availability, Condition, NotSold, Reading, Unreadable
from catalog.sources.best_buy.products import CURRENCY


def open_box_said(sku: str, result: Mapping[str, Any] | None, now: datetime) -> Reading | NotSold | Unreadable:
    """`result` is None when the answer does not name the SKU, which is how Best Buy says that there is nothing."""
    offers = None if result is None else result.get("offers")
    if not offers:
        reason = "Best Buy has no opened one."
        return NotSold(sku=sku, seen_at=now, condition=Condition.USED, reason=reason)
    found = [_amount(offer) for offer in offers] if isinstance(offers, list) else [None]
    amounts = [amount for amount in found if amount is not None]
    if len(amounts) < len(found) or result is None:
        return Unreadable(sku=sku, reason="The prices of opened ones could not be understood.")
    links, names = result.get("links"), result.get("names")
    is_orderable = isinstance(links, dict) and bool(plain_text(links.get("addToCart")))
    return Reading(
        sku=sku,
        amount=min(amounts),
        currency=CURRENCY,
        seen_at=now,
        availability=Availability.IN_STOCK if is_orderable else Availability.UNKNOWN,
        condition=Condition.USED,
        title=plain_text(names.get("title"), longest=300) if isinstance(names, dict) else "",
        raw_price=f"open box {', '.join(str(amount) for amount in amounts)}"[:200],
    )


def _amount(offer: object) -> Decimal | None:
    prices = offer.get("prices") if isinstance(offer, dict) else None
    try:
        return amount_of(prices.get("current"), CURRENCY) if isinstance(prices, dict) else None
    except JsonAnswerError:
        return None

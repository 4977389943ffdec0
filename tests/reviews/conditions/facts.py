"""Facts for conditions, made by plain functions: each test says only what it is about."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from catalog.reading import Availability, Condition
from catalog.shown_offer import OfferFacts, ShownOffer, show
from catalog.terms import Terms, Use
from reviews.watch_facts import Facts, SpecValue, Watched

NOW = datetime(2026, 5, 4, 12, tzinfo=UTC)


def offer(amount: str | None = "49.90", merchant: str = "North", **fields: Any) -> ShownOffer:
    """A new one in stock, read an hour ago, as a page may show it."""
    values: dict[str, Any] = {
        "offer_id": 1,
        "product_id": 1,
        "merchant": merchant,
        "merchant_slug": merchant.lower(),
        "country": "US",
        "terms": Terms(),
        "condition": Condition.NEW,
        "amount": None if amount is None else Decimal(amount),
        "currency": "USD" if amount is not None else "",
        "shipping_amount": None,
        "availability": Availability.IN_STOCK,
        "seen_at": NOW - timedelta(hours=1),
        "state": "ok",
        "link_code": "one",
    }
    shown = show(OfferFacts(**{**values, **fields}), now=NOW, use=Use.PAGE)
    assert shown is not None
    return shown


def watched(*offers: ShownOffer, name: str = "Acme One", **fields: Any) -> Watched:
    return Watched(product_id=1, name=name, offers=offers, **fields)


def facts(product: Watched | None = None, *others: Watched, **fields: Any) -> Facts:
    return Facts(product=product or watched(), others=others, now=NOW, **fields)


def spec(value: str, number: str | None = None) -> SpecValue:
    return SpecValue(value, None if number is None else Decimal(number))

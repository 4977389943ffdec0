"""Which of a product's offers is named first? By what the reader pays and gets, never by what we earn.

The order is stated on /how-we-rank/, which reads `ORDER` from here: can it be ordered, is a price known, condition,
total price, merchant's name. Commission is not an argument of anything in this module.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from catalog.reading import Condition
from catalog.shown_offer import ShownOffer

ORDER = (
    "offers that can be ordered before those that cannot",
    "offers whose price we may show before those without one",
    "new before refurbished before used",
    "the lower price first, shipping included where it is known, within one currency",
    "the merchant's name, so that equal offers keep their places",
)

_CONDITIONS = {Condition.NEW: 0, Condition.REFURBISHED: 1, Condition.USED: 2}


def ranked(offers: Iterable[ShownOffer], *, currency: str = "USD") -> tuple[ShownOffer, ...]:
    """The offers, best first. Prices in `currency` come before prices in others: amounts are never compared across."""

    def key(offer: ShownOffer) -> tuple[bool, bool, int, bool, Decimal, str, int]:
        price = offer.price
        return (
            not offer.availability.can_be_ordered,
            price is None,
            _CONDITIONS[offer.condition],
            price is not None and price.currency != currency,
            price.total if price else Decimal(0),
            offer.merchant,
            offer.offer_id,
        )

    return tuple(sorted(offers, key=key))


def best(offers: Iterable[ShownOffer], *, currency: str = "USD") -> ShownOffer | None:
    """The first of `ranked`, or None when there is no offer."""
    return next(iter(ranked(offers, currency=currency)), None)

"""Which of a product's offers is named first? By what the reader pays and gets, never by what we earn.

The order is stated on /how-we-rank/, which reads `ORDER` from here: does the shop deliver to the reader, can it be
ordered, is a price known, condition, total price, merchant's name. Commission is not an argument of anything here.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from catalog.reading import Condition
from catalog.shown_offer import ShownOffer, ShownPrice

ORDER = (
    "offers of shops that name the countries they deliver to, and not yours, after all others",
    "offers that can be ordered before those that cannot",
    "offers whose price we may show before those without one",
    "new before refurbished before used",
    "the lower price first, shipping included where it is known; prices in your currency before converted ones, and "
    "those before prices that no rate is known for",
    "the merchant's name, so that equal offers keep their places",
)

_CONDITIONS = {Condition.NEW: 0, Condition.REFURBISHED: 1, Condition.USED: 2}


def ranked(offers: Iterable[ShownOffer], *, currency: str = "USD") -> tuple[ShownOffer, ...]:
    """The offers, best first. Prices in `currency` come before prices in others: a converted one is no price in it."""

    def key(offer: ShownOffer) -> tuple[bool, bool, bool, int, int, Decimal, str, int]:
        price = offer.price
        far, amount = _nearness(price, currency)
        return (
            bool(offer.not_to),
            not offer.availability.can_be_ordered,
            price is None,
            _CONDITIONS[offer.condition],
            far,
            amount,
            offer.merchant,
            offer.offer_id,
        )

    return tuple(sorted(offers, key=key))


def _nearness(price: ShownPrice | None, currency: str) -> tuple[int, Decimal]:
    """How far the price is from one in the currency, and the amount it is compared by with others as far."""
    if price is None:
        return 0, Decimal(0)
    if price.currency == currency:
        return 0, price.total
    if price.converted is not None and price.converted.currency == currency:
        return 1, price.converted.total
    return 2, price.total


def best(offers: Iterable[ShownOffer], *, currency: str = "USD") -> ShownOffer | None:
    """The first of `ranked`, or None when there is no offer."""
    return next(iter(ranked(offers, currency=currency)), None)

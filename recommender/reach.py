"""What does a product cost this reader: at shops that deliver to him, and in his currency where only others are asked?

A converted price is an estimate and marked as one on the card; it counts towards a budget only where no shop asks for
that currency, so that a reader whose shops ask for another is not told of nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal

from catalog.reading import Condition
from catalog.shown_offer import ShownOffer
from recommender.facts import CandidateFacts, KnownPrice


def for_reader(
    facts: Iterable[CandidateFacts], offers: Mapping[int, Sequence[ShownOffer]]
) -> tuple[CandidateFacts, ...]:
    """The products with the prices this reader can pay. `offers` are as shown to him; without any nothing changes."""
    return tuple(_reached(one, offers[one.id]) if one.id in offers else one for one in facts)


def _reached(product: CandidateFacts, offers: Sequence[ShownOffer]) -> CandidateFacts:
    own: dict[str, Decimal] = {}
    worth: dict[str, Decimal] = {}
    for offer in offers:
        price = offer.price
        if price is None or offer.not_to or offer.condition is not Condition.NEW:
            continue
        if not offer.availability.can_be_ordered:
            continue
        own[price.currency] = min(price.total, own.get(price.currency, price.total))
        if price.converted is not None:
            total = price.converted.total
            worth[price.converted.currency] = min(total, worth.get(price.converted.currency, total))
    known = {**worth, **own}
    prices = tuple(KnownPrice(amount=amount, currency=currency) for currency, amount in sorted(known.items()))
    if prices == product.prices:
        return product
    return replace(product, prices=prices, price_is_stale=not prices)

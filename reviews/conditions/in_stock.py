"""Can it be ordered at all?"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from catalog.reading import Availability
from catalog.reading import Condition as Sold
from reviews.conditions.base import Condition, Facts, Outcome, Reads, broken, holds, unknown


class InStock(Condition):
    key = "in_stock"
    label = "Can be ordered"
    help = "At least one shop we show takes an order for a new one."
    reads = frozenset({Reads.OFFERS})

    def says(self, asked: Mapping[str, Any]) -> str:
        return "can be ordered"

    def judge(self, asked: Mapping[str, Any], facts: Facts) -> Outcome:
        offers = [offer for offer in facts.product.offers if offer.condition is Sold.NEW]
        again = min((offer.price.expires_at for offer in offers if offer.price is not None), default=None)
        sellers = [offer.merchant for offer in offers if offer.availability.can_be_ordered]
        if sellers:
            return holds(f"To be had at {', '.join(sellers)}.", again)
        if not offers:
            return unknown("We know of no shop that sells it.", again)
        silent = [offer.merchant for offer in offers if offer.availability is Availability.UNKNOWN]
        if silent:
            return unknown(f"Whether {', '.join(silent)} has it could not be read.", again)
        return broken(f"Sold out at {', '.join(offer.merchant for offer in offers)}.", again)

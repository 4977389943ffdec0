"""Does this shop have it?"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from catalog.reading import Availability
from reviews.conditions.base import Condition, Facts, Outcome, Reads, Text, broken, holds, unknown


class AvailableAt(Condition):
    key = "available_at"
    label = "Available at a shop"
    fields = (Text(name="merchant", label="Shop", max_length=80, help="Its name, or its slug."),)
    reads = frozenset({Reads.OFFERS})
    example = {"merchant": "northbeat-audio"}

    def says(self, asked: Mapping[str, Any]) -> str:
        return f"can be ordered at {asked['merchant']}"

    def judge(self, asked: Mapping[str, Any], facts: Facts) -> Outcome:
        wanted = asked["merchant"].casefold()
        offers = [one for one in facts.product.offers if wanted in (one.merchant.casefold(), one.merchant_slug)]
        again = min((one.price.expires_at for one in offers if one.price is not None), default=None)
        if not offers:
            return broken(f"{asked['merchant']} has no offer of it.", again)
        name = offers[0].merchant
        if any(one.availability.can_be_ordered for one in offers):
            return holds(f"{name} has it.", again)
        if any(one.availability is Availability.UNKNOWN for one in offers):
            return unknown(f"Whether {name} has it could not be read.", again)
        return broken(f"Sold out at {name}.", again)

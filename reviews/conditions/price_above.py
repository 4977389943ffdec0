"""Does it still cost as much as the text says, so that it has not become a bargain?"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from reviews.conditions.base import (
    AMOUNT,
    CURRENCY,
    Condition,
    Facts,
    Outcome,
    Reads,
    broken,
    holds,
    lowest,
    money_text,
    unknown,
    until,
)


class PriceAbove(Condition):
    key = "price_above"
    label = "Price not below"
    help = "For words like “dear”: breaks as soon as one shop asks less."
    fields = (AMOUNT, CURRENCY)
    reads = frozenset({Reads.OFFERS})
    example = {"amount": "200", "currency": "USD"}

    def says(self, asked: Mapping[str, Any]) -> str:
        return f"costs {money_text(Decimal(asked['amount']), asked['currency'])} or more everywhere"

    def judge(self, asked: Mapping[str, Any], facts: Facts) -> Outcome:
        limit = Decimal(asked["amount"])
        least = lowest(facts.product, asked["currency"], facts)
        again = until([least], facts.now)
        if least.amount is not None and least.amount < limit:
            return broken(f"It costs {least.words}.", again)
        if least.unread:
            return unknown(least.doubt, again)
        if least.amount is None:
            return unknown("No shop we show names a price for it.", again)
        return holds(f"The least we know of is {least.words}.", again)

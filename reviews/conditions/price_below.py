"""Does it cost less than the text says?"""

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


class PriceBelow(Condition):
    key = "price_below"
    label = "Price below"
    help = "The least it costs new at a shop we show, without shipping."
    fields = (AMOUNT, CURRENCY)
    reads = frozenset({Reads.OFFERS})
    example = {"amount": "50", "currency": "USD"}

    def says(self, asked: Mapping[str, Any]) -> str:
        return f"costs less than {money_text(Decimal(asked['amount']), asked['currency'])}"

    def judge(self, asked: Mapping[str, Any], facts: Facts) -> Outcome:
        limit = Decimal(asked["amount"])
        least = lowest(facts.product, asked["currency"], facts)
        again = until([least], facts.now)
        if least.amount is not None and least.amount < limit:
            return holds(f"It costs {least.words}.", again)
        known = f"The least we know of is {least.words}. " if least.amount is not None else ""
        if least.unread:
            return unknown(known + least.doubt, again)
        if not known:
            return unknown("No shop we show names a price for it.", again)
        return broken(known.strip(), again)

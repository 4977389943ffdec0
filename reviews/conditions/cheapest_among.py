"""Is it the cheapest of these?"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from reviews.conditions.base import (
    CURRENCY,
    Condition,
    Facts,
    Outcome,
    Reads,
    broken,
    holds,
    lowest,
    unknown,
    until,
)


class CheapestAmong(Condition):
    key = "cheapest_among"
    label = "Cheapest among"
    help = "None of the others costs less. What no shop sells at the moment is passed over."
    fields = (CURRENCY,)
    others = (1, 20)
    reads = frozenset({Reads.OFFERS})
    example = {"currency": "USD"}

    def says(self, asked: Mapping[str, Any]) -> str:
        return "is the cheapest of these"

    def judge(self, asked: Mapping[str, Any], facts: Facts) -> Outcome:
        own = lowest(facts.product, asked["currency"], facts)
        others = [(other.name, lowest(other, asked["currency"], facts)) for other in facts.others]
        again = until([own, *(price for _, price in others)], facts.now)
        if own.unread:
            return unknown(own.doubt, again)
        if own.amount is None:
            return unknown("No shop we show names a price for it.", again)
        priced = sorted(
            ((price.amount, name, price) for name, price in others if price.amount is not None), key=lambda one: one[:2]
        )
        if priced and priced[0][0] < own.amount:
            _, name, price = priced[0]
            return broken(f"It costs {own.words}, but {name} costs {price.words}.", again)
        for name, price in others:
            if price.unread:
                return unknown(f"It costs {own.words}. {name}: {price.doubt}", again)
        next_one = f"; the next is {priced[0][1]}, {priced[0][2].words}" if priced else "; no shop sells the others"
        return holds(f"The cheapest of {len(others) + 1} here: {own.words}{next_one}.", again)

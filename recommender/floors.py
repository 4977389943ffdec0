"""Which demands cannot be met for so little money, whatever the shop? For answers given without a catalogue.

With a catalogue nothing here is asked: its prices say it. These are our own floors (editorial, 2025), each well below
the cheapest offers we saw, so that they only speak where nobody would expect a product.
"""

from __future__ import annotations

from decimal import Decimal
from types import MappingProxyType

from recommender.answers import Budget
from recommender.decision import Decision
from recommender.engine.state import ROUGH_USD

ANYTHING = Decimal(3)
FLOORS_USD: MappingProxyType[str, Decimal] = MappingProxyType(
    {
        "wireless": Decimal(8),
        "waterproof": Decimal(12),
        "volume_limited": Decimal(8),
        "multipoint": Decimal(15),
        "hearing_protection": Decimal(15),
        "anc": Decimal(20),
        "low_latency_wireless": Decimal(20),
        "dect": Decimal(50),
        "aviation_plug": Decimal(80),
    }
)


# cancelling in the cockpit is a matter of its own
ANC_IN_FLIGHT = Decimal(150)


def is_below(decision: Decision, budget: Budget | None) -> bool:
    """Whether no product could meet these demands for so little; False without a budget, or in an unknown currency."""
    if budget is None or budget.currency not in ROUGH_USD:
        return False
    demanded = [*decision.must_have, *(("anc",) if "noise-cancelling" in decision.facets else ())]
    floor = max((FLOORS_USD[name] for name in demanded if name in FLOORS_USD), default=ANYTHING)
    if {"anc", "aviation_plug"}.issubset(demanded):
        floor = max(floor, ANC_IN_FLIGHT)
    return budget.maximum * ROUGH_USD[budget.currency] < floor

"""In which unit is a number of a condition, and between what can it lie?"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from recommender.rules import schema


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """`step` is the smallest difference that an editor's form offers."""

    unit: str
    least: Decimal
    most: Decimal
    step: Decimal


# The highest weight is `parsing.MAX_WEIGHT`; 0 would be a vote that counts for nothing.
WEIGHT = Measure(unit="votes", least=Decimal("0.05"), most=Decimal(3), step=Decimal("0.05"))
_SHARE = Measure(unit="part of the whole use, 0 to 1", least=Decimal(0), most=Decimal(1), step=Decimal("0.01"))
_MEASURES = {
    "age": Measure(unit="years", least=Decimal(0), most=Decimal(120), step=Decimal(1)),
    "wear_hours_per_day": Measure(unit="hours a day", least=Decimal(0), most=Decimal(24), step=Decimal("0.5")),
    "budget_usd": Measure(unit="US dollars, roughly", least=Decimal(0), most=Decimal(10_000_000), step=Decimal(1)),
}


def measure_of(field: str) -> Measure | None:
    """None for fields that hold no number."""
    if field not in schema.NUMBER_FIELDS:
        return None
    return _MEASURES.get(field, _SHARE)

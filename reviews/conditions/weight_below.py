"""Is it as light as the text says?"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from reviews.conditions.base import Condition, Facts, Number, Outcome, Reads, broken, holds, unknown


class WeightBelow(Condition):
    key = "weight_below"
    label = "Weight below"
    fields = (Number(name="grams", label="Grams", minimum=Decimal(1), maximum=Decimal(5000)),)
    reads = frozenset({Reads.SPECS})
    example = {"grams": "300"}

    def says(self, asked: Mapping[str, Any]) -> str:
        return f"weighs less than {asked['grams']} g"

    def judge(self, asked: Mapping[str, Any], facts: Facts) -> Outcome:
        weight = facts.product.specs.get("weight_g")
        if weight is None or weight.number is None:
            return unknown("Its weight is not known.")
        said = f"It weighs {weight.value}."
        return holds(said) if weight.number < Decimal(asked["grams"]) else broken(said)

"""Does a spec reach what the text says?"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from reviews.conditions.base import (
    NUMERIC_SPECS,
    Choice,
    Condition,
    Facts,
    Number,
    Outcome,
    Reads,
    broken,
    holds,
    spec_label,
    unknown,
)


class SpecAtLeast(Condition):
    key = "spec_at_least"
    label = "Spec at least"
    fields = (
        Choice(name="spec", label="Spec", options=NUMERIC_SPECS),
        Number(name="number", label="At least", minimum=Decimal(0), maximum=Decimal(1_000_000)),
    )
    reads = frozenset({Reads.SPECS})
    example = {"spec": "battery_hours", "number": "30"}

    def says(self, asked: Mapping[str, Any]) -> str:
        return f"has {spec_label(asked['spec']).lower()} {asked['number']} or more"

    def judge(self, asked: Mapping[str, Any], facts: Facts) -> Outcome:
        label, fact = spec_label(asked["spec"]), facts.product.specs.get(asked["spec"])
        if fact is None or fact.number is None:
            return unknown(f"{label} is not known.")
        said = f"{label}: {fact.value}."
        return holds(said) if fact.number >= Decimal(asked["number"]) else broken(said)

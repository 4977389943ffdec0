"""Is a spec what the text says?"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from catalog.spec_sheet import SPECS, agrees
from reviews.conditions.base import Choice, Condition, Facts, Outcome, Reads, Text, broken, holds, spec_label, unknown


class SpecEquals(Condition):
    key = "spec_equals"
    label = "Spec is"
    fields = (
        Choice(name="spec", label="Spec", options=tuple((spec.key, spec.label) for spec in SPECS)),
        Text(
            name="value",
            label="Is",
            max_length=80,
            help="As the spec sheet prints it: Yes, 40, Over the ear. Of several, one that must be among them.",
        ),
    )
    reads = frozenset({Reads.SPECS})
    example = {"spec": "wireless", "value": "Yes"}

    def says(self, asked: Mapping[str, Any]) -> str:
        return f"has {spec_label(asked['spec']).lower()}: {asked['value']}"

    def judge(self, asked: Mapping[str, Any], facts: Facts) -> Outcome:
        label, fact = spec_label(asked["spec"]), facts.product.specs.get(asked["spec"])
        if fact is None or fact.value is None:
            return unknown(f"{label} is not known.")
        said = f"{label}: {fact.value}."
        is_so = agrees(asked["value"], printed=fact.value, number=fact.number)
        return holds(said) if is_so else broken(said)

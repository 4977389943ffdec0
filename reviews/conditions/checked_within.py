"""Was it looked at recently enough?"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from catalog.spec_sheet import SPECS
from reviews.conditions.base import Choice, Condition, Facts, Number, Outcome, Reads, broken, holds, spec_label, unknown


class CheckedWithin(Condition):
    key = "checked_within"
    label = "Checked within"
    help = "The claim ledger says when a spec was last looked at; a claim that is older has to be checked again."
    fields = (
        Number(name="days", label="Days", minimum=Decimal(1), maximum=Decimal(3650), places=0),
        Choice(
            name="spec",
            label="Spec",
            required=False,
            help="Empty: any spec of the product.",
            options=tuple((spec.key, spec.label) for spec in SPECS),
        ),
    )
    reads = frozenset({Reads.PROOFS})
    example = {"days": "180", "spec": "weight_g"}

    def says(self, asked: Mapping[str, Any]) -> str:
        what = spec_label(asked["spec"]).lower() if asked["spec"] else "data"
        return f"had its {what} checked within {asked['days']} days"

    def judge(self, asked: Mapping[str, Any], facts: Facts) -> Outcome:
        proofs = [one for one in facts.product.proofs if asked["spec"] in ("", one.spec)]
        if not proofs:
            return unknown("The claim ledger has no entry for it.")
        latest = max(proofs, key=lambda one: one.checked_on)
        said = f"Last checked on {latest.checked_on.day} {latest.checked_on:%B %Y} ({latest.source})."
        ends = datetime.combine(latest.checked_on + timedelta(days=int(asked["days"]) + 1), time(), UTC)
        return holds(said, ends) if facts.now < ends else broken(said)

"""Is it still made?"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from reviews.conditions.base import Condition, Facts, Outcome, broken, holds


class StillMade(Condition):
    key = "still_made"
    label = "Still made"

    def says(self, asked: Mapping[str, Any]) -> str:
        return "is still made"

    def judge(self, asked: Mapping[str, Any], facts: Facts) -> Outcome:
        if facts.product.is_discontinued:
            return broken("It is discontinued.")
        return holds("It is a current model.")

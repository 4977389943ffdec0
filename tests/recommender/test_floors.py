"""Which demands cannot be met for so little money?"""

from __future__ import annotations

import pytest

from recommender.answers import needs_from_mapping
from recommender.engine import decide
from recommender.floors import is_below
from recommender.rules import load


@pytest.mark.parametrize(
    ("features", "budget", "below"),
    [(["anc"], 100, True), (["anc"], 400, False), ([], 100, False), ([], 40, True)],
)
def test_cancelling_in_the_cockpit_has_a_floor_of_its_own(features: list[str], budget: int, below: bool) -> None:
    needs = needs_from_mapping(
        {"activities": ["aviation_pilot"], "features": features, "budget": {"max": budget, "currency": "USD"}}
    )
    assert is_below(decide(needs, load()), needs.budget) is below

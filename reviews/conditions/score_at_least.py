"""Does our own score reach what the text says?"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from reviews.conditions.base import (
    USE_CASE,
    Condition,
    Facts,
    Number,
    Outcome,
    Reads,
    broken,
    holds,
    score_of,
    unknown,
)


class ScoreAtLeast(Condition):
    key = "score_at_least"
    label = "Score at least"
    fields = (
        Number(name="score", label="Score out of 10", minimum=Decimal(0), maximum=Decimal(10)),
        USE_CASE,
    )
    reads = frozenset({Reads.SCORES})
    example = {"score": "8", "use_case": ""}

    def says(self, asked: Mapping[str, Any]) -> str:
        return f"scores {asked['score']} or more" + (f" for {asked['use_case']}" if asked["use_case"] else "")

    def judge(self, asked: Mapping[str, Any], facts: Facts) -> Outcome:
        score = score_of(facts.product, asked["use_case"])
        if score is None:
            return unknown("It has no such score.")
        said = f"It scores {score}."
        return holds(said) if score >= Decimal(asked["score"]) else broken(said)

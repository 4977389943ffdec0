"""Does none of these score higher?"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from reviews.conditions.base import USE_CASE, Condition, Facts, Outcome, Reads, broken, holds, score_of, unknown


class BestScoreAmong(Condition):
    key = "best_score_among"
    label = "Best score among"
    help = "None of the others scores higher; the same score is good enough."
    fields = (USE_CASE,)
    others = (1, 20)
    reads = frozenset({Reads.SCORES})
    example = {"use_case": ""}

    def says(self, asked: Mapping[str, Any]) -> str:
        return "scores best of these" + (f" for {asked['use_case']}" if asked["use_case"] else "")

    def judge(self, asked: Mapping[str, Any], facts: Facts) -> Outcome:
        own = score_of(facts.product, asked["use_case"])
        if own is None:
            return unknown("It has no such score.")
        scores = [(other.name, score_of(other, asked["use_case"])) for other in facts.others]
        known = sorted(((score, name) for name, score in scores if score is not None), reverse=True)
        if known and known[0][0] > own:
            return broken(f"It scores {own}, but {known[0][1]} scores {known[0][0]}.")
        unscored = [name for name, score in scores if score is None]
        if unscored:
            return unknown(f"It scores {own}; {', '.join(unscored[:3])} has no such score.")
        return holds(f"The best of {len(scores) + 1} here with {own}; the next is {known[0][1]} with {known[0][0]}.")

"""How does the recommender rank, in sentences with the numbers in force? For the page that says how we rank."""

from __future__ import annotations

from dataclasses import fields

from recommender.facts import CandidateFacts
from recommender.ranking import utility
from recommender.ranking.price_curve import HALFWAY_PRICE
from recommender.ranking.shortlist import UTILITY_LOSS
from recommender.rules import load


def ranking_words() -> tuple[str, ...]:
    """One sentence for each step, in the order of the steps. Amounts are US dollars."""
    rules = load()
    return (
        f"{len(rules.rules)} rules (version {rules.version}) turn your answers into a kind, types, demands and wishes. "
        "A budget, a cable and comfort never decide the kind.",
        "A product has to meet every demand. Where a fact is missing it is listed below those that are confirmed, and "
        "what is missing is named.",
        f"The rest is a weighted mean: the type counts {utility.TYPE_WEIGHT}, each demand {utility.MUST_WEIGHT}, each "
        f"wish up to {utility.NICE_WEIGHT}, the price {utility.PRICE_WEIGHT}, our reviews’ score for your use "
        f"{utility.SCORE_WEIGHT}. An unknown fact counts as the worst it could be.",
        f"The price counts by a fixed scale, half as much at ${HALFWAY_PRICE} as at nothing, whatever your budget is.",
        f"The best stands first. Among those within {int(UTILITY_LOSS * 100)} % of it, other brands, forms and prices "
        "come before near copies.",
    )


def facts_read() -> int:
    """How many facts of a product the ranking code is given. None of them says what anybody pays."""
    return len(fields(CandidateFacts))

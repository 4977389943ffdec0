"""The ranking as it would be written for ten products: each looked at, all sorted. What the fast way must equal."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from itertools import combinations

from recommender.answers import Budget
from recommender.decision import Decision
from recommender.facts import CandidateFacts
from recommender.ranking import demand_of, scored
from recommender.ranking.constraints import BUDGET
from recommender.ranking.shortlist import Scored, order_key, shortlist


def simply(
    decision: Decision,
    products: Sequence[CandidateFacts],
    *,
    kind: str,
    budget: Budget | None = None,
    mic_forbidden: bool = False,
    given_up: Sequence[str] = (),
    limit: int = 6,
) -> tuple[tuple[Scored, ...], tuple[Scored, ...], int, int]:
    """Confirmed, unconfirmed, and how many there are of each."""
    demand = demand_of(decision, kind=kind, budget=budget, mic_forbidden=mic_forbidden, given_up=given_up)
    confirmed: list[Scored] = []
    unconfirmed: list[Scored] = []
    for product in products:
        answers = [(item, item.test(product)) for item in demand.constraints]
        if any(answer is False or (answer is None and item.settled) for item, answer in answers):
            continue
        gaps = tuple(item.key for item, answer in answers if answer is None)
        (unconfirmed if gaps else confirmed).append(scored(product, demand.criteria, gaps))
    ordered = sorted(unconfirmed, key=lambda item: (BUDGET in item.gaps, *order_key(item)))
    return shortlist(confirmed, limit=limit), tuple(ordered[:limit]), len(confirmed), len(unconfirmed)


def simple_repairs(
    decision: Decision, products: Sequence[CandidateFacts], *, kind: str, budget: Budget | None, limit: int = 3
) -> list[tuple[tuple[str, ...], Decimal | None, int, str]]:
    """Demands to give up, the raised budget, how many products that opens and the best of them: by trying all sets."""
    demand = demand_of(decision, kind=kind, budget=budget)
    loose = [item for item in demand.constraints if item.cost is not None]
    known = [one for one in products if budget is None or one.price_in(budget.currency) is not None]
    opening: dict[frozenset[str], list[CandidateFacts]] = {}
    for size in range(len(loose) + 1):
        for dropped in combinations(loose, size):
            keys = frozenset(item.key for item in dropped)
            if any(smaller < keys for smaller in opening):
                continue
            kept = [item for item in demand.constraints if item.key not in keys]
            if fitting := [one for one in known if all(item.test(one) is True for item in kept)]:
                opening[keys] = fitting
    if frozenset() in opening:
        return []
    costs = {item.key: item.cost or 0 for item in loose}
    ordered = sorted(opening, key=lambda keys: (sum(costs[key] for key in keys), len(keys), sorted(keys)))
    found = []
    for keys in ordered[:limit]:
        opened, least = opening[keys], None
        if budget is not None and BUDGET in keys:
            prices = {one.slug: one.price_in(budget.currency) for one in opened}
            least = min(price for price in prices.values() if price is not None)
            opened = [one for one in opened if prices[one.slug] == least]
        best = min((scored(one, demand.criteria) for one in opened), key=order_key)
        found.append((tuple(sorted(keys)), least, len(opened), best.product.slug))
    return found

"""Nothing fits: which smallest sets of demands would have to be given up, and what would that open?

Exact without search: each product that meets every fixed demand names one sufficient set, namely the demands it
fails. The smallest of those sets by inclusion are all the minimal repairs there are.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from recommender.answers import Budget
from recommender.facts import CandidateFacts
from recommender.ranking.constraints import BUDGET, Constraint

MOST_OFFERED = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Relaxation:
    """Give up the demands in `keys` (raise the budget to `budget` where it is one of them) and `opens` products fit.

    `products` are those it opens, not yet ranked. `cost` is in the units of `constraints.COSTS`.
    """

    keys: tuple[str, ...]
    budget: Budget | None
    cost: int
    products: tuple[CandidateFacts, ...]

    @property
    def opens(self) -> int:
        return len(self.products)


def relaxations(
    products: Sequence[CandidateFacts],
    constraints: Sequence[Constraint],
    *,
    budget: Budget | None,
    limit: int = MOST_OFFERED,
) -> tuple[Relaxation, ...]:
    """At most `limit` minimal repairs, the cheapest first. Only demands confirmed as met count as met."""
    fixed = [item for item in constraints if item.cost is None]
    loose = [item for item in constraints if item.cost is not None]
    failing: dict[frozenset[str], list[CandidateFacts]] = {}
    for product in products:
        if budget is not None and product.price_in(budget.currency) is None:
            continue  # no known price, no promise about a price
        if all(item.test(product) is True for item in fixed):
            keys = frozenset(item.key for item in loose if item.test(product) is not True)
            failing.setdefault(keys, []).append(product)
    costs = {item.key: item.cost or 0 for item in loose}
    minimal = [keys for keys in failing if keys and not any(other < keys for other in failing)]
    ordered = sorted(minimal, key=lambda keys: (sum(costs[key] for key in keys), len(keys), sorted(keys)))
    return tuple(
        _relaxation(keys, failing[keys], cost=sum(costs[key] for key in keys), budget=budget)
        for keys in ordered[:limit]
    )


def _relaxation(keys: frozenset[str], opened: list[CandidateFacts], *, cost: int, budget: Budget | None) -> Relaxation:
    """`opened` fail exactly `keys`: a smaller set would be a smaller repair, and this one is minimal."""
    raised = None
    if budget is not None and BUDGET in keys:
        least = min(_price(product, budget.currency) for product in opened)
        raised = Budget(maximum=least, currency=budget.currency)
        opened = [product for product in opened if _price(product, budget.currency) <= least]
    return Relaxation(
        keys=tuple(sorted(keys)),
        budget=raised,
        cost=cost,
        products=tuple(sorted(opened, key=lambda product: product.slug)),
    )


def _price(product: CandidateFacts, currency: str) -> Decimal:
    price = product.price_in(currency)
    assert price is not None, "only products with a known price are considered under a budget"
    return price

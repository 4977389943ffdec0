"""Nothing fits: which smallest sets of demands would have to be given up, and what would that open?

Exact: each product that meets every fixed demand names one sufficient set, namely the demands it fails. The smallest of
those sets by inclusion are all the minimal repairs there are; they are met in the order of what they cost.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from recommender.answers import Budget
from recommender.ranking.catalogue import Catalogue
from recommender.ranking.constraints import BUDGET, Constraint

MOST_OFFERED = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Relaxation:
    """Give up the demands in `keys` (raise the budget to `budget` where it is one of them) and `opens` products fit.

    `opened` are their positions in the catalogue, as bits. `cost` is in the units of `constraints.COSTS`.
    """

    keys: tuple[str, ...]
    budget: Budget | None
    cost: int
    opened: int

    @property
    def opens(self) -> int:
        return self.opened.bit_count()


def relaxations(
    catalogue: Catalogue,
    constraints: Sequence[Constraint],
    *,
    budget: Budget | None,
    limit: int = MOST_OFFERED,
) -> tuple[Relaxation, ...]:
    """At most `limit` minimal repairs, the cheapest first. Only demands confirmed as met count as met."""
    candidates = catalogue.everybody
    if budget is not None:
        candidates &= catalogue.priced(budget.currency)  # no known price, no promise about a price
    for item in constraints:
        if item.cost is None:
            candidates &= item.bits(catalogue).yes
    loose = [(item, item.bits(catalogue).yes) for item in constraints if item.cost is not None]
    found: list[Relaxation] = []
    for cost, keys, opened in _failing(candidates, loose):
        if keys and not any(set(one.keys) <= set(keys) for one in found):
            found.append(_relaxation(keys, opened, catalogue, cost=cost, budget=budget))
            if len(found) == limit:
                break
    return tuple(found)


def _failing(candidates: int, loose: Sequence[tuple[Constraint, int]]) -> Iterator[tuple[int, tuple[str, ...], int]]:
    """Every set of demands that some product fails exactly, with those products: by cost, size and names."""
    if not candidates:
        return
    waiting: list[tuple[int, int, tuple[str, ...], int, int]] = [(0, 0, (), 0, candidates)]
    while waiting:
        cost, size, keys, at, products = heapq.heappop(waiting)
        if at == len(loose):
            yield cost, keys, products
            continue
        item, met = loose[at]
        if meeting := products & met:
            heapq.heappush(waiting, (cost, size, keys, at + 1, meeting))
        if failing := products & ~met:
            named = tuple(sorted((*keys, item.key)))
            heapq.heappush(waiting, (cost + (item.cost or 0), size + 1, named, at + 1, failing))


def _relaxation(
    keys: tuple[str, ...], opened: int, catalogue: Catalogue, *, cost: int, budget: Budget | None
) -> Relaxation:
    """`opened` fail exactly `keys`: a smaller set would be a smaller repair, and this one is minimal."""
    raised = None
    if budget is not None and BUDGET in keys:
        least = catalogue.least(budget.currency, opened)
        assert least is not None, "only products with a known price are considered under a budget"
        raised = Budget(maximum=least, currency=budget.currency)
        opened &= catalogue.within(budget.currency, least).yes
    return Relaxation(keys=keys, budget=raised, cost=cost, opened=opened)

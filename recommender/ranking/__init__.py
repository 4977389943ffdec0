"""Which products fit, how well, and what would have to give when none does?

Filter with three answers (fits, not confirmed, does not fit), rank by utility, keep the list varied, repair an empty
one. Knows nothing about networks or commissions and reads no clock.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from recommender.answers import Budget
from recommender.decision import Decision
from recommender.facts import CandidateFacts
from recommender.ranking.catalogue import Catalogue, without
from recommender.ranking.constraints import BUDGET, Constraint, constraints_of
from recommender.ranking.relaxation import Relaxation, relaxations
from recommender.ranking.selection import Selection
from recommender.ranking.shortlist import UTILITY_LOSS, Scored, order_key, shortlist
from recommender.ranking.utility import Criterion, Utility, criteria_of, utility_of

__all__ = [
    "Catalogue",
    "Constraint",
    "Contest",
    "Criterion",
    "Demand",
    "Ranking",
    "Relaxation",
    "Repair",
    "Scored",
    "Selection",
    "Utility",
    "demand_of",
    "filtered",
    "rank",
    "scored",
]

SHOWN = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Repair:
    """A smallest set of demands to give up, how many products that opens, and the best of them."""

    relaxation: Relaxation
    best: CandidateFacts


@dataclass(frozen=True, slots=True, kw_only=True)
class Demand:
    """What is asked of products of one kind for one need: who may stand in the list, and what orders it.

    `given_up` names the demands that were really dropped.
    """

    kind: str
    budget: Budget | None
    constraints: tuple[Constraint, ...]
    criteria: tuple[Criterion, ...]
    given_up: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Fitting:
    """Positions in the catalogue, as bits: who meets every demand, and who fails none but is not confirmed."""

    confirmed: int
    unconfirmed: int
    # of the unconfirmed, those whose price is among what is not known
    unpriced: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Ranking:
    """The products of one kind for one need.

    `confirmed` meet every demand for certain; `unconfirmed` fail none but some facts are missing (`Scored.gaps`) and
    are never mixed in above them. Both are cut to the places shown; the counts are of all.
    """

    demand: Demand
    selection: Selection
    confirmed: tuple[Scored, ...]
    unconfirmed: tuple[Scored, ...]
    confirmed_count: int
    unconfirmed_count: int
    repairs: tuple[Repair, ...]

    @property
    def relaxations(self) -> tuple[Relaxation, ...]:
        return tuple(repair.relaxation for repair in self.repairs)

    @property
    def first(self) -> Scored | None:
        return next(iter((*self.confirmed, *self.unconfirmed)), None)

    @property
    def is_match(self) -> bool:
        """Something can be recommended without giving anything up: no claim about a price we do not know."""
        if self.confirmed_count:
            return True
        return any(BUDGET not in item.gaps for item in self.unconfirmed) or (
            bool(self.unconfirmed) and not self.repairs
        )


def demand_of(
    decision: Decision,
    *,
    kind: str,
    budget: Budget | None = None,
    mic_forbidden: bool = False,
    given_up: Iterable[str] = (),
) -> Demand:
    """What the decision asks of products of this kind. Demands in `given_up` are dropped where that is allowed."""
    demands = constraints_of(decision, kind=kind, budget=budget, mic_forbidden=mic_forbidden)
    dropped = {item.key for item in demands if item.cost is not None} & set(given_up)
    return Demand(
        kind=kind,
        budget=budget,
        constraints=tuple(item for item in demands if item.key not in dropped),
        criteria=criteria_of(decision, kind=kind),
        given_up=frozenset(dropped),
    )


def rank(
    decision: Decision,
    products: Iterable[CandidateFacts] | Catalogue,
    *,
    kind: str,
    budget: Budget | None = None,
    mic_forbidden: bool = False,
    given_up: Iterable[str] = (),
    limit: int = SHOWN,
) -> Ranking:
    """Rank the products for a decision. The order of `products` does not matter."""
    catalogue = products if isinstance(products, Catalogue) else Catalogue(products)
    demand = demand_of(decision, kind=kind, budget=budget, mic_forbidden=mic_forbidden, given_up=given_up)
    fitting = filtered(demand, catalogue)
    selection = Selection(catalogue, demand.criteria)
    return Ranking(
        demand=demand,
        selection=selection,
        confirmed=_confirmed(fitting, selection, limit=limit),
        unconfirmed=_unconfirmed(fitting, selection, demand, limit=limit),
        confirmed_count=fitting.confirmed.bit_count(),
        unconfirmed_count=fitting.unconfirmed.bit_count(),
        repairs=() if fitting.confirmed else _repairs(demand, catalogue, selection),
    )


class Contest:
    """The products of one kind for one need, whatever it may cost: what is asked of them, and what orders them, is
    worked out once for all budgets. `near`: what a like demand was ranked by."""

    def __init__(self, demand: Demand, catalogue: Catalogue, near: Selection | None = None) -> None:
        self._demand, self._catalogue, self._near = demand, catalogue, near
        self._fitting = filtered(demand, catalogue)

    @cached_property
    def _selection(self) -> Selection:
        return Selection(self._catalogue, self._demand.criteria, self._near)

    def first(self, budget: Budget | None) -> CandidateFacts | None:
        """The product at the top of the list of `rank`, without the rest."""
        selection, fitting = self._selection, self._fitting_within(budget)
        with_price = without(fitting.unconfirmed, fitting.unpriced)
        for standing in (fitting.confirmed, with_price, fitting.unconfirmed & fitting.unpriced):
            if standing:
                return selection.catalogue.products[_best(selection.first(standing, 1), selection)]
        return None

    def has_any(self, budget: Budget | None) -> bool:
        """Whether anything stands in that list."""
        fitting = self._fitting_within(budget)
        return bool(fitting.confirmed or fitting.unconfirmed)

    def _fitting_within(self, budget: Budget | None) -> Fitting:
        return self._fitting if budget is None else _within(self._fitting, budget, self._catalogue)


def filtered(demand: Demand, catalogue: Catalogue) -> Fitting:
    confirmed = possible = catalogue.everybody
    for constraint in demand.constraints:
        if constraint.key != BUDGET:
            answers = constraint.bits(catalogue)
            confirmed &= answers.yes
            possible &= answers.yes if constraint.settled else answers.yes | answers.unknown
    fitting = Fitting(confirmed=confirmed, unconfirmed=possible ^ confirmed, unpriced=0)
    return fitting if demand.budget is None or BUDGET in demand.given_up else _within(fitting, demand.budget, catalogue)


def _within(fitting: Fitting, budget: Budget, catalogue: Catalogue) -> Fitting:
    """Of these, who stays within the budget."""
    answers = catalogue.within(budget.currency, budget.maximum)
    confirmed = fitting.confirmed & answers.yes
    possible = (fitting.confirmed | fitting.unconfirmed) & (answers.yes | answers.unknown)
    return Fitting(confirmed=confirmed, unconfirmed=possible ^ confirmed, unpriced=answers.unknown & possible)


def scored(product: CandidateFacts, criteria: tuple[Criterion, ...], gaps: tuple[str, ...] = ()) -> Scored:
    return Scored(product=product, utility=utility_of(product, criteria), gaps=gaps)


def _scored_at(place: int, selection: Selection, gaps: tuple[str, ...] = ()) -> Scored:
    return Scored(product=selection.catalogue.products[place], utility=selection.utility(place), gaps=gaps)


def _confirmed(fitting: Fitting, selection: Selection, *, limit: int) -> tuple[Scored, ...]:
    """The window for variety and as many of the best as could fill the places that are left."""
    places = selection.first(fitting.confirmed, limit)
    places |= selection.window(fitting.confirmed, loss=int(UTILITY_LOSS * 100), each=limit)
    return shortlist([_scored_at(place, selection) for place in sorted(places)], limit=limit)


def _unconfirmed(fitting: Fitting, selection: Selection, demand: Demand, *, limit: int) -> tuple[Scored, ...]:
    """Best first, with the known price before the unknown one where a budget was named; no variety step here."""
    with_price = without(fitting.unconfirmed, fitting.unpriced)
    places = selection.first(with_price, limit)
    if len(places) < limit:
        places |= selection.first(fitting.unconfirmed & fitting.unpriced, limit)
    products = selection.catalogue.products
    ordered = sorted(places, key=lambda at: (fitting.unpriced >> at & 1, *order_key(_scored_at(at, selection))))
    return tuple(_scored_at(at, selection, _gaps(products[at], demand.constraints)) for at in ordered[:limit])


def _gaps(product: CandidateFacts, constraints: Sequence[Constraint]) -> tuple[str, ...]:
    return tuple(constraint.key for constraint in constraints if constraint.test(product) is None)


def _repairs(demand: Demand, catalogue: Catalogue, selection: Selection) -> tuple[Repair, ...]:
    found = []
    for relaxation in relaxations(catalogue, demand.constraints, budget=demand.budget):
        places = selection.first(relaxation.opened, 1)
        found.append(Repair(relaxation=relaxation, best=catalogue.products[_best(places, selection)]))
    return tuple(found)


def _best(places: Collection[int], selection: Selection) -> int:
    """Of several it is worked out exactly."""
    if len(places) == 1:
        return next(iter(places))
    return min(places, key=lambda place: order_key(_scored_at(place, selection)))

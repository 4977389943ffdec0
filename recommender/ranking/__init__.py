"""Which products fit, how well, and what would have to give when none does?

Filter with three answers (fits, not confirmed, does not fit), rank by utility, keep the list varied, repair an empty
one. Knows nothing about networks or commissions and reads no clock.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from recommender.answers import Budget
from recommender.decision import Decision
from recommender.facts import CandidateFacts
from recommender.ranking.constraints import BUDGET, Constraint, constraints_of
from recommender.ranking.relaxation import Relaxation, relaxations
from recommender.ranking.shortlist import Scored, order_key, shortlist
from recommender.ranking.utility import Criterion, Utility, criteria_of, utility_of

__all__ = ["Constraint", "Criterion", "Ranking", "Relaxation", "Scored", "Utility", "rank", "scored"]

SHOWN = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Ranking:
    """The products of one kind for one need.

    `confirmed` meet every demand for certain; `unconfirmed` fail none but some facts are missing (`Scored.gaps`) and
    are never mixed in above them. Both are cut to the places shown; the counts are of all. `given_up` names the
    demands that were really dropped.
    """

    kind: str
    confirmed: tuple[Scored, ...]
    unconfirmed: tuple[Scored, ...]
    confirmed_count: int
    unconfirmed_count: int
    relaxations: tuple[Relaxation, ...]
    constraints: tuple[Constraint, ...]
    given_up: frozenset[str]
    criteria: tuple[Criterion, ...]

    @property
    def is_match(self) -> bool:
        """Something can be recommended without giving anything up: no claim about a price we do not know."""
        if self.confirmed_count:
            return True
        return any(BUDGET not in item.gaps for item in self.unconfirmed) or (
            bool(self.unconfirmed) and not self.relaxations
        )


def rank(
    decision: Decision,
    products: Iterable[CandidateFacts],
    *,
    kind: str,
    budget: Budget | None = None,
    mic_forbidden: bool = False,
    given_up: Iterable[str] = (),
    limit: int = SHOWN,
) -> Ranking:
    """Rank the products for a decision. Demands in `given_up` are dropped where that is allowed.

    The order of `products` does not matter.
    """
    known = tuple(products)
    demands = constraints_of(decision, kind=kind, budget=budget, mic_forbidden=mic_forbidden)
    dropped = {item.key for item in demands if item.cost is not None} & set(given_up)
    constraints = tuple(item for item in demands if item.key not in dropped)
    criteria = criteria_of(decision, kind=kind)
    fitting, open_questions = _filter(known, constraints, criteria)
    return Ranking(
        kind=kind,
        confirmed=shortlist(fitting, limit=limit),
        unconfirmed=_unconfirmed(open_questions, limit=limit),
        confirmed_count=len(fitting),
        unconfirmed_count=len(open_questions),
        relaxations=() if fitting else relaxations(known, constraints, budget=budget),
        constraints=constraints,
        given_up=frozenset(dropped),
        criteria=criteria,
    )


def scored(product: CandidateFacts, criteria: tuple[Criterion, ...], gaps: tuple[str, ...] = ()) -> Scored:
    return Scored(product=product, utility=utility_of(product, criteria), gaps=gaps)


def _filter(
    products: Sequence[CandidateFacts], constraints: Sequence[Constraint], criteria: tuple[Criterion, ...]
) -> tuple[list[Scored], list[Scored]]:
    confirmed: list[Scored] = []
    unconfirmed: list[Scored] = []
    for product in products:
        gaps: list[str] = []
        for constraint in constraints:
            answer = constraint.test(product)
            if answer is False or (answer is None and constraint.settled):
                break
            if answer is None:
                gaps.append(constraint.key)
        else:
            (unconfirmed if gaps else confirmed).append(scored(product, criteria, tuple(gaps)))
    return confirmed, unconfirmed


def _unconfirmed(items: Sequence[Scored], *, limit: int) -> tuple[Scored, ...]:
    """Best first, with the known price before the unknown one where a budget was named; no variety step here."""
    return tuple(sorted(items, key=lambda item: (BUDGET in item.gaps, *order_key(item)))[:limit])

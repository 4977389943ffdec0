"""What do we advise? The decision with its reasons, the products that fit it, and what would change it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from recommender.answers import Needs
from recommender.counterfactuals import Flip, Tries, Turn, counterfactuals, kinds_of
from recommender.decision import Decision, FiredRule
from recommender.engine import cited, course_of
from recommender.explain import reasons
from recommender.facts import CandidateFacts
from recommender.features import has
from recommender.keeping import Option, options_of
from recommender.ranking import Catalogue, Ranking, Repair, Scored, Utility, rank
from recommender.ranking.constraints import FACET_FEATURES
from recommender.ranking.utility import score_of
from recommender.rules import RuleSet
from recommender.ways_out import WayOut, way_out

__all__ = [
    "Advice",
    "Flip",
    "Option",
    "Pick",
    "Repair",
    "Shortlist",
    "Turn",
    "WayOut",
    "advise",
    "kinds_of",
    "price_of",
]

# A wish below this weight is a flourish: it moves the ranking, but no product is said to lack it.
WORTH_NAMING = Decimal("0.25")


@dataclass(frozen=True, slots=True, kw_only=True)
class Pick:
    """A product with what speaks for it: feature names it has, demands not confirmed, wishes it lacks.

    `score` is what our reviews give it for this use out of 10, when they do.
    """

    product: CandidateFacts
    utility: Utility
    fits: tuple[str, ...]
    not_confirmed: tuple[str, ...]
    lacks: tuple[str, ...]
    score: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Shortlist:
    kind: str
    confirmed: tuple[Pick, ...]
    unconfirmed: tuple[Pick, ...]
    confirmed_count: int
    unconfirmed_count: int
    repairs: tuple[Repair, ...]
    is_match: bool
    given_up: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Advice:
    """`outcome` is match, relaxed (nothing fits as it stands) or clarify; prices are as of `as_of` (UTC).

    `flips` lead to another kind, `turns` to another first product, `type_turn` to another first type. `options` are
    what may be kept or added instead of buying what is listed. `way_out` is there when nothing else is.
    """

    needs: Needs
    decision: Decision
    reasons: tuple[FiredRule, ...]
    outcome: str
    shortlists: tuple[Shortlist, ...]
    flips: tuple[Flip, ...]
    turns: tuple[Turn, ...]
    type_turn: Turn | None
    options: tuple[Option, ...]
    way_out: WayOut | None
    as_of: datetime


def advise(
    needs: Needs,
    products: Iterable[CandidateFacts] | Catalogue,
    ruleset: RuleSet,
    *,
    now: datetime,
    given_up: Iterable[str] = (),
) -> Advice:
    """The whole advice. `given_up` names demands the shopper agreed to drop; those that may not be are kept."""
    course = course_of(needs, ruleset)
    decision = cited(course)
    catalogue = products if isinstance(products, Catalogue) else Catalogue(products)
    dropped = tuple(given_up)
    rankings = tuple(ranking_of(decision, needs, catalogue, kind, dropped) for kind in kinds_of(decision, needs))
    lists = tuple(_shortlist(decision, ranking) for ranking in rankings)
    first = next((ranking for ranking in rankings if ranking.first), None)
    winner = first.first.product if first and first.first else None
    near = first.selection if first else None
    tries = Tries(course, catalogue, near=near, given_up=dropped)
    others = counterfactuals(tries, winner=winner)
    return Advice(
        needs=needs,
        decision=decision,
        reasons=reasons(decision, ruleset),
        outcome=outcome_of(decision, rankings),
        shortlists=lists,
        flips=others.kinds,
        turns=others.winners,
        type_turn=others.type,
        options=options_of(course, decision, catalogue, winner=winner),
        way_out=way_out(tries, rankings, catalogue),
        as_of=now,
    )


def ranking_of(
    decision: Decision, needs: Needs, catalogue: Catalogue, kind: str, given_up: Sequence[str] = ()
) -> Ranking:
    return rank(
        decision,
        catalogue,
        kind=kind,
        budget=needs.budget,
        mic_forbidden=needs.mic_need == "forbidden",
        given_up=given_up,
    )


def outcome_of(decision: Decision, rankings: Sequence[Ranking]) -> str:
    """What the decision came to over this catalogue: match, relaxed or clarify."""
    if decision.outcome == "clarify":
        return "clarify"
    return "match" if any(item.is_match for item in rankings) else "relaxed"


def _shortlist(decision: Decision, ranking: Ranking) -> Shortlist:
    wishes = _wishes(decision, ranking)
    return Shortlist(
        kind=ranking.demand.kind,
        confirmed=tuple(_pick(item, wishes, decision) for item in ranking.confirmed),
        unconfirmed=tuple(_pick(item, wishes, decision) for item in ranking.unconfirmed),
        confirmed_count=ranking.confirmed_count,
        unconfirmed_count=ranking.unconfirmed_count,
        repairs=ranking.repairs,
        is_match=ranking.is_match,
        given_up=ranking.demand.given_up,
    )


def _wishes(decision: Decision, ranking: Ranking) -> tuple[str, ...]:
    """Features worth naming beside a product: demands first, then wishes by weight."""
    demanded = [item.key for item in ranking.demand.constraints if item.key in decision.must_have]
    facets = [FACET_FEATURES[facet] for facet in decision.facets if facet in FACET_FEATURES]
    nice = [
        name
        for name, weight in sorted(decision.nice_to_have.items(), key=lambda item: (-item[1], item[0]))
        if weight >= WORTH_NAMING and name not in decision.excluded
    ]
    return tuple(dict.fromkeys([*demanded, *facets, *nice]))


def _pick(item: Scored, wishes: Sequence[str], decision: Decision) -> Pick:
    answers = {name: has(item.product, name) for name in wishes}
    unknown = [name for name, answer in answers.items() if answer is None and name not in item.gaps]
    return Pick(
        product=item.product,
        utility=item.utility,
        fits=tuple(name for name, answer in answers.items() if answer),
        not_confirmed=(*item.gaps, *unknown),
        lacks=tuple(name for name, answer in answers.items() if answer is False),
        score=None if decision.use_case is None else score_of(item.product, decision.use_case),
    )


def price_of(product: CandidateFacts, needs: Needs) -> tuple[Decimal, str] | None:
    """The known price in the currency of the budget, else in any: amount and ISO code."""
    if needs.budget is not None and (amount := product.price_in(needs.budget.currency)) is not None:
        return amount, needs.budget.currency
    return next(((price.amount, price.currency) for price in product.prices), None)

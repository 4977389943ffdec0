"""What do we advise? The decision with its reasons, the products that fit it, and what would change it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from typing import Any

from recommender.answers import Needs, shares
from recommender.decision import Decision, FiredRule
from recommender.engine import decide
from recommender.explain import reasons
from recommender.facts import CandidateFacts
from recommender.features import has
from recommender.questions import MICROPHONE
from recommender.ranking import Ranking, Relaxation, Scored, Utility, rank, scored
from recommender.ranking.constraints import FACET_FEATURES
from recommender.ranking.shortlist import order_key
from recommender.rules import RuleSet

KINDS = ("headset", "headphones")
# A wish below this weight is a flourish: it moves the ranking, but no product is said to lack it.
WORTH_NAMING = Decimal("0.25")


@dataclass(frozen=True, slots=True, kw_only=True)
class Pick:
    """A product with what speaks for it: feature names it has, demands not confirmed, wishes it lacks."""

    product: CandidateFacts
    utility: Utility
    fits: tuple[str, ...]
    not_confirmed: tuple[str, ...]
    lacks: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Repair:
    """A smallest set of demands to give up, how many products that opens, and the best of them."""

    relaxation: Relaxation
    best: CandidateFacts


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
class Flip:
    """An edit of the needs that leads to another kind. `key` is `mic:<answer>` or `without:<activity>`.

    `changes` are the fields of `Needs` to replace: applied, the engine decides for `kind`.
    """

    key: str
    kind: str
    changes: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Advice:
    """`outcome` is match, relaxed (nothing fits as it stands) or clarify; prices are as of `as_of` (UTC)."""

    needs: Needs
    decision: Decision
    reasons: tuple[FiredRule, ...]
    outcome: str
    shortlists: tuple[Shortlist, ...]
    flips: tuple[Flip, ...]
    as_of: datetime


def advise(
    needs: Needs,
    products: Iterable[CandidateFacts],
    ruleset: RuleSet,
    *,
    now: datetime,
    given_up: Iterable[str] = (),
) -> Advice:
    """The whole advice. `given_up` names demands the shopper agreed to drop; those that may not be are kept."""
    decision = decide(needs, ruleset)
    known = tuple(products)
    lists = tuple(
        _shortlist(decision, known, needs=needs, kind=kind, given_up=tuple(given_up))
        for kind in kinds_of(decision, needs)
    )
    return Advice(
        needs=needs,
        decision=decision,
        reasons=reasons(decision, ruleset),
        outcome=_outcome(decision, lists),
        shortlists=lists,
        flips=flips(needs, decision, ruleset),
        as_of=now,
    )


def kinds_of(decision: Decision, needs: Needs) -> tuple[str, ...]:
    """The kinds whose products are worth showing: both when it is a draw, none while no use was named (VER-8)."""
    if decision.kind in KINDS:
        return (decision.kind,)
    return KINDS if needs.activities else ()


def flips(needs: Needs, decision: Decision, ruleset: RuleSet) -> tuple[Flip, ...]:
    """Single edits that would change the kind, the easiest for the shopper first. Each was tried on the engine."""
    found: list[Flip] = []
    for key, changes in _edits(needs):
        kind = decide(replace(needs, **changes), ruleset).kind
        if kind not in {decision.kind, "either"} and all(flip.kind != kind for flip in found):
            found.append(Flip(key=key, kind=kind, changes=changes))
    return tuple(found)


def _edits(needs: Needs) -> Iterable[tuple[str, Mapping[str, Any]]]:
    blank: dict[str, Any] = {"mic_need": None, "has_separate_mic": None, "will_use_separate_mic": None}
    now = {name: getattr(needs, name) for name in blank}
    for answer in ("own", "none", "rarely", "never"):
        changes = {**blank, **MICROPHONE[answer]}
        if changes != now:
            yield f"mic:{answer}", changes
    if len(needs.activities) > 1:
        for left_out in needs.activities:
            rest = shares({item.name: item.weight for item in needs.activities if item is not left_out})
            unknown = tuple(name for name in needs.unknown_activities if name != left_out.name)
            yield f"without:{left_out.name}", {"activities": rest, "unknown_activities": unknown}


def _outcome(decision: Decision, lists: Sequence[Shortlist]) -> str:
    if decision.outcome == "clarify":
        return "clarify"
    return "match" if any(item.is_match for item in lists) else "relaxed"


def _shortlist(
    decision: Decision, products: Sequence[CandidateFacts], *, needs: Needs, kind: str, given_up: Sequence[str]
) -> Shortlist:
    ranking = rank(
        decision,
        products,
        kind=kind,
        budget=needs.budget,
        mic_forbidden=needs.mic_need == "forbidden",
        given_up=given_up,
    )
    wishes = _wishes(decision, ranking)
    return Shortlist(
        kind=kind,
        confirmed=tuple(_pick(item, wishes) for item in ranking.confirmed),
        unconfirmed=tuple(_pick(item, wishes) for item in ranking.unconfirmed),
        confirmed_count=ranking.confirmed_count,
        unconfirmed_count=ranking.unconfirmed_count,
        repairs=tuple(_repair(item, ranking) for item in ranking.relaxations),
        is_match=ranking.is_match,
        given_up=ranking.given_up,
    )


def _wishes(decision: Decision, ranking: Ranking) -> tuple[str, ...]:
    """Features worth naming beside a product: demands first, then wishes by weight."""
    demanded = [item.key for item in ranking.constraints if item.key in decision.must_have]
    facets = [FACET_FEATURES[facet] for facet in decision.facets if facet in FACET_FEATURES]
    nice = [
        name
        for name, weight in sorted(decision.nice_to_have.items(), key=lambda item: (-item[1], item[0]))
        if weight >= WORTH_NAMING and name not in decision.excluded
    ]
    return tuple(dict.fromkeys([*demanded, *facets, *nice]))


def _pick(item: Scored, wishes: Sequence[str]) -> Pick:
    answers = {name: has(item.product, name) for name in wishes}
    unknown = [name for name, answer in answers.items() if answer is None and name not in item.gaps]
    return Pick(
        product=item.product,
        utility=item.utility,
        fits=tuple(name for name, answer in answers.items() if answer),
        not_confirmed=(*item.gaps, *unknown),
        lacks=tuple(name for name, answer in answers.items() if answer is False),
    )


def _repair(relaxation: Relaxation, ranking: Ranking) -> Repair:
    best = min((scored(product, ranking.criteria) for product in relaxation.products), key=order_key)
    return Repair(relaxation=relaxation, best=best.product)


def price_of(product: CandidateFacts, needs: Needs) -> tuple[Decimal, str] | None:
    """The known price in the currency of the budget, else in any: amount and ISO code."""
    if needs.budget is not None and (amount := product.price_in(needs.budget.currency)) is not None:
        return amount, needs.budget.currency
    return next(((price.amount, price.currency) for price in product.prices), None)

"""What must a product be, and which of those demands may be given up, at what cost to the shopper?

The kind, safety and whatever the shopper ruled out are never given up (rules.md 3.2, steps 3 and 9).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

from recommender.answers import Budget
from recommender.decision import Decision
from recommender.facts import CandidateFacts, Known, type_words
from recommender.features import has, negated
from recommender.ranking.catalogue import Answers, Catalogue, is_of_kind

BUDGET = "budget"
TYPE = "type"
KIND = "kind"
REFUSED_MAKER = "not:brand"

FACET_FEATURES = {"wireless": "wireless", "noise-cancelling": "anc"}

# Must-haves that define what is being bought, keep somebody safe, or without which the thing cannot be used at all.
NEVER_GIVEN_UP = frozenset(
    {
        "mic_builtin",
        "volume_limited",
        "child_size",
        "hearing_protection",
        "awareness",
        "single_ear",
        "aviation_plug",
        "waterproof",
        "platform_xbox",
        "platform_playstation",
    }
)

# What giving it up costs the shopper, in our judgement: 1 is looks, 5 hurts. Everything else costs 2.
COSTS = {
    BUDGET: 3,
    TYPE: 4,
    "rgb": 1,
    "professional_look": 1,
    "foldable": 1,
    "low_profile": 1,
    "long_battery": 1,
    "multipoint": 1,
    "mic_high_quality": 3,
    "mic_noise_cancelling": 3,
    "anc": 3,
    "closed_back": 3,
    "accurate_sound": 4,
    "noise_reduction": 4,
    "bluetooth": 4,
    "wireless": 3,
    "hands_free": 4,
    "low_latency_wireless": 3,
}
ORDINARY_COST = 2
# Demands are made once for all who have them; so many of a sort are kept.
_KEPT = 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Constraint:
    """One demand, asked of one product (`test`) or of all at once (`bits`): both give the same answers.

    `cost` is None when it is never given up; `settled` demands accept no "unknown" as an answer.
    """

    key: str
    test: Callable[[CandidateFacts], Known]
    bits: Callable[[Catalogue], Answers]
    cost: int | None = None
    settled: bool = False


def constraints_of(
    decision: Decision, *, kind: str, budget: Budget | None, mic_forbidden: bool
) -> tuple[Constraint, ...]:
    """The demands of a decision on products of `kind`, in a fixed order."""
    found = [_kind(kind)]
    found += [_must_not(name, settled=mic_forbidden and name == "mic_builtin") for name in sorted(decision.excluded)]
    if mic_forbidden and "mic_builtin" not in decision.excluded:
        found.append(_must_not("mic_builtin", settled=True))
    if decision.avoid_brands:
        found.append(_not_made_by(decision.avoid_brands))
    facets = (FACET_FEATURES[facet] for facet in decision.facets if facet in FACET_FEATURES)
    found += [_must(name) for name in sorted({*decision.must_have, *facets})]
    types = _types_of_kind(decision, kind)
    if types:
        found.append(_one_of_types(types))
    if budget is not None:
        found.append(_budget(budget))
    return tuple(found)


def within(product: CandidateFacts, budget: Budget) -> Known:
    """Is the lowest total within the budget? None when no price in its currency may be shown."""
    price = product.price_in(budget.currency)
    return None if price is None else price <= budget.maximum


@lru_cache(maxsize=_KEPT)
def _kind(kind: str) -> Constraint:
    return Constraint(
        key=KIND,
        test=lambda product: is_of_kind(product, kind),
        bits=lambda catalogue: Answers(catalogue.of_kind(kind), 0),
        settled=True,
    )


@lru_cache(maxsize=_KEPT)
def _must(name: str) -> Constraint:
    cost = None if name in NEVER_GIVEN_UP else COSTS.get(name, ORDINARY_COST)
    return Constraint(
        key=name, test=lambda product: has(product, name), bits=lambda catalogue: catalogue.answers(name), cost=cost
    )


@lru_cache(maxsize=_KEPT)
def _must_not(name: str, *, settled: bool) -> Constraint:
    return Constraint(
        key=f"not:{name}",
        test=lambda product: negated(has(product, name)),
        bits=lambda catalogue: catalogue.refusals(name),
        settled=settled,
    )


def _not_made_by(makers: tuple[str, ...]) -> Constraint:
    """A refused maker is out with all its lines: “Beats” refuses “Beats by Dre” too."""
    refused = tuple(maker.casefold() for maker in makers)

    def is_refused(name: str) -> bool:
        brand = name.casefold()
        return any(brand == maker or brand.startswith(f"{maker} ") for maker in refused)

    return Constraint(
        key=REFUSED_MAKER,
        test=lambda product: not is_refused(product.brand),
        bits=lambda catalogue: Answers(catalogue.everybody & ~catalogue.made_by(is_refused), 0),
    )


@lru_cache(maxsize=_KEPT)
def _one_of_types(types: tuple[str, ...]) -> Constraint:
    def test(product: CandidateFacts) -> Known:
        names = type_words(product)
        return None if not names else not names.isdisjoint(types)

    def bits(catalogue: Catalogue) -> Answers:
        named = 0
        for name in types:
            named |= catalogue.word(name)
        return Answers(named, catalogue.wordless)

    # A pilot's radio needs an aviation headset (UHS-4): another type is another thing, not a compromise.
    return Constraint(key=TYPE, test=test, bits=bits, cost=None if types[0] == "aviation" else COSTS[TYPE])


def _budget(budget: Budget) -> Constraint:
    return Constraint(
        key=BUDGET,
        test=lambda product: within(product, budget),
        bits=lambda catalogue: catalogue.within(budget.currency, budget.maximum),
        cost=COSTS[BUDGET],
    )


def _types_of_kind(decision: Decision, kind: str) -> tuple[str, ...]:
    from_headphones = {"over-ear", "on-ear", "in-ear", "wireless", "noise-cancelling"}
    return tuple(name for name in decision.types if (name in from_headphones) == (kind == "headphones"))

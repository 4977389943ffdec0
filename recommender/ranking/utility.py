"""How well does a product serve this need? A weighted mean of fixed curves, with an interval where facts are missing.

Every curve is anchored in absolute figures, never in the catalogue or the budget, so neither a new product nor a
larger budget changes anybody's utility. A criterion whose fact is unknown counts from 0 to 1; products are ranked by
the lower end, so that a gap in what we know never lifts a product above one that is confirmed to be equal or better.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from recommender.decision import Decision
from recommender.facts import CandidateFacts, Known, type_words
from recommender.features import has
from recommender.ranking.catalogue import Catalogue, sliced
from recommender.ranking.constraints import FACET_FEATURES
from recommender.ranking.price_curve import price_curve

ZERO, ONE = Decimal(0), Decimal(1)
# Sums over a catalogue are in so many parts of one: few, for each binary digit costs, and a multiple of 500, so that
# weights of features are exact in them. The shares of price, score and type are up to one unit less.
UNIT = 4_000

TYPE_WEIGHT = Decimal(3)
MUST_WEIGHT = Decimal(1)
NICE_WEIGHT = Decimal(2)  # times the wish's own weight
PRICE_WEIGHT = Decimal(1)
SCORE_WEIGHT = Decimal(1)
HIGHEST_SCORE = Decimal(10)
# Criteria are made once for all who ask; so many of a sort are kept.
_KEPT = 1024
# What we look at in every product of a kind, beside the shopper's own wishes.
STANDING = {
    "headset": (("mic_noise_cancelling", Decimal("0.5")), ("comfort_long_wear", Decimal("0.4"))),
    "headphones": (("high_fidelity", Decimal("0.5")), ("comfort_long_wear", Decimal("0.4"))),
}
POSITION_STEP = Decimal("0.7")  # each place further down the list of types keeps this share


@dataclass(frozen=True, slots=True, kw_only=True)
class Levels:
    """A criterion over a whole catalogue: who stands at which value above 0 (each product at one), who is unknown.

    Of the price, whose values are as many as the products, `above` is empty.
    """

    above: tuple[tuple[int, Decimal], ...]
    unknown: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Criterion:
    """`curve` gives 0 to 1, or None when the fact is unknown; `levels` says the same of all products at once, and
    `slices` what it adds to each one's sum: in units, rounded down, one set for each binary digit.

    Criteria with the same key, weight and `about` are the same.
    """

    key: str
    weight: Decimal
    curve: Callable[[CandidateFacts], Decimal | None]
    levels: Callable[[Catalogue], Levels]
    slices: Callable[[Catalogue], Sequence[int]]
    about: tuple[str, ...] = ()

    @property
    def identity(self) -> tuple[object, ...]:
        return (self.key, self.weight, self.about)


@dataclass(frozen=True, slots=True, kw_only=True)
class Utility:
    """Between `low` (every unknown at its worst) and `high` (at its best); `coverage` is the share that is known."""

    low: Decimal
    high: Decimal
    coverage: Decimal
    scores: tuple[tuple[str, Decimal | None], ...]

    @property
    def lows(self) -> tuple[Decimal, ...]:
        return tuple(ZERO if score is None else score for _, score in self.scores)


def criteria_of(decision: Decision, *, kind: str) -> tuple[Criterion, ...]:
    """The criteria relevant to this need, in a fixed order, each named once with its largest weight."""
    weights: dict[str, Decimal] = {}
    facets = [FACET_FEATURES[facet] for facet in decision.facets if facet in FACET_FEATURES]
    wished = [
        *((name, MUST_WEIGHT) for name in [*decision.must_have, *facets]),
        *((name, NICE_WEIGHT * weight) for name, weight in decision.nice_to_have.items()),
        *STANDING.get(kind, ()),
    ]
    for name, weight in wished:
        if weight > ZERO and name not in decision.excluded:
            weights[name] = max(weight, weights.get(name, ZERO))
    found = [_feature(name, weights[name]) for name in sorted(weights)]
    found.append(_price())
    if decision.use_case is not None:
        found.append(_score(decision.use_case))
    if decision.types:
        found.append(_type(decision.types))
    return tuple(found)


def utility_of(
    product: CandidateFacts, criteria: tuple[Criterion, ...], kept: dict[str, Decimal | None] | None = None
) -> Utility:
    """`kept` holds what is known already of what this product is worth by each criterion, and takes the rest."""
    total = low = high = known = ZERO
    scores = []
    for item in criteria:
        weight, score = item.weight, _worth(item, product, kept)
        total += weight
        low += weight * (ZERO if score is None else score)
        high += weight * (ONE if score is None else score)
        known += ZERO if score is None else weight
        scores.append((item.key, score))
    return Utility(low=low / total, high=high / total, coverage=known / total, scores=tuple(scores))


def _worth(item: Criterion, product: CandidateFacts, kept: dict[str, Decimal | None] | None) -> Decimal | None:
    # what is about a use or a list of types is another thing for the next who asks
    if kept is None or item.about:
        return item.curve(product)
    if item.key not in kept:
        kept[item.key] = item.curve(product)
    return kept[item.key]


def score_of(product: CandidateFacts, use_case: str) -> Decimal | None:
    """What our reviews give it for this use, out of 10; the empty word is the overall. None when it has no score."""
    return next((value for case, value in product.scores if case == use_case), None)


@lru_cache(maxsize=_KEPT)
def _feature(name: str, weight: Decimal) -> Criterion:
    def curve(product: CandidateFacts) -> Decimal | None:
        value: Known = has(product, name)
        return None if value is None else ONE if value else ZERO

    def levels(catalogue: Catalogue) -> Levels:
        found = catalogue.answers(name)
        return Levels(above=((found.yes, ONE),), unknown=found.unknown)

    def slices(catalogue: Catalogue) -> Sequence[int]:
        return sliced([(catalogue.answers(name).yes, int(weight * UNIT))])

    return Criterion(key=name, weight=weight, curve=curve, levels=levels, slices=slices)


@lru_cache(maxsize=_KEPT)
def _price() -> Criterion:
    return Criterion(
        key="price",
        weight=PRICE_WEIGHT,
        curve=price_curve,
        levels=lambda catalogue: Levels(above=(), unknown=catalogue.everybody & ~catalogue.with_a_price),
        slices=lambda catalogue: catalogue.price_slices(int(PRICE_WEIGHT * UNIT)),
    )


@lru_cache(maxsize=_KEPT)
def _score(use_case: str) -> Criterion:
    def curve(product: CandidateFacts) -> Decimal | None:
        score = score_of(product, use_case)
        return None if score is None else score / HIGHEST_SCORE

    def levels(catalogue: Catalogue) -> Levels:
        by_value = catalogue.at_score(use_case)
        known = 0
        for mask in by_value.values():
            known |= mask
        above = tuple((mask, value / HIGHEST_SCORE) for value, mask in by_value.items() if value > ZERO)
        return Levels(above=above, unknown=catalogue.everybody & ~known)

    def slices(catalogue: Catalogue) -> Sequence[int]:
        return catalogue.score_slices(use_case, SCORE_WEIGHT / HIGHEST_SCORE * UNIT)

    return Criterion(key="score", weight=SCORE_WEIGHT, about=(use_case,), curve=curve, levels=levels, slices=slices)


@lru_cache(maxsize=_KEPT)
def _type(types: tuple[str, ...]) -> Criterion:
    values = {name: POSITION_STEP**place for place, name in enumerate(types)}

    def curve(product: CandidateFacts) -> Decimal | None:
        names = type_words(product)
        return max((values.get(name, ZERO) for name in names), default=None)

    def levels(catalogue: Catalogue) -> Levels:
        above, taken = [], 0
        for name in types:
            above.append((catalogue.word(name) & ~taken, values[name]))
            taken |= catalogue.word(name)
        return Levels(above=tuple(above), unknown=catalogue.wordless)

    def slices(catalogue: Catalogue) -> Sequence[int]:
        return sliced((mask, int(TYPE_WEIGHT * value * UNIT)) for mask, value in levels(catalogue).above)

    return Criterion(key="type", weight=TYPE_WEIGHT, about=types, curve=curve, levels=levels, slices=slices)

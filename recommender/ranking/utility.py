"""How well does a product serve this need? A weighted mean of fixed curves, with an interval where facts are missing.

Every curve is anchored in absolute figures, never in the catalogue or the budget, so neither a new product nor a
larger budget changes anybody's utility. A criterion whose fact is unknown counts from 0 to 1; products are ranked by
the lower end, so that a gap in what we know never lifts a product above one that is confirmed to be equal or better.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

from recommender.decision import Decision
from recommender.facts import CandidateFacts, Known
from recommender.features import has
from recommender.ranking.constraints import FACET_FEATURES, type_words

ZERO, ONE = Decimal(0), Decimal(1)

# How many units of a currency feel like one US dollar on a price tag. Anchors of the cost curve, not exchange rates:
# they never compare two offers with each other and never touch a budget.
PRICE_SCALE = {
    "USD": Decimal(1),
    "EUR": Decimal(1),
    "GBP": Decimal("0.8"),
    "CHF": Decimal(1),
    "CAD": Decimal("1.35"),
    "AUD": Decimal("1.5"),
    "SEK": Decimal(10),
    "NOK": Decimal(10),
    "DKK": Decimal(7),
    "PLN": Decimal(4),
    "JPY": Decimal(150),
    "INR": Decimal(85),
}
HALFWAY_PRICE = Decimal(150)  # at this many "dollars" the cost curve stands at one half

TYPE_WEIGHT = Decimal(3)
MUST_WEIGHT = Decimal(1)
NICE_WEIGHT = Decimal(2)  # times the wish's own weight
PRICE_WEIGHT = Decimal(1)
# What we look at in every product of a kind, beside the shopper's own wishes.
STANDING = {
    "headset": (("mic_noise_cancelling", Decimal("0.5")), ("comfort_long_wear", Decimal("0.4"))),
    "headphones": (("high_fidelity", Decimal("0.5")), ("comfort_long_wear", Decimal("0.4"))),
}
POSITION_STEP = Decimal("0.7")  # each place further down the list of types keeps this share


@dataclass(frozen=True, slots=True, kw_only=True)
class Criterion:
    """`curve` gives 0 to 1, or None when the fact is unknown."""

    key: str
    weight: Decimal
    curve: Callable[[CandidateFacts], Decimal | None]


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
    found = [Criterion(key=name, weight=weights[name], curve=_feature(name)) for name in sorted(weights)]
    found.append(Criterion(key="price", weight=PRICE_WEIGHT, curve=price_curve))
    if decision.types:
        found.append(Criterion(key="type", weight=TYPE_WEIGHT, curve=_type(decision.types)))
    return tuple(found)


def utility_of(product: CandidateFacts, criteria: tuple[Criterion, ...]) -> Utility:
    scores = tuple((item.key, item.curve(product)) for item in criteria)
    total = sum((item.weight for item in criteria), ZERO)
    low = high = known = ZERO
    for item, (_, score) in zip(criteria, scores, strict=True):
        low += item.weight * (ZERO if score is None else score)
        high += item.weight * (ONE if score is None else score)
        known += ZERO if score is None else item.weight
    return Utility(low=low / total, high=high / total, coverage=known / total, scores=scores)


def price_curve(product: CandidateFacts) -> Decimal | None:
    """1 for free, one half at `HALFWAY_PRICE`, never 0; the best of a product's currencies. None without a price."""
    known = [
        HALFWAY_PRICE / (HALFWAY_PRICE + price.amount / PRICE_SCALE[price.currency])
        for price in product.prices
        if price.currency in PRICE_SCALE
    ]
    return max(known, default=None)


def _feature(name: str) -> Callable[[CandidateFacts], Decimal | None]:
    def curve(product: CandidateFacts) -> Decimal | None:
        value: Known = has(product, name)
        return None if value is None else Decimal(int(value))

    return curve


def _type(types: tuple[str, ...]) -> Callable[[CandidateFacts], Decimal | None]:
    values = {name: POSITION_STEP**place for place, name in enumerate(types)}

    def curve(product: CandidateFacts) -> Decimal | None:
        names = type_words(product)
        return max((values.get(name, ZERO) for name in names), default=None)

    return curve

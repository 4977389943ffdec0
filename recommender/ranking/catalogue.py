"""Where do all products stand, as sets of bits, so that a demand is one operation over the whole catalogue?

A catalogue is made once of products as they are at a moment and never changes. Bit positions are in the order of the
price curve, the best price highest, then of the slugs: of any set the cheapest product is its highest bit.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from catalog.facets.bits import from_slots, raw_of
from recommender.facts import CandidateFacts, Known, type_words
from recommender.features import has
from recommender.ranking.price_curve import price_curve

# At so many prices of a currency the set of all cheaper ones is kept ready, if there are not fewer than _LEAST between.
_STEPS, _LEAST = 256, 64


@dataclass(frozen=True, slots=True)
class Answers:
    """Of whom something is true, and of whom it is unknown. It is false of everybody else."""

    yes: int
    unknown: int

    def negated(self, everybody: int) -> Answers:
        return Answers(without(everybody, self.yes | self.unknown), self.unknown)


class Catalogue:
    """Answers from any thread: what is worked out on demand is the same whoever does it first."""

    def __init__(self, products: Iterable[CandidateFacts]) -> None:
        curves = [(price_curve(product), product) for product in products]
        curves.sort(key=lambda pair: pair[1].slug, reverse=True)
        curves.sort(key=lambda pair: Decimal(-1) if pair[0] is None else pair[0])
        self.products = tuple(product for _, product in curves)
        self.curves = tuple(curve for curve, _ in curves)
        self.everybody = (1 << len(curves)) - 1
        self._answers: dict[str, Answers] = {}
        self._refusals: dict[str, Answers] = {}
        self._words: Mapping[str, int] | None = None
        self._wordless = 0
        self._kinds: dict[str, int] = {}
        self._prices: dict[str, _Prices] = {}
        self._price_slices: dict[int, tuple[int, ...]] = {}
        self._scores: dict[str, dict[Decimal, int]] = {}
        self._score_slices: dict[tuple[str, Decimal], tuple[int, ...]] = {}
        self.with_a_price = bits(curve is not None for curve in self.curves)
        self._place: dict[str, int] | None = None
        self._brands: dict[str, int] | None = None
        self._worths: dict[int, dict[str, Decimal | None]] = {}

    def __len__(self) -> int:
        return len(self.products)

    def place_of(self, slug: str) -> int | None:
        """The position of a product, when it is one of these."""
        if self._place is None:
            self._place = {product.slug: place for place, product in enumerate(self.products)}
        return self._place.get(slug)

    def worth(self, place: int) -> dict[str, Decimal | None]:
        """What the product at this position is worth by each criterion, of those it was looked at for; to be filled."""
        return self._worths.setdefault(place, {})

    def answers(self, feature: str) -> Answers:
        """Of whom the feature is true or unknown (`features.has`)."""
        found = self._answers.get(feature)
        if found is None:
            found = self._answers[feature] = self.ask(lambda product: has(product, feature))
        return found

    def refusals(self, feature: str) -> Answers:
        """Of whom the feature is not true, or unknown."""
        found = self._refusals.get(feature)
        if found is None:
            found = self._refusals[feature] = self.answers(feature).negated(self.everybody)
        return found

    def made_by(self, is_meant: Callable[[str], bool]) -> int:
        """Products whose brand's name this holds for; it is asked once for each brand."""
        if self._brands is None:
            places: dict[str, list[int]] = {}
            for place, product in enumerate(self.products):
                places.setdefault(product.brand, []).append(place)
            self._brands = {brand: from_slots(found, len(self)) for brand, found in places.items()}
        found = 0
        for brand, mask in self._brands.items():
            if is_meant(brand):
                found |= mask
        return found

    def of_kind(self, kind: str) -> int:
        """Products of the kind; a headset known to have a lesser microphone is none (A7)."""
        if kind not in self._kinds:
            self._kinds[kind] = self.ask(lambda product: is_of_kind(product, kind)).yes
        return self._kinds[kind]

    def word(self, name: str) -> int:
        """Products that go by this name of a type or form."""
        return self._named().get(name, 0)

    @property
    def wordless(self) -> int:
        """Products of which no type or form is known."""
        self._named()
        return self._wordless

    def within(self, currency: str, maximum: Decimal) -> Answers:
        """Whose price is at most `maximum`; unknown without a price in this currency."""
        prices = self._priced(currency)
        return Answers(prices.up_to(maximum), without(self.everybody, prices.known))

    def priced(self, currency: str) -> int:
        """Products with a known price in this currency."""
        return self._priced(currency).known

    def least(self, currency: str, among: int) -> Decimal | None:
        """The lowest price in this currency among these products."""
        return self._priced(currency).least(among)

    def price_slices(self, unit: int) -> tuple[int, ...]:
        """The price curve in `unit`-ths, rounded down, as sets of bits: the lowest digit first. Unknown counts zero."""
        if unit not in self._price_slices:
            numbers = [0 if curve is None else int(curve * unit) for curve in self.curves]
            width = max(numbers, default=0).bit_length()
            self._price_slices[unit] = tuple(bits(number >> digit & 1 for number in numbers) for digit in range(width))
        return self._price_slices[unit]

    def at_score(self, use_case: str) -> Mapping[Decimal, int]:
        """Score out of 10 for this use → the products that have it."""
        if use_case not in self._scores:
            places: dict[Decimal, list[int]] = {}
            for place, product in enumerate(self.products):
                for case, value in product.scores:
                    if case == use_case:
                        places.setdefault(value, []).append(place)
            self._scores[use_case] = {value: from_slots(found, len(self)) for value, found in sorted(places.items())}
        return self._scores[use_case]

    def score_slices(self, use_case: str, unit: Decimal) -> tuple[int, ...]:
        """The score for this use times `unit`, rounded down, as sets of bits. Unknown counts zero."""
        key = (use_case, unit)
        if key not in self._score_slices:
            self._score_slices[key] = sliced(
                (mask, int(score * unit)) for score, mask in self.at_score(use_case).items()
            )
        return self._score_slices[key]

    def ask(self, question: Callable[[CandidateFacts], Known]) -> Answers:
        given = [question(product) for product in self.products]
        return Answers(bits(answer is True for answer in given), bits(answer is None for answer in given))

    def _named(self) -> Mapping[str, int]:
        if self._words is None:
            known = [type_words(product) for product in self.products]
            self._wordless = bits(not words for words in known)
            self._words = {name: bits(name in words for words in known) for name in frozenset().union(*known)}
        return self._words

    def _priced(self, currency: str) -> _Prices:
        if currency not in self._prices:
            self._prices[currency] = _Prices(self.products, currency)
        return self._prices[currency]


class _Prices:
    """The known prices of one currency, cheapest first, with the sets of all cheaper products at every `_each`th."""

    def __init__(self, products: Sequence[CandidateFacts], currency: str) -> None:
        known = ((product.price_in(currency), place) for place, product in enumerate(products))
        pairs = sorted((amount, place) for amount, place in known if amount is not None)
        self.amounts = [amount for amount, _ in pairs]
        self.places = [place for _, place in pairs]
        self.room = len(products)
        self.steps = [0]
        self._each = max(_LEAST, len(pairs) // _STEPS)
        for start in range(0, len(pairs), self._each):
            self.steps.append(self.steps[-1] | from_slots(self.places[start : start + self._each], self.room))
        self.known = self.steps[-1]

    def up_to(self, maximum: Decimal) -> int:
        count = bisect_right(self.amounts, maximum)
        step = count // self._each
        return self.steps[step] | from_slots(self.places[step * self._each : count], self.room)

    def least(self, among: int) -> Decimal | None:
        if not among & self.known:
            return None
        step = next(step for step in range(1, len(self.steps)) if self.steps[step] & among)
        raw = raw_of(among)
        for at in range((step - 1) * self._each, len(self.places)):
            byte, bit = divmod(self.places[at], 8)
            if byte < len(raw) and raw[byte] >> bit & 1:
                return self.amounts[at]
        raise AssertionError("the step has one of them")


def is_of_kind(product: CandidateFacts, kind: str) -> Known:
    """A headset needs a communication microphone (A7): a product known to have a lesser one is not one."""
    if product.kind != kind:
        return False
    return not (kind == "headset" and product.mic_grade in {"none", "incidental"})


def without(some: int, others: int) -> int:
    """Those of `some` that are not among the `others`. (`some & ~others` would make a negative number in between.)"""
    return some ^ some & others


def bits(flags: Iterable[object]) -> int:
    """The flags as one number, the first as the lowest bit."""
    digits = "".join("1" if flag else "0" for flag in flags)
    return int(digits[::-1], 2) if digits else 0


def sliced(levels: Iterable[tuple[int, int]]) -> tuple[int, ...]:
    """Sets of products, no two with one in common, that have a number each: one set for each binary digit, the lowest
    first."""
    found: list[int] = []
    for mask, number in levels:
        found += [0] * (number.bit_length() - len(found))
        for digit in range(number.bit_length()):
            if number >> digit & 1:
                found[digit] = found[digit] | mask if found[digit] else mask
    return tuple(found)

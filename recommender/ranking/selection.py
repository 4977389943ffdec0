"""Which few of very many products could stand at the top? A set that surely holds them, found without looking at each.

The sum of all criteria is worked out for every product at once: numbers are kept in slices, one set of products for
each binary digit, and added digit by digit. The sums are rounded down, so what is chosen by them is a little more than
needed; the exact order is made afterwards among the few.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property

from catalog.facets.bits import slots_of
from recommender.facts import type_words
from recommender.ranking.catalogue import Catalogue, sliced, without
from recommender.ranking.utility import UNIT, Criterion, Utility, utility_of

# By so many units a sum may be less than it is: the price's, the score's and the type's share are rounded down.
ROUNDED = 3
# So many products near the border are simply all looked at; more are first told apart.
FEW = 12


class Selection:
    """The sums of these criteria over a catalogue. Where they differ little from those of another selection (`near`),
    only the difference is worked out."""

    def __init__(self, catalogue: Catalogue, criteria: Sequence[Criterion], near: Selection | None = None) -> None:
        self.catalogue = catalogue
        self._criteria = {item.identity: item for item in criteria}
        self._near = near if near is not None and near.catalogue is catalogue else None
        is_same = self._near is not None and self._near._criteria.keys() == self._criteria.keys()
        self._utilities: dict[int, Utility] = self._near._utilities if self._near is not None and is_same else {}

    def utility(self, place: int) -> Utility:
        """Of the product at this position, exactly; worked out once."""
        found = self._utilities.get(place)
        if found is None:
            product, kept = self.catalogue.products[place], self.catalogue.worth(place)
            found = self._utilities[place] = utility_of(product, tuple(self._criteria.values()), kept)
        return found

    def first(self, among: int, count: int) -> set[int]:
        """Positions that hold the `count` best of `among`."""
        if among.bit_count() <= (1 if count == 1 else max(count, FEW)):
            return _places_of(among)
        least = _kth(self._sums, among, count)
        border = _at_least(self._sums, among, least - ROUNDED)
        if border.bit_count() <= FEW + 2 * count:
            return _places_of(border)
        return {place for leaf in self._leaves(border) for place in self._first_of_leaf(leaf, count)}

    def window(self, among: int, *, loss: int, each: int) -> set[int]:
        """Positions that hold, of all whose sum is at most `loss` per cent below the best, those no other beats.

        Of products that are alike in every criterion, brand and type the first `each` are named.
        """
        if not among:
            return set()
        best = _kth(self._sums, among, 1)
        near = _at_least(self._sums, among, (best - ROUNDED) * (100 - loss) // 100 - ROUNDED)
        if near.bit_count() <= FEW:
            return _places_of(near)
        return {place for leaf in self._leaves(near) for place in self._cheapest_of_leaf(leaf, each)}

    def before(self, among: int, place: int) -> tuple[int, list[int]]:
        """How many of them surely stand before this one, and who else perhaps does."""
        own = sum(1 << digit for digit, mask in enumerate(self._sums) if mask >> place & 1)
        surely = _at_least(self._sums, among, own + ROUNDED)
        perhaps = _at_least(self._sums, among, own - ROUNDED) ^ surely
        return surely.bit_count(), [other for other in slots_of(perhaps) if other != place]

    @cached_property
    def _sums(self) -> Sequence[int]:
        if self._near is not None:
            mine, theirs = self._criteria, self._near._criteria
            new = [item for identity, item in mine.items() if identity not in theirs]
            gone = [item for identity, item in theirs.items() if identity not in mine]
            if not new and not gone:
                return self._near._sums
            if len(new) + len(gone) < len(mine):
                return _less(_added([self._near._sums, *self._slices(new)]), _added(self._slices(gone)))
        return _added(self._slices(self._criteria.values()))

    def _slices(self, criteria: Iterable[Criterion]) -> list[Sequence[int]]:
        return [item.slices(self.catalogue) for item in criteria]

    @cached_property
    def _unknown(self) -> Sequence[int]:
        """The weight of what is not known of each product."""
        levels = ((item.levels(self.catalogue).unknown, int(item.weight * UNIT)) for item in self._criteria.values())
        return _added([sliced([level]) for level in levels])

    def _leaves(self, among: int) -> list[int]:
        """The set in parts that are alike in every criterion but the price."""
        parts = [among]
        for item in self._criteria.values():
            for mask, _ in item.levels(self.catalogue).above:
                parts = [part for whole in parts for part in (whole & mask, without(whole, mask)) if part]
        return parts

    def _first_of_leaf(self, leaf: int, count: int) -> list[int]:
        found: list[int] = []
        for tie in self._price_groups(leaf):
            found += self._best_known(tie, count - len(found))
            if len(found) >= count:
                break
        return found

    def _cheapest_of_leaf(self, leaf: int, each: int) -> Iterator[int]:
        tie = next(self._price_groups(leaf))
        alike: dict[object, int] = {}
        for place in self._best_known(tie, tie.bit_count()):
            product = self.catalogue.products[place]
            key = (product.brand, type_words(product))
            alike[key] = alike.get(key, 0) + 1
            if alike[key] <= each:
                yield place

    def _price_groups(self, leaf: int) -> Iterator[int]:
        """Products of one price each, the cheapest first: positions are in this order."""
        curves = self.catalogue.curves
        while leaf:
            high = leaf.bit_length() - 1
            low = high
            while low and curves[low - 1] == curves[high]:
                low -= 1
            group = leaf >> low << low
            yield group
            leaf ^= group

    def _best_known(self, tie: int, count: int) -> list[int]:
        """The first `count` of products that only differ in how much of them is known, and then in their slugs."""
        found: list[int] = []
        while tie and len(found) < count:
            best = _lowest(self._unknown, tie)
            found += sorted(slots_of(best), reverse=True)
            tie ^= best
        return found[:count]


def _places_of(few: int) -> set[int]:
    """The members of a small set; each is the highest bit once."""
    found: set[int] = set()
    while few:
        place = few.bit_length() - 1
        found.add(place)
        few ^= 1 << place
    return found


def _added(numbers: Sequence[Sequence[int]]) -> list[int]:
    """Sliced numbers added for every product: of three sets of one digit a full adder makes one, and one to carry to
    the next."""
    columns: list[list[int]] = []
    for number in numbers:
        columns += [[] for _ in range(len(number) - len(columns))]
        for column, mask in zip(columns, number, strict=False):
            if mask:
                column.append(mask)
    found: list[int] = []
    carried: list[int] = []
    while columns or carried:
        column, carried = carried + (columns.pop(0) if columns else []), []
        while len(column) > 1:
            a, b, c = column.pop(), column.pop(), column.pop() if column else 0
            either = a ^ b
            column.append(either ^ c)
            if carry := a & b | either & c:
                carried.append(carry)
        found.append(column[0] if column else 0)
    return found


def _less(one: Sequence[int], other: Sequence[int]) -> list[int]:
    """`other` taken from `one`, of every product; nobody's is larger than his `one`."""
    borrow, found = 0, []
    for digit, a in enumerate(one):
        b = other[digit] if digit < len(other) else 0
        if not b and not borrow:
            found.append(a)
            continue
        either = a ^ b
        found.append(either ^ borrow)
        borrow = without(b, a) | without(borrow, either)
    return found


def _kth(slices: Sequence[int], among: int, rank: int) -> int:
    """The number that the `rank`-th largest of them has (1 is the largest); the smallest when they are fewer."""
    rank = min(rank, among.bit_count())
    number = 0
    for digit in range(len(slices) - 1, -1, -1):
        with_it = among & slices[digit]
        # counting is the dear part, and for the very best there is nothing to count
        count = 0 if not with_it else 1 if rank == 1 else with_it.bit_count()
        if count >= rank:
            among, number = with_it, number | 1 << digit
        else:
            rank -= count
            among ^= with_it
    return number


def _at_least(slices: Sequence[int], among: int, number: int) -> int:
    if number <= 0:
        return among
    above, equal = 0, among
    for digit in range(max(len(slices), number.bit_length()) - 1, -1, -1):
        mask = slices[digit] if digit < len(slices) else 0
        more = equal & mask
        if number >> digit & 1:
            equal = more
        else:
            above |= more
            equal ^= more
    return above | equal


def _lowest(slices: Sequence[int], among: int) -> int:
    """Those with the smallest number."""
    for digit in range(len(slices) - 1, -1, -1):
        among = without(among, slices[digit]) or among
    return among

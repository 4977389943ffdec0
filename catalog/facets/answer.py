"""What is found of what was asked, in which order, and what would each further choice leave?"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from itertools import chain
from operator import attrgetter

from catalog.facets.asked import Asked, Found, Range, WayOut
from catalog.facets.bits import Among, NumberSlices, slots_of
from catalog.facets.choices import BY_KEY, FACETS, SCORE_FOR, is_sort
from catalog.facets.held import USE_CASE, Held, places_of, price_key
from catalog.facets.index import Index
from catalog.facets.search import Sought, seek

WORDS = "words"
# By number, and whether the highest come first.
_BY_NUMBER = {"weight_g": False, "battery_hours": True, "score": True}
_LARGEST = Decimal(10) ** 15
# So few products are looked at one by one: that is less work than going through every set there is.
FEW = 1500
VERY_FEW, MANY_VALUES = 100, 200
_VALUES = attrgetter("values")


def find(index: Index, asked: Asked, *, start: int, size: int) -> Found:
    """The piece of `size` products from `start` on. Raises ValueError for a facet or an order that does not exist."""
    return _Answer(index, asked).found(start, size)


@dataclass(frozen=True, slots=True)
class _Run:
    """Products that come one after the other: by the number kept under `key`, or by name where that is empty."""

    bits: int
    key: str = ""
    is_falling: bool = False


class _Answer:
    def __init__(self, index: Index, asked: Asked) -> None:
        unknown = [key for key in (*asked.choices, *asked.ranges) if key not in BY_KEY]
        unknown += [key for key in asked.ranges if key in BY_KEY and not BY_KEY[key].sort.is_range]
        unknown += [key for key in asked.choices if key in BY_KEY and BY_KEY[key].sort.is_range]
        if unknown or not is_sort(asked.sort):
            raise ValueError(f"There is no such facet or order: {', '.join(unknown) or asked.sort}.")
        self._index = index
        self._asked = asked
        self._sought: Sought | None = None
        self._parts = self._sets()
        # By the set, which lives as long as the answer is made.
        self._looked_at: dict[int, list[Held]] = {}
        self._tallied: dict[int, Mapping[str, Mapping[str, int]]] = {}

    def found(self, start: int, size: int) -> Found:
        everything = self._without(None)
        among = Among(everything)
        beside = {part: Among(self._without(part)) for part in self._parts}
        counts, spans = self._counts(among, beside), self._spans(among, beside)
        ways = [WayOut(part=part, opens=left.count) for part, left in beside.items() if left.count]
        return Found(
            ids=tuple(self._index.id_at(slot) for slot in self._page(everything, start, size)),
            count=among.count,
            counts=counts,
            spans=spans,
            ways_out=() if among.count else tuple(sorted(ways, key=lambda way: (-way.opens, way.part))),
            labels=self._index.labels,
            **({"reading": self._sought.reading} if self._sought else {}),
        )

    def _sets(self) -> dict[str, int]:
        """Who fits each part of the question."""
        parts = {
            key: self._having((key, value) for value in chosen) for key, chosen in self._asked.choices.items() if chosen
        }
        for key, wanted in self._asked.ranges.items():
            if wanted != Range():
                parts[key] = self._in_range(key, wanted)
        if self._asked.words.strip():
            index = self._index
            self._sought = seek(
                self._asked.words,
                index.everything,
                index.vocabulary,
                self._having,
                is_ranked=self._asked.sort == "match",
            )
            parts[WORDS] = self._sought.found
        return parts

    def _having(self, choices: Iterable[tuple[str, str]]) -> int:
        bits = 0
        for facet, value in choices:
            slots = self._index.values.get(facet, {}).get(value)
            bits |= slots.bits if slots else 0
        return bits

    def _in_range(self, key: str, wanted: Range) -> int:
        key = self._number_key(key)
        numbers = self._index.numbers.get(key)
        if numbers is None or (wanted.low is not None and wanted.low > _LARGEST):
            return 0
        places = places_of(key)
        low = None if wanted.low is None or wanted.low < 0 else math.ceil(wanted.low.scaleb(places))
        if wanted.high is not None and wanted.high < 0:
            return 0
        high = None if wanted.high is None or wanted.high > _LARGEST else math.floor(wanted.high.scaleb(places))
        return numbers.between(low, high)

    def _number_key(self, key: str) -> str:
        if key != "price":
            return key
        return price_key(self._asked.currency, self._index.shown.same_reach.get(self._asked.country, ""))

    def _without(self, left_out: str | None) -> int:
        bits = self._index.everything
        for part, fitting in self._parts.items():
            if part != left_out:
                bits &= fitting
        return bits

    def _counts(self, among: Among, beside: Mapping[str, Among]) -> dict[str, Mapping[str, int]]:
        found: dict[str, Mapping[str, int]] = {}
        for facet in FACETS:
            if facet.sort.is_range:
                continue
            where = beside.get(facet.key, among)
            counts = dict.fromkeys(self._asked.choices.get(facet.key, ()), 0)
            values = self._index.values.get(facet.key, {})
            # Looking at products one by one counts all their facets at once: it pays where all of them are wanted.
            is_worth_it = where is among or where.count <= VERY_FEW or len(values) > MANY_VALUES
            if not is_worth_it or (rows := self._few(where)) is None:
                counts |= {value: slots.count_in(where) for value, slots in values.items()}
            else:
                counts |= dict.fromkeys(values, 0)
                counts |= self._tally(where, rows).get(facet.key, {})
            found[facet.key] = counts
        return found

    def _few(self, where: Among) -> list[Held] | None:
        """The products of a small set; None of one that is counted faster by its bits."""
        if where.count > FEW:
            return None
        if id(where) not in self._looked_at:
            self._looked_at[id(where)] = [self._index.held_at(slot) for slot in slots_of(where.bits)]
        return self._looked_at[id(where)]

    def _tally(self, where: Among, rows: Iterable[Held]) -> Mapping[str, Mapping[str, int]]:
        if id(where) not in self._tallied:
            tally: dict[str, dict[str, int]] = {}
            for (facet, value), count in Counter(chain.from_iterable(map(_VALUES, rows))).items():
                tally.setdefault(facet, {})[value] = count
            self._tallied[id(where)] = tally
        return self._tallied[id(where)]

    def _span(self, where: Among, key: str) -> tuple[int, int] | None:
        if (where.count <= VERY_FEW or id(where) in self._looked_at) and (rows := self._few(where)) is not None:
            there = [number for held in rows for name, number in held.numbers if name == key]
            return (min(there), max(there)) if there else None
        numbers = self._index.numbers.get(key)
        return numbers.span(where.bits) if numbers else None

    def _spans(self, among: Among, beside: Mapping[str, Among]) -> dict[str, tuple[Decimal, Decimal] | None]:
        found: dict[str, tuple[Decimal, Decimal] | None] = {}
        for facet in FACETS:
            if facet.sort.is_range:
                key = self._number_key(facet.key)
                span = self._span(beside.get(facet.key, among), key)
                places = -places_of(key)
                found[facet.key] = span and (Decimal(span[0]).scaleb(places), Decimal(span[1]).scaleb(places))
        return found

    # --- order ------------------------------------------------------------------------------------------------------

    def _page(self, bits: int, start: int, size: int) -> list[int]:
        page: list[int] = []
        for run in self._runs(bits):
            count = run.bits.bit_count()
            if start >= count:
                start -= count
                continue
            page += self._slots(run, start, size - len(page))
            start = 0
            if len(page) >= size:
                break
        return page

    def _slots(self, run: _Run, start: int, size: int) -> list[int]:
        if not run.key:
            return slots_of(run.bits, start, size)

        def number(slot: int) -> int:
            return self._index.number_at(slot, run.key)

        numbers = self._index.numbers[run.key]
        return numbers.page(run.bits, start, size, is_falling=run.is_falling, number=number)

    def _runs(self, bits: int) -> Iterator[_Run]:
        sort = self._asked.sort
        if sort == "name":
            yield _Run(bits)
        elif sort in {"sold", "match"}:
            ranks = self._sought.ranks if self._sought and sort == "match" else (bits,)
            sold = self._sold()
            for rank in ranks:
                yield _Run(bits & rank & sold)
                yield _Run(bits & rank & ~sold)
        else:
            key, is_falling = self._order()
            numbers = self._index.numbers.get(key, NumberSlices())
            if numbers.known:
                yield _Run(bits & numbers.known, key, is_falling)
            yield _Run(bits & ~numbers.known)

    def _order(self) -> tuple[str, bool]:
        sort = self._asked.sort
        if sort.startswith(SCORE_FOR):
            return USE_CASE + sort.removeprefix(SCORE_FOR), True
        if sort == "newest":
            return "release_year", True
        return self._number_key(sort), _BY_NUMBER.get(sort, False)

    def _sold(self) -> int:
        return self._having(("merchant", value) for value in self._index.values.get("merchant", {}))

"""Which products bear a word in their name or codes, and which words are there that one could have meant?

Pure. A set of products is an integer of slots (`catalog/facets/bits.py`).
"""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain

from catalog.facets.bits import from_slots
from catalog.facets.meanings import MEANINGS
from catalog.facets.words import LONGEST, digits_of, edits, folded, letters, most_edits, runs, words_in

_LAST = chr(0x10FFFF)
# Codes are long; fewer signs of one find too much to be meant as one.
_SHORTEST_CODE = 4
_MOST_REMEMBERED = 512
# Among slots: the term has several bearers.
_SEVERAL = 0xFFFFFFFF


@dataclass(frozen=True, slots=True)
class Names:
    """What one product is found by. `heads`: the run of its model with the variant, and its model alone."""

    runs: tuple[tuple[str, int], ...]
    codes: tuple[str, ...]
    head: tuple[str, int]
    exact: tuple[str, ...]
    words: tuple[str, ...]
    brand: str


def names_of(brand: str, model: str, variant: str, codes: Iterable[str]) -> Names:
    full = f"{model} {variant}" if variant else model
    own = runs(full)
    head = next(iter(own.items()), ("", 0))
    of_brand = _brand_runs(brand)
    found = {**own, **{run: own.get(run, 0) | ends for run, ends in of_brand.items()}}
    return Names(
        runs=tuple(found.items()),
        codes=tuple(dict.fromkeys(code for one in codes if (code := code_of(one)))),
        head=head,
        exact=(folded(model), folded(full)) if variant else (folded(model),),
        words=tuple(words_in(full) | _brand_words(brand)),
        brand=folded(brand),
    )


@lru_cache(maxsize=2048)
def _brand_runs(brand: str) -> dict[str, int]:
    return runs(brand)


@lru_cache(maxsize=2048)
def _brand_words(brand: str) -> frozenset[str]:
    return frozenset(words_in(brand) | {folded(brand)[:LONGEST]})


def code_of(text: str) -> str:
    """A GTIN is written with and without leading zeros."""
    return folded(text)[:LONGEST].lstrip("0")


class Terms:
    """Words and who bears them; whoever asks for a beginning finds all that begin so.

    `ends`: where the pieces of a name end, as bits. It is part of the term: two names may differ in nothing else.
    """

    __slots__ = ("_bearers", "_ends", "_order", "_slots")

    def __init__(self) -> None:
        self._slots: dict[str, int | array[int]] = {}
        # All terms in order, and of each where its pieces end and its only bearer; None: to be sorted.
        self._order: list[str] | None = []
        self._ends: list[int] = []
        self._bearers = array("I")

    def add(self, word: str, slot: int, ends: int = 0) -> None:
        term = _term(word, ends)
        there = self._slots.get(term)
        if there is None:
            self._slots[term] = slot
            if self._order is not None:
                place = bisect_left(self._order, term)
                self._order.insert(place, term)
                self._ends.insert(place, ends)
                self._bearers.insert(place, slot)
        elif isinstance(there, int):
            self._slots[term] = array("I", (there, slot))
            if self._order is not None:
                self._bearers[bisect_left(self._order, term)] = _SEVERAL
        else:
            there.append(slot)

    def drop(self, word: str, slot: int, ends: int = 0) -> None:
        term = _term(word, ends)
        there = self._slots[term]
        if not isinstance(there, int):
            there.remove(slot)
            if there:
                return
        del self._slots[term]
        if self._order is not None:
            place = bisect_left(self._order, term)
            del self._order[place], self._ends[place], self._bearers[place]

    def unsort(self) -> None:
        """Many are about to be added: they are sorted when the first is looked up."""
        self._order = None

    def _sorted(self) -> list[str]:
        if self._order is None:
            self._order = sorted(self._slots)
            self._ends = [int(term.partition("\0")[2] or "0", 16) for term in self._order]
            borne = map(self._slots.__getitem__, self._order)
            self._bearers = array("I", [one if isinstance(one, int) else _SEVERAL for one in borne])
        return self._order

    def bearing(self, word: str) -> list[int]:
        """Who bears this very word, one without ends."""
        return list(self._all_bearers(word)) if word in self._slots else []

    def beginning(self, word: str, *, whole_pieces: bool = False) -> list[int]:
        """Who bears a word that begins so; `whole_pieces`: and in which a piece ends there."""
        order = self._sorted()
        first, behind, length = bisect_left(order, word), bisect_left(order, word + _LAST), len(word)
        # Short beginnings are those of a hundred thousand terms: as few steps in Python for each as can be.
        places: Sequence[int] = range(first, behind)
        found = self._bearers[first:behind].tolist()
        if whole_pieces:
            places = [place for place, its in enumerate(self._ends[first:behind], first) if its >> length & 1]
            found = [self._bearers[place] for place in places]
        if _SEVERAL in found:
            borne = [order[place] for place, one in zip(places, found, strict=True) if one == _SEVERAL]
            found = [one for one in found if one != _SEVERAL]
            found += chain.from_iterable(map(self._all_bearers, borne))
        return found

    def _all_bearers(self, term: str) -> Sequence[int]:
        there = self._slots[term]
        return (there,) if isinstance(there, int) else there


def _term(word: str, ends: int) -> str:
    return f"{word}\0{ends:x}" if ends else word


class Vocabulary:
    """The names of all products. Changes forget what was remembered of earlier questions."""

    def __init__(self) -> None:
        self._room = 0
        self._runs, self._codes, self._heads, self._exact, self._brands = (Terms() for _ in range(5))
        self._words = NearWords()
        self._remembered: dict[tuple[str, bool], int] = {}
        self._beginnings: dict[str, tuple[int, int]] = {}

    def unsort(self) -> None:
        for terms in (self._runs, self._codes, self._heads, self._exact, self._brands):
            terms.unsort()

    def add(self, slot: int, names: Names) -> None:
        self._forget()
        self._room = max(self._room, slot + 1)
        for run, ends in names.runs:
            self._runs.add(run, slot, ends)
        for code in names.codes:
            self._codes.add(code, slot)
        self._heads.add(names.head[0], slot, names.head[1])
        for name in names.exact:
            self._exact.add(name, slot)
        self._brands.add(names.brand, slot)
        self._words.add(names.words)

    def drop(self, slot: int, names: Names) -> None:
        self._forget()
        for run, ends in names.runs:
            self._runs.drop(run, slot, ends)
        for code in names.codes:
            self._codes.drop(code, slot)
        self._heads.drop(names.head[0], slot, names.head[1])
        for name in names.exact:
            self._exact.drop(name, slot)
        self._brands.drop(names.brand, slot)
        self._words.drop(names.words)

    def bearing(self, word: str, *, is_last: bool) -> int:
        """Who has the word in its name as whole pieces, as a code's beginning or, the last word, as any beginning."""
        key = (word, is_last)
        if key not in self._remembered:
            if len(self._remembered) >= _MOST_REMEMBERED:
                self._remembered.clear()
            slots = self._runs.beginning(word, whole_pieces=not is_last)
            code = word.lstrip("0")
            if len(code) >= _SHORTEST_CODE:
                slots += self._codes.beginning(code)
            self._remembered[key] = self._bits(slots)
        return self._remembered[key]

    def named(self, name: str) -> int:
        """Whose model, with or without its variant, is called exactly so, or has exactly this code."""
        return self._bits(self._exact.bearing(name) + self._codes.bearing(name.lstrip("0")))

    def models_beginning(self, name: str) -> tuple[int, int]:
        """Whose model begins with the name as whole pieces, and whose begins with it at all."""
        if name not in self._beginnings:
            if len(self._beginnings) >= _MOST_REMEMBERED:
                self._beginnings.clear()
            beginning = self._bits(self._heads.beginning(name))
            whole = self._bits(self._heads.beginning(name, whole_pieces=True)) if beginning else 0
            self._beginnings[name] = (whole, beginning)
        return self._beginnings[name]

    def is_brand(self, name: str) -> bool:
        return bool(self._brands.bearing(name))

    def near(self, word: str, *, is_last: bool) -> list[str]:
        """What may have been meant by a word that nothing bears, the nearest and most frequent first."""
        return self._words.near(word) or (self._words.near_beginnings(word) if is_last else [])

    def _forget(self) -> None:
        self._remembered.clear()
        self._beginnings.clear()

    def _bits(self, slots: list[int]) -> int:
        return from_slots(slots, self._room) if slots else 0


class NearWords:
    """All words that stand in names, with how many names have each; and those that mean a choice."""

    def __init__(self) -> None:
        self._count: dict[str, dict[str, int]] = {"": dict.fromkeys(MEANINGS, 1)}
        # By digits and length: each word with the signs it has.
        self._by_length: dict[tuple[str, int], dict[str, int]] = {}
        for word in MEANINGS:
            self._by_length.setdefault(("", len(word)), {})[word] = letters(word)

    def add(self, words: Iterable[str]) -> None:
        for word in words:
            digits = digits_of(word)
            group = self._count.setdefault(digits, {})
            group[word] = group.get(word, 0) + 1
            if group[word] == 1:
                self._by_length.setdefault((digits, len(word)), {})[word] = letters(word)

    def drop(self, words: Iterable[str]) -> None:
        for word in words:
            digits = digits_of(word)
            group = self._count[digits]
            group[word] -= 1
            if not group[word]:
                del group[word], self._by_length[digits, len(word)][word]

    def near(self, word: str) -> list[str]:
        limit, digits, signs = most_edits(word), digits_of(word), letters(word)
        found = []
        for length in range(len(word) - limit, len(word) + limit + 1):
            for other, its in self._by_length.get((digits, length), {}).items():
                if (signs ^ its).bit_count() <= 2 * limit and (away := edits(word, other, limit)) <= limit:
                    found.append((away, -self._count[digits][other], other))
        return [other for _, _, other in sorted(found)]

    def near_beginnings(self, word: str) -> list[str]:
        """For a word that is still being typed: what begins nearly so, and with the same sign."""
        limit, digits, signs = min(1, most_edits(word)), digits_of(word), letters(word)
        found = []
        for other, count in self._count.get(digits, {}).items() if limit else ():
            if other[0] == word[0] and len(other) > len(word) and (signs & ~letters(other)).bit_count() <= limit:
                away = edits(word, other, limit, is_beginning=True)
                if away <= limit:
                    found.append((away, -count, other))
        return [other for _, _, other in sorted(found)]

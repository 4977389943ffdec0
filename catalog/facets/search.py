"""Which products fit the words that were typed, how well does each, and what were the words taken for?

Pure. Every word has to fit: by the name, by a code, or by what it means. A word that fits nothing is read as the
nearest one that does, and the reader is told.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from catalog.facets.asked import Reading
from catalog.facets.meanings import HEADPHONES, MEANINGS, MOST_WORDS, PASSED_OVER, SHORT_NAMES, Meaning
from catalog.facets.vocabulary import Vocabulary
from catalog.facets.words import Typed, pieces, typed

# Nobody names a product with more.
MOST_TYPED = 12
_MOST_TRIED = 5


@dataclass(frozen=True, slots=True)
class Sought:
    """`found`: all that fit; `ranks`: the same in parts, the best fitting first."""

    found: int
    ranks: tuple[int, ...]
    reading: Reading = field(default_factory=Reading)


@dataclass(slots=True)
class _Unit:
    """One word, or several that mean one thing. `named`: who is called so or has the code; `meant`: has a choice."""

    words: tuple[str, ...]
    named: int
    meant: int = 0
    meaning: Meaning | None = None
    is_passed_over: bool = False
    # As it was typed, where it may be read in another way.
    written: str = ""


# Who has one of these choices, as a set.
Having = Callable[[Iterable[tuple[str, str]]], int]


def seek(words: str, everything: int, vocabulary: Vocabulary, having: Having, *, is_ranked: bool = True) -> Sought:
    """`everything`: the set of all products; `having`: the set of those with one of some choices.

    Not `is_ranked`: whoever does not order by them is spared the ranks by the models' names.
    """
    return _Search(everything, vocabulary, having).seek(typed(words), is_ranked=is_ranked)


class _Search:
    def __init__(self, everything: int, vocabulary: Vocabulary, having: Having) -> None:
        self._everything = everything
        self._vocabulary = vocabulary
        self._having = having
        self._corrected: list[tuple[str, str]] = []
        self._meant: list[tuple[str, str]] = []
        self._ignored: list[str] = []

    def seek(self, words: Sequence[Typed], *, is_ranked: bool) -> Sought:
        self._ignored += [word.written for word in words[MOST_TYPED:]]
        units = self._units(words[:MOST_TYPED])
        found = self._fitting(units)
        if not found and len(units) > 1:
            units = self._loosened(units)
            found = self._fitting(units)
        named = self._all_of(units, lambda unit: unit.named)
        if not units:  # nothing was read: nothing is found, and the reader hears why
            found = named = 0
        ranks = []
        for rank in (*(self._by_model(units) if is_ranked else ()), named, found):
            ranks.append(rank & found)
            found &= ~rank
        reading = Reading(
            corrected=tuple(self._corrected), meant=tuple(self._meant), ignored=tuple(dict.fromkeys(self._ignored))
        )
        whole = 0
        for rank in ranks:
            whole |= rank
        return Sought(whole, tuple(ranks), reading)

    def _units(self, words: Sequence[Typed]) -> list[_Unit]:
        units: list[_Unit] = []
        place = 0
        while place < len(words):
            count = self._phrase_at(words, place)
            taken = words[place : place + max(1, count)]
            is_last = place + len(taken) == len(words)
            unit = self._phrase(taken, is_last=is_last) if count else self._word(words, place)
            if unit is not None:
                units.append(unit)
            place += len(taken)
        return units

    def _phrase_at(self, words: Sequence[Typed], place: int) -> int:
        """How many words from here on mean one choice, as many as possible; 0: none does."""
        for count in range(min(MOST_WORDS, len(words) - place), 0, -1):
            some = words[place : place + count]
            if not any(word.is_literal for word in some) and "".join(word.word for word in some) in MEANINGS:
                return count
        return 0

    def _phrase(self, words: Sequence[Typed], *, is_last: bool) -> _Unit:
        meaning = MEANINGS["".join(word.word for word in words)]
        named = self._bearing("".join(word.word for word in words), is_last=is_last)
        each = self._everything
        for word in words:
            each &= self._bearing(word.word, is_last=is_last and word is words[-1])
        meant = self._having(meaning.choices)
        self._meant.append((" ".join(word.written for word in words), meaning.label))
        return _Unit(tuple(word.word for word in words), named | each, meant, meaning=meaning)

    def _word(self, words: Sequence[Typed], place: int) -> _Unit | None:
        word, is_last = words[place], place + 1 == len(words)
        if word.word in PASSED_OVER and not word.is_literal and len(words) > 1:
            return _Unit((word.word,), self._everything, is_passed_over=True)
        named = self._named(word, is_last=is_last)
        if named or self._joins(words, place):
            return _Unit((word.word,), named, written="" if word.is_literal else word.written)
        if not word.is_literal and (unit := self._corrected_word(word, is_last=is_last)):
            return unit
        self._ignored.append(word.written)
        return None

    def _named(self, word: Typed, *, is_last: bool) -> int:
        """As it was typed, taken apart at its hyphens, with a short name spelled out, or two words run together."""
        named = self._bearing(word.word, is_last=is_last)
        if word.is_literal:
            return named
        named |= self._short_name(word.word, is_last=is_last)
        if not named and len(word.parts) > 1:
            named = self._everything
            for part in word.parts:
                named &= self._bearing(part, is_last=is_last and part is word.parts[-1])
        return named or self._behind_brand(word.word, is_last=is_last)

    def _short_name(self, word: str, *, is_last: bool) -> int:
        first, *rest = pieces(word) or ("",)
        if first not in SHORT_NAMES:
            return 0
        return self._bearing("".join((SHORT_NAMES[first], *rest)), is_last=is_last)

    def _behind_brand(self, word: str, *, is_last: bool) -> int:
        """`boseqc45`: the brand and what follows it."""
        for place in range(len(word) - 1, 1, -1):
            brand, rest = word[:place], word[place:]
            if self._vocabulary.is_brand(brand):
                bearing = self._bearing(rest, is_last=is_last) | self._short_name(rest, is_last=is_last)
                if both := self._bearing(brand, is_last=False) & bearing:
                    return both
        return 0

    def _joins(self, words: Sequence[Typed], place: int) -> bool:
        """Whether it is half of a word, written apart."""
        before = place > 0 and self._bearing(words[place - 1].word + words[place].word, is_last=place + 1 == len(words))
        after = place + 1 < len(words) and self._bearing(
            words[place].word + words[place + 1].word, is_last=place + 2 == len(words)
        )
        return bool(before or after)

    def _corrected_word(self, word: Typed, *, is_last: bool) -> _Unit | None:
        for other in self._vocabulary.near(word.word, is_last=is_last):
            meaning = MEANINGS.get(other)
            unit = _Unit(
                (other,),
                self._bearing(other, is_last=is_last),
                self._having(meaning.choices) if meaning else 0,
                meaning=meaning,
            )
            if unit.named | unit.meant:
                self._corrected.append((word.written, other))
                if meaning is not None:
                    self._meant.append((other, meaning.label))
                return unit
        return None

    def _fitting(self, units: Sequence[_Unit]) -> int:
        return self._all_of(units, lambda unit: unit.named | unit.meant)

    def _loosened(self, units: list[_Unit]) -> list[_Unit]:
        """Each word fits something, all together nothing: headphones may be meant for headsets too, or one is misspelt.

        As it was where that does not help.
        """
        if any(unit.meaning is HEADPHONES for unit in units):
            others = [unit for unit in units if unit.meaning is not HEADPHONES]
            if self._fitting(others):
                self._meant = [(word, label) for word, label in self._meant if label != HEADPHONES.label]
                return others
        for place, unit in enumerate(units):
            for other in self._vocabulary.near(unit.words[0], is_last=False)[:_MOST_TRIED] if unit.written else ():
                bearing = self._bearing(other, is_last=place + 1 == len(units))
                tried = [*units[:place], _Unit((other,), bearing), *units[place + 1 :]]
                if other != unit.words[0] and self._fitting(tried):
                    self._corrected.append((unit.written, other))
                    return tried
        return units

    def _bearing(self, word: str, *, is_last: bool) -> int:
        return self._vocabulary.bearing(word, is_last=is_last)

    def _all_of(self, units: Sequence[_Unit], fitting: Callable[[_Unit], int]) -> int:
        """Who fits every unit; two neighbours may be one word, written apart."""
        after, then = self._everything, self._everything
        for place in range(len(units) - 1, -1, -1):
            here = fitting(units[place]) & then
            if place + 1 < len(units) and not (units[place].meaning or units[place + 1].meaning):
                joined = "".join((*units[place].words, *units[place + 1].words))
                here |= self._bearing(joined, is_last=place + 2 == len(units)) & after
            after, then = then, here
        return then

    def _by_model(self, units: Sequence[_Unit]) -> tuple[int, int, int]:
        """Whose model is called exactly so, begins with it as whole pieces, or begins with it at all."""
        exact = whole = beginning = 0
        for name in self._models(units):
            exact |= self._vocabulary.named(name)
            as_pieces, at_all = self._vocabulary.models_beginning(name)
            whole |= as_pieces
            beginning |= at_all
        return exact, whole, beginning

    def _models(self, units: Sequence[_Unit]) -> set[str]:
        """What may be a model's name: all words together, those that are no brand, and those that mean nothing else."""
        words = [word for unit in units for word in unit.words]
        names = {"".join(words)}
        for count in range(min(MOST_WORDS, len(words)), 0, -1):
            if self._vocabulary.is_brand("".join(words[:count])):
                names.add("".join(words[count:]))
        plain = [unit for unit in units if not unit.meaning and not unit.is_passed_over]
        bare = [word for unit in plain for word in unit.words]
        names.add("".join(bare))
        for count in range(min(MOST_WORDS, len(bare)), 0, -1):
            if self._vocabulary.is_brand("".join(bare[:count])):
                names.add("".join(bare[count:]))
        return names - {""}

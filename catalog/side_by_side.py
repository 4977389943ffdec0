"""Do values side by side differ, which of them is best, and which specs are all of these products asked about?

Pure, and the only judge of it: comparison tables in articles and the page `/compare/` ask here. Unknown is neither
better nor different: it may be the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Protocol

from catalog.kinds import Kind
from catalog.spec_sheet import SPECS, Better, Spec

BY_KEY = {spec.key: spec for spec in SPECS}


class Value(Protocol):
    """A spec as it is printed; `value` is None when it is not known, `number` the bare number behind it."""

    @property
    def value(self) -> str | None: ...

    @property
    def number(self) -> Decimal | None: ...


class Difference(StrEnum):
    """Said in words beside a row. `OPEN`: fewer than two values are known, so nothing can be said."""

    DIFFERS = "differs"
    SAME = "the same"
    SAME_WHERE_KNOWN = "the same where known"
    OPEN = ""


def difference(values: Sequence[Value | None]) -> Difference:
    known = [one.value for one in values if one is not None and one.value is not None]
    if len(known) < 2:
        return Difference.OPEN
    if len(set(known)) > 1:
        return Difference.DIFFERS
    return Difference.SAME if len(known) == len(values) else Difference.SAME_WHERE_KNOWN


def best_places(numbers: Sequence[Decimal | None], better: Better) -> frozenset[int]:
    """Where the best numbers stand, from 0; none where all that are known are equal, or fewer than two are."""
    known = [number for number in numbers if number is not None]
    if len(set(known)) < 2:
        return frozenset()
    best = max(known) if better is Better.HIGHER else min(known)
    return frozenset(place for place, number in enumerate(numbers) if number == best)


def best_word(word: str, places: frozenset[int]) -> str:
    """`lightest`; of several that share it `lightest, tied`."""
    return word if len(places) == 1 else f"{word}, tied"


def remarks(key: str, values: Sequence[Value | None]) -> tuple[str, ...]:
    """What stands beside each value: the spec's word for the best one, else nothing."""
    spec: Spec | None = BY_KEY.get(key)
    if spec is None or spec.better is None:
        return ("",) * len(values)
    places = best_places([one.number if one else None for one in values], spec.better)
    return tuple(best_word(spec.best, places) if place in places else "" for place in range(len(values)))


# --- what is asked of whom ----------------------------------------------------------------------------------------


class Asked(StrEnum):
    """Of whom a spec is asked; what stands in no line below is asked of everything."""

    HEADPHONES = "headphones"
    HEADSETS = "headsets"
    WITH_MICROPHONE = "microphone"


# Headphones are made to be listened with, headsets to be talked with (DEF-1, DEF-3): what only one of the two is made
# for would only make the other look bad.
ASKED_OF = {
    "accurate_sound": Asked.HEADPHONES,
    "high_fidelity": Asked.HEADPHONES,
    "certifications": Asked.HEADSETS,
    "professional_look": Asked.HEADSETS,
    "mic_form": Asked.WITH_MICROPHONE,
    "mic_noise_cancelling": Asked.WITH_MICROPHONE,
    "mic_mute": Asked.WITH_MICROPHONE,
    "sidetone": Asked.WITH_MICROPHONE,
}
_WHO = {
    Asked.HEADPHONES: "Only headphones are judged on",
    Asked.HEADSETS: "Only headsets are judged on",
    Asked.WITH_MICROPHONE: "Only what has a microphone is judged on",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """A product of the comparison. `kind` is None and `has_microphone` is None where that is not known."""

    name: str
    kind: Kind | None
    has_microphone: bool | None

    def is_asked(self, key: str) -> bool:
        """Whether the spec is a measure of this product; where its kind is not known it may be."""
        asked = ASKED_OF.get(key)
        if asked is Asked.WITH_MICROPHONE:
            return self.kind is Kind.HEADSET or self.has_microphone is not False
        if asked is None or self.kind is None:
            return True
        return (asked is Asked.HEADSETS) == (self.kind is Kind.HEADSET)


@dataclass(frozen=True, slots=True)
class Shared:
    """`keys`: the specs that all sides are asked about; `left_out`: why others are not, a sentence each."""

    keys: frozenset[str]
    left_out: tuple[str, ...]


def shared(sides: Sequence[Side]) -> Shared:
    """What no side is asked about is left out without a word."""
    keys = frozenset(spec.key for spec in SPECS if all(side.is_asked(spec.key) for side in sides))
    return Shared(keys, tuple(filter(None, (_why(asked, keys, sides) for asked in Asked))))


def _why(asked: Asked, keys: frozenset[str], sides: Sequence[Side]) -> str:
    missing = [
        spec.label
        for spec in SPECS
        if ASKED_OF.get(spec.key) is asked
        and spec.key not in keys
        and any(side.is_asked(spec.key) for side in sides)
    ]  # fmt: skip
    if not missing:
        return ""
    said = f"{_WHO[asked]} {in_words(f'“{label}”' for label in missing)}"
    if asked is not Asked.WITH_MICROPHONE:
        return f"{said}."
    without = [side.name for side in sides if not side.is_asked("mic_form")]
    return f"{said}: {in_words(without)} {'have' if len(without) > 1 else 'has'} none."


def in_words(names: Iterable[str], last: str = "and") -> str:
    """`A`, `A and B`, `A, B and C`."""
    *before, end = list(names) or [""]
    return f"{', '.join(before)} {last} {end}" if before else end

"""How often would what was learned have been right? Asked of comments that it had not seen when it learned.

The decisions are cut into five by the time they were made; each part is judged by what the parts before it teach, as it
would have been on its day. Pure.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from reviews.comments.spam_words import Example, learned, percent_of

PARTS = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What a threshold would have done. `percent`: from this likeness on a comment waits."""

    percent: int
    spam_held: int
    spam_passed: int
    kept_held: int
    kept_passed: int

    @property
    def precision(self) -> float | None:
        """Of what would have waited, how much was spam (0 to 1); None where nothing would have waited."""
        waited = self.spam_held + self.kept_held
        return self.spam_held / waited if waited else None

    @property
    def recall(self) -> float | None:
        """Of what was spam, how much would have waited (0 to 1); None where there was none."""
        spam = self.spam_held + self.spam_passed
        return self.spam_held / spam if spam else None


@dataclass(frozen=True, slots=True)
class Trial:
    """How many comments of either kind were found how like spam: one number for each percent from 0 to 100."""

    spam: tuple[int, ...]
    kept: tuple[int, ...]

    def at(self, percent: int) -> Outcome:
        return Outcome(
            percent=percent,
            spam_held=sum(self.spam[percent:]),
            spam_passed=sum(self.spam[:percent]),
            kept_held=sum(self.kept[percent:]),
            kept_passed=sum(self.kept[:percent]),
        )

    def row(self) -> dict[str, list[int]]:
        return {"spam": list(self.spam), "kept": list(self.kept)}

    @classmethod
    def read(cls, row: Mapping[str, Any]) -> Trial:
        return cls(tuple(row["spam"]), tuple(row["kept"]))


def tried(examples: Sequence[Example]) -> Trial:
    """`examples` in the order in which they were decided. What nothing could be learned before is left out."""
    found = ([0] * 101, [0] * 101)
    for part in range(1, PARTS):
        begin, end = len(examples) * part // PARTS, len(examples) * (part + 1) // PARTS
        weights = learned(examples[:begin])
        for example in examples[begin:end] if weights else ():
            found[example.is_spam][percent_of(example.words, weights)] += 1
    return Trial(spam=tuple(found[1]), kept=tuple(found[0]))

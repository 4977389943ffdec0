"""From which words of a text does each thing come that was understood, and which words told us nothing?

Found by reading the text again: each part alone, and the text without it. So this holds for whatever the reader of
texts learns, and nothing is claimed that the reading does not rest on.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from recommender.reading_text import needs_from_text
from recommender.told import Told, told_of

# Where a part ends: at a stop, and before words that begin a new thought.
_OPENING = "and|but|or|plus|with|for|because|so|while|when|under"
_ENDS = re.compile(rf"(?<=[.;:!?\n])\s+|(?<=,)\s+|\s+(?=(?:{_OPENING})\s)", re.IGNORECASE)
_SENTENCES = re.compile(r"(?<=[.;!?\n])\s+")
# Each part is read twice: more of them would take longer than a reader waits.
MOST_PARTS = 24
_WORD = re.compile(r"[^\W\d_]{2,}")
# Words without which a part says nothing: nobody needs to be told that "and please" was not understood.
_EMPTY = re.compile(
    "a|an|and|any|at|be|but|by|can|do|for|from|get|good|has|have|hello|help|hey|hi|if|im|in|is|it|ive|just|like|looking"
    "|me|mine|my|need|of|on|one|or|please|really|recommend|so|some|something|such|thank|thanks|that|the|them|there"
    "|thing|things|this|to|too|use|used|using|very|want|wanted|we|what|which|will|with|would|you|your|am|are|best|buy"
    "|not",
    re.IGNORECASE,
)

Fact = tuple[str, str]
"""A parameter of the address and its value; activities without how much of them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Understood:
    """`words`: by what was understood, the parts of the text it comes from; `unread`: parts that told nothing."""

    told: Told
    words: Mapping[Fact, tuple[str, ...]]
    unread: tuple[str, ...]


def understood(text: str) -> Understood:
    """What the text tells. The state holds no word of it."""
    told = told_of(needs_from_text(text))
    facts = facts_of(told)
    parts = _parts(text)
    words: dict[Fact, list[str]] = {fact: [] for fact in facts}
    unread = []
    for place, part in enumerate(parts):
        alone = facts_of(told_of(needs_from_text(part)))
        without = facts_of(told_of(needs_from_text(" ".join([*parts[:place], *parts[place + 1 :]]))))
        said = [fact for fact in facts if fact in alone or fact not in without]
        for fact in said:
            words[fact].append(_trimmed(part))
        # a part may also take something back, as "never" does
        if not said and without == facts and _says_something(part):
            unread.append(_trimmed(part))
    return Understood(
        told=told, words={fact: tuple(dict.fromkeys(found)) for fact, found in words.items()}, unread=tuple(unread)
    )


def facts_of(told: Told) -> tuple[Fact, ...]:
    """What is said, one by one."""
    return tuple((key, value.partition(":")[0] if key in ("do", "other") else value) for key, value in told.params())


def _parts(text: str) -> list[str]:
    parts = _split(_ENDS, text)
    if len(parts) > MOST_PARTS:
        parts = _split(_SENTENCES, text)
    rest = parts[MOST_PARTS - 1 :]
    return parts if len(rest) <= 1 else [*parts[: MOST_PARTS - 1], " ".join(rest)]


def _split(pattern: re.Pattern[str], text: str) -> list[str]:
    return [part.strip() for part in pattern.split(text) if part and part.strip()]


def _says_something(part: str) -> bool:
    return not all(_EMPTY.fullmatch(word) for word in _letters(part))


def _letters(part: str) -> Iterable[str]:
    return _WORD.findall(part.replace("’", "").replace("'", ""))


def _trimmed(part: str) -> str:
    return part.strip(" \t\n,.;:!?")

"""Which words do comments have that were spam, and how like them is a new one?

Naive Bayes over the words of a text, learned from decisions of moderators and from nothing else. A word counts once a
text; it is kept as a keyed sum, so that nobody reads a comment out of what was learned from it, while the words of the
comment that is judged can still be named. Pure, and the same for the same decisions in the same order. Why this and no
library: docs/decisions/0028.
"""

from __future__ import annotations

import hashlib
import math
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

# Another way to cut words or to weigh them is another recipe: what was learned by one is not read by another.
RECIPE = 1
# So many decisions of either kind there have to be before anything is said.
FEWEST = 20
# How much one has to see of a word before one believes it (Laplace's estimate with half a text of either kind).
_DOUBT = 0.5
MOST_WEIGHTS = 50_000
_SHORT = 6
# A word this much likelier in spam is worth naming: about twice.
_WORTH_NAMING = 0.7

_ADDRESS = re.compile(r"(?:https?://|www\.)\S+")
_WORD = re.compile(r"\w+")
_DIGIT = re.compile(r"\d")
# Scripts that are written without spaces are cut into pairs of letters.
_UNSPACED = re.compile("[\u0e00-\u0eff\u3040-\u30ff\u3400-\u9fff]")
# Stand for what is no word; named to people in these words.
LINK, SHOUT = "an address", "!!"


@dataclass(frozen=True, slots=True)
class Example:
    """One comment about which somebody decided. `words`: the sums of its words, each once."""

    is_spam: bool
    words: frozenset[int]


@dataclass(frozen=True, slots=True)
class Likeness:
    """`percent` 0 to 100; 50 says nothing. `words`: those that speak most for spam, at most three."""

    percent: int
    words: tuple[str, ...]


def words_of(text: str) -> tuple[str, ...]:
    """Each word once, in the order in which it first stands; numbers are alike where their lengths are."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    found: dict[str, None] = {}
    if _ADDRESS.search(folded):
        found[LINK] = None
    if "!!" in folded:
        found[SHOUT] = None
    for word in _WORD.findall(_ADDRESS.sub(" ", folded)):
        if _UNSPACED.search(word):
            found |= dict.fromkeys(word[place : place + 2] for place in range(max(1, len(word) - 1)))
        else:
            found[_DIGIT.sub("0", word)[:40]] = None
    return tuple(found)


def sum_of(word: str, key: bytes) -> int:
    """48 bits; nobody can tell the word from it who does not have the key (at most 64 bytes)."""
    return int.from_bytes(hashlib.blake2b(word.encode(), digest_size=6, key=key).digest(), "big")


def sums_of(text: str, key: bytes) -> frozenset[int]:
    return frozenset(sum_of(word, key) for word in words_of(text))


def learned(examples: Iterable[Example]) -> dict[int, float]:
    """What each word says: the logarithm of how much likelier it is in spam. Empty where there is too little to learn.

    The most telling `MOST_WEIGHTS` are kept, equal ones by their sums.
    """
    spam: Counter[int] = Counter()
    kept: Counter[int] = Counter()
    texts = [0, 0]
    for example in examples:
        texts[example.is_spam] += 1
        (spam if example.is_spam else kept).update(example.words)
    if min(texts) < 1:
        return {}
    weights = {
        word: round(
            math.log((spam[word] + _DOUBT) / (texts[1] + 2 * _DOUBT))
            - math.log((kept[word] + _DOUBT) / (texts[0] + 2 * _DOUBT)),
            4,
        )
        for word in spam.keys() | kept.keys()
    }
    order = sorted(weights, key=lambda word: (-abs(weights[word]), word))
    return {word: weights[word] for word in order[:MOST_WEIGHTS]}


def enough(spam: int, kept: int) -> bool:
    return min(spam, kept) >= FEWEST


def percent_of(words: Iterable[int], weights: Mapping[int, float]) -> int:
    """Words are not independent of one another: their sum is taken by the root of their number, not as it is.

    Two words alone prove nothing, so that a short text is taken for one of `_SHORT` known words at least.
    """
    known = [weights[word] for word in words if word in weights]
    if not known:
        return 50
    # `fsum`: the same whatever order a set has.
    telling = math.fsum(known) / math.sqrt(max(len(known), _SHORT))
    return round(100 / (1 + math.exp(-max(-30.0, min(30.0, telling)))))


def likeness(text: str, weights: Mapping[int, float], key: bytes) -> Likeness:
    said = {word: sum_of(word, key) for word in words_of(text)}
    telling: Sequence[str] = sorted(
        (word for word, number in said.items() if weights.get(number, 0) > _WORTH_NAMING),
        key=lambda word: (-weights[said[word]], word),
    )
    return Likeness(percent_of(said.values(), weights), tuple(telling[:3]))

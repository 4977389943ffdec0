"""How alike are two rows of words, and where in a text do words come that are most like some others?

Pure. Words are weighed by what they tell (`IndexedText.weight`); a misspelt one is nearly the same word.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from reviews.passages.marked_words import IndexedText

# Below that, two words are two words and not one with a slip in it.
_SAME_BUT_FOR_A_SLIP = 0.6
# A word that stands so often says nothing about where we are.
_TOO_OFTEN = 60
_CANDIDATES = 4


@dataclass(frozen=True, slots=True)
class Aligned:
    """Words `first` up to before `last` stand where the wanted ones stood; `company`: how much of the neighbours is
    beside them, None where there were none."""

    first: int
    last: int
    company: float | None


def likeness(one: Sequence[str], other: Sequence[str], text: IndexedText | None = None) -> float:
    """From 0 to 1: how much of both is the same, in the same order."""
    whole = sum(_weight(word, text) for word in (*one, *other))
    if not whole:
        return 0.0
    return min(1.0, 2 * sum(gain for _, _, gain in _pairs(one, other, text)) / whole)


def kept_share(one: Sequence[str], other: Sequence[str], text: IndexedText | None = None) -> float:
    """From 0 to 1: how much of the first is in the second, in the same order."""
    whole = sum(_weight(word, text) for word in one)
    return min(1.0, sum(gain for _, _, gain in _pairs(one, other, text)) / whole) if whole else 0.0


def nearest(before: Sequence[str], wanted: Sequence[str], behind: Sequence[str], text: IndexedText) -> list[Aligned]:
    """Where words come that may be the wanted ones; the few places that share most with them and their neighbours."""
    row = [*before, *wanted, *behind]
    found = []
    for begin in _starts(row, text):
        slack = max(6, len(row) // 3)
        first, last = max(0, begin - slack), min(len(text.words), begin + len(row) + slack)
        here = [word.said for word in text.words[first:last]]
        pairs = {mine: first + theirs for mine, theirs, _ in _pairs(row, here, text)}
        span = _span(pairs, len(before), len(before) + len(wanted), len(row))
        if span:
            found.append(Aligned(*span, _company(pairs, span, before, behind, text, len(before) + len(wanted))))
    return list(dict.fromkeys(found))


def _starts(row: Sequence[str], text: IndexedText) -> list[int]:
    """Where the row would begin, by the votes of its words."""
    width = max(4, len(row) // 4)
    votes: dict[int, float] = {}
    for place, word in enumerate(row):
        stands = text.at.get(word, ())
        if len(stands) > _TOO_OFTEN:
            continue
        for at in stands:
            for bucket in ((at - place) // width, (at - place) // width - 1):
                votes[bucket] = votes.get(bucket, 0.0) + text.weight(word)
    best = sorted(votes, key=lambda bucket: -votes[bucket])[: 3 * _CANDIDATES]
    kept: list[int] = []
    for bucket in best:
        if len(kept) < _CANDIDATES and all(abs(bucket - other) > 1 for other in kept):
            kept.append(bucket)
    return [bucket * width + width for bucket in kept]


def _span(pairs: dict[int, int], first: int, last: int, length: int) -> tuple[int, int] | None:
    """What stands between the neighbours where they are there, else from the first to the last word that is."""
    mine = [place for place in pairs if first <= place < last]
    if not mine:
        return None
    begin, end = pairs[min(mine)], pairs[max(mine)] + 1
    missing_before, missing_behind = min(mine) - first, last - 1 - max(mine)
    left = pairs.get(first - 1)
    if left is not None and 0 < begin - (left + 1) <= missing_before + 3:
        begin = left + 1
    right = pairs.get(last) if last < length else None
    if right is not None and 0 < right - end <= missing_behind + 3:
        end = right
    return begin, end


def _company(
    pairs: dict[int, int],
    span: tuple[int, int],
    before: Sequence[str],
    behind: Sequence[str],
    text: IndexedText,
    at: int,
) -> float | None:
    """How much of the neighbours stands on its side of the span; the neighbours behind are in the row from `at` on."""
    sides = (
        [(word, pairs.get(place, span[0]) < span[0]) for place, word in enumerate(before)],
        [(word, pairs.get(at + place, -1) >= span[1]) for place, word in enumerate(behind)],
    )
    shares = [
        sum(_weight(word, text) for word, is_there in side if is_there) / sum(_weight(word, text) for word, _ in side)
        for side in sides
        if side
    ]
    return 0.7 * max(shares) + 0.3 * min(shares) if shares else None


def _pairs(one: Sequence[str], other: Sequence[str], text: IndexedText | None) -> list[tuple[int, int, float]]:
    """Which word of the one is which of the other, so that most is told: the longest common row, weighed."""
    rows, columns = len(one), len(other)
    best = [[0.0] * (columns + 1) for _ in range(rows + 1)]
    for i in range(rows - 1, -1, -1):
        below, here, word = best[i + 1], best[i], one[i]
        for j in range(columns - 1, -1, -1):
            gain = _gain(word, other[j], text)
            top = max(below[j], here[j + 1])
            here[j] = max(top, below[j + 1] + gain) if gain else top
    return _walk(best, one, other, text)


def _walk(
    best: Sequence[Sequence[float]], one: Sequence[str], other: Sequence[str], text: IndexedText | None
) -> list[tuple[int, int, float]]:
    pairs, i, j = [], 0, 0
    while i < len(one) and j < len(other):
        gain = _gain(one[i], other[j], text)
        if gain and best[i][j] == best[i + 1][j + 1] + gain:
            pairs.append((i, j, gain))
            i, j = i + 1, j + 1
        elif best[i][j] == best[i + 1][j]:
            i += 1
        else:
            j += 1
    return pairs


def _gain(one: str, other: str, text: IndexedText | None) -> float:
    if one == other:
        return _weight(one, text)
    alike = _alike(one, other) if one[0] == other[0] or one[-1] == other[-1] else 0.0
    return alike * min(_weight(one, text), _weight(other, text))


@lru_cache(maxsize=20_000)
def _alike(one: str, other: str) -> float:
    """How much of the longer word the two begin and end with in common; 0 below that of a slip."""
    short, long = sorted((one, other), key=len)
    head = next((at for at, letter in enumerate(short) if letter != long[at]), len(short))
    tail = next((at for at in range(len(short) - head) if short[-1 - at] != long[-1 - at]), len(short) - head)
    share = (head + tail) / len(long)
    return share if share >= _SAME_BUT_FOR_A_SLIP else 0.0


def _weight(word: str, text: IndexedText | None) -> float:
    return text.weight(word) if text is not None else float(min(len(word), 12))

"""Where in an article stand the words that somebody marked, after editors have been at them?

A pure module. What was marked is kept as the Web Annotation model keeps it: the words, what stood before and behind
them, and their place (https://www.w3.org/TR/annotation-model/, 4.2.4 and 4.2.5). They are looked for word by word, so
that case, spaces and punctuation do not matter: first the same words, then similar ones between the same neighbours.
What could be meant twice, and what stood elsewhere before, is not taken: no place is better than a wrong one.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from reviews.passages import alignment
from reviews.passages.marked_words import IndexedText, words_of

LONGEST = 1_500
# So many characters before and behind are kept, within the block.
CONTEXT = 64
# From so many words on, the same words are enough without their neighbours.
ENOUGH_WORDS = 8
# Similar words: how alike they have to be, alone and with their neighbours; and how much better than the next best.
LIKE_ENOUGH = 0.5
SURE_ENOUGH = 0.55
AHEAD = 0.12
# What was reworded again and again ends somewhere: so much of the first words has to be left.
STILL_ITSELF = 0.3


@dataclass(frozen=True, slots=True, kw_only=True)
class Quote:
    """`start` is counted in characters of the block's text (`IndexedText`)."""

    exact: str
    prefix: str = ""
    suffix: str = ""
    block: str = ""
    start: int = -1


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """The words as they stand there. `confidence`: 1 where they are the same between the same neighbours."""

    block: str
    start: int
    end: int
    exact: str
    prefix: str
    suffix: str
    confidence: float


@dataclass(frozen=True, slots=True)
class _Found:
    """Words `first` up to before `last` of the text, how like, and how sure."""

    first: int
    last: int
    like: float
    sure: float


def place_of(quote: Quote, text: IndexedText, *, before: IndexedText | None = None) -> Place | None:
    """Where the quote stands in `text`; None where it is gone or cannot be told.

    `before` is the text in which it stood last: what stood in it elsewhere is another passage.
    """
    wanted = words_of(quote.exact)
    if not wanted:
        return None
    context = (words_of(quote.prefix), words_of(quote.suffix))
    same = [_judged(hit, wanted, context, text) for hit in text.runs(wanted)]
    own = _run_in(before, quote) if before is not None else None

    def is_other(one: _Found) -> bool:
        return before is not None and _stood_elsewhere(one, text, before, own)

    found = _best_of_same(same, quote, len(wanted), text, is_other)
    if found is None and not _is_torn(same):
        similar = [_read_off(one, wanted, text) for one in alignment.nearest(context[0], wanted, context[1], text)]
        # The same words were judged before, more strictly: they come here only to be refused.
        left = [one for one in similar if one is not None and not is_other(one)]
        found = _clear_winner(left, AHEAD)
        if found is not None and any(found.first == one.first and found.last == one.last for one in same):
            found = None
        if found is not None and (found.like < LIKE_ENOUGH or found.sure < SURE_ENOUGH):
            found = None
    return _place(found, text) if found else None


def is_same(one: str, other: str) -> bool:
    """Whether two passages have the same words, whatever their case and punctuation."""
    return words_of(one) == words_of(other)


def is_still(first: str, now: str) -> bool:
    """Whether enough of the first words is left."""
    return alignment.likeness(words_of(first), words_of(now)) >= STILL_ITSELF


# --- the same words ------------------------------------------------------------------------------------------------


def _judged(
    first: int, wanted: Sequence[str], context: tuple[Sequence[str], Sequence[str]], text: IndexedText
) -> _Found:
    last = first + len(wanted)
    block = text.words[first].block
    before = [word.said for word in text.words[max(0, first - len(context[0])) : first] if word.block == block]
    behind = [word.said for word in text.words[last : last + len(context[1])] if word.block == block]
    sides = [
        alignment.kept_share(side, here, text) for side, here in ((context[0], before), (context[1], behind)) if side
    ]
    sure = 0.7 * max(sides) + 0.3 * min(sides) if sides else 0.5
    return _Found(first, last, 1.0, sure)


def _best_of_same(
    same: Sequence[_Found], quote: Quote, length: int, text: IndexedText, is_other: Callable[[_Found], bool]
) -> _Found | None:
    untouched = [one for one in same if one.sure > 0.99 and _stands_at(one, quote, text)]
    if untouched:
        return untouched[0]
    left = [one for one in same if not is_other(one)]
    needed = 0.0 if length >= ENOUGH_WORDS else 0.25 if length * 2 > ENOUGH_WORDS else 0.5
    known = [one for one in left if one.sure >= needed]
    # The block keeps its key wherever it goes: of two places in equal company it is the one in its own.
    here = [
        _Found(one.first, one.last, one.like, one.sure + (0.3 if text.words[one.first].block == quote.block else 0))
        for one in known
    ]
    return _clear_winner(here, AHEAD)


def _is_torn(same: Sequence[_Found]) -> bool:
    """The same words stand twice, and nothing tells which is meant: then what is only similar is not meant either."""
    return sum(one.sure >= 0.5 for one in same) > 1


def _stands_at(one: _Found, quote: Quote, text: IndexedText) -> bool:
    word = text.words[one.first]
    return word.block == quote.block and word.start == quote.start


# --- similar words -------------------------------------------------------------------------------------------------


def _read_off(one: alignment.Aligned, wanted: Sequence[str], text: IndexedText) -> _Found | None:
    """Cut to one block, and judged."""
    if 2 * (one.last - one.first) < len(wanted):
        return None
    blocks = [word.block for word in text.words[one.first : one.last]]
    block = max(blocks, key=blocks.count)
    first = one.first + blocks.index(block)
    last = next((at for at in range(first, one.last) if text.words[at].block != block), one.last)
    like = alignment.likeness(wanted, [word.said for word in text.words[first:last]], text)
    sure = like if one.company is None else 0.7 * like + 0.3 * one.company
    return _Found(first, last, like, sure)


# --- which one -----------------------------------------------------------------------------------------------------


def _clear_winner(found: Sequence[_Found], ahead: float) -> _Found | None:
    """The surest, if nothing elsewhere comes near it."""
    if not found:
        return None
    best = max(found, key=lambda one: (one.sure, one.like))
    rivals = [one for one in found if one.last <= best.first or one.first >= best.last]
    return None if any(best.sure - one.sure < ahead for one in rivals) else best


def _run_in(before: IndexedText, quote: Quote) -> tuple[int, int] | None:
    """Where the quote stood; None where it had no place any more."""
    wanted = words_of(quote.exact)
    runs = before.runs(wanted)
    here = [one for one in runs if before.words[one].block == quote.block and before.words[one].start == quote.start]
    chosen = here or (runs if len(runs) == 1 else [])
    return (chosen[0], chosen[0] + len(wanted)) if chosen else None


def _stood_elsewhere(one: _Found, text: IndexedText, before: IndexedText, own: tuple[int, int] | None) -> bool:
    """Whether these very words, with their neighbours, were in the text already and were not the ones marked."""
    for reach in (3, 1):
        first, last = max(0, one.first - reach), one.last + reach
        around = [word.said for word in text.words[first:last]]
        then = before.runs(around)
        if then:
            shift = one.first - first
            return own is None or all(
                at + shift >= own[1] or at + shift + (one.last - one.first) <= own[0] for at in then
            )
    return False


def _place(found: _Found, text: IndexedText) -> Place:
    first, last = text.words[found.first], text.words[found.last - 1]
    whole = text.texts[first.block]
    start, end = first.start, last.end
    return Place(
        block=first.block,
        start=start,
        end=end,
        exact=whole[start:end],
        prefix=_whole_words(whole, max(0, start - CONTEXT), start)[0],
        suffix=_whole_words(whole, end, end + CONTEXT)[1],
        confidence=round(min(1.0, found.sure), 3),
    )


def _whole_words(text: str, start: int, end: int) -> tuple[str, str]:
    """The part of the text without a word that is cut in two, at its beginning and at its end."""
    part = text[start:end]
    first = part.partition(" ")[2] if start and text[start - 1].isalnum() and " " in part else part
    last = part.rpartition(" ")[0] if text[end : end + 1].isalnum() and " " in part else part
    return first, last

"""How are names and what people type brought to one spelling, and how far apart are two words?

Pure. `WH-1000XM5`, `wh 1000 xm5` and `WH1000XM5` are the same pieces: wh, 1000, xm, 5. A name is found by any run of
whole pieces, written together or apart.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

# Longer words than any name has are cut, so that nothing grows with what is typed.
LONGEST = 32
# A name's later pieces are found by the run that begins with them; so many pieces begin one.
_MOST_PIECES = 12

_PIECE = re.compile(r"\d+|[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[^\W\d_A-Za-z]+")
_WORD = re.compile(r'"([^"]*)"?|([^\s"]+)')
_DIGITS = re.compile(r"\d+")
_NOT_WORD = re.compile(r"[\W_]+")


def plain(text: str) -> str:
    """Without accents and typographic variants, in the case it was written; `+` is spelled out (Q20+ is not Q20)."""
    text = text.replace("+", " Plus ")
    if text.isascii():
        return text
    signs = unicodedata.normalize("NFKD", text)
    return "".join(sign for sign in signs if not unicodedata.combining(sign))


def pieces(text: str) -> tuple[str, ...]:
    """`QuietComfort 45` → quiet, comfort, 45."""
    return tuple(piece.casefold() for piece in _PIECE.findall(plain(text)))


def folded(text: str) -> str:
    """Letters and digits only, in one case: `WH-1000XM5` → `wh1000xm5`. Folding twice changes nothing more."""
    if text.isascii() and text.isalnum():
        return text.casefold()
    bare = plain(text).casefold()
    return _NOT_WORD.sub("", bare if bare.isascii() else plain(bare).casefold())


def runs(text: str) -> dict[str, int]:
    """From each piece on the rest of the name, folded, and as bits where its pieces end.

    `HD 600` → {"hd600": bits 2 and 5, "600": bit 3}: `hd`, `hd600` and `600` are runs of whole pieces, `hd6` is none.
    """
    parts = pieces(text)[:_MOST_PIECES]
    found: dict[str, int] = {}
    for begin in range(len(parts)):
        length = ends = 0
        count = begin
        for piece in parts[begin:]:
            if length + len(piece) > LONGEST:
                break
            length += len(piece)
            ends |= 1 << length
            count += 1
        if length:
            run = "".join(parts[begin:count])
            found[run] = found.get(run, 0) | ends
    return found


def words_in(text: str) -> set[str]:
    """As words stand between blanks, and their parts between other signs; folded."""
    found = set()
    for token in plain(text).split():
        found.add(folded(token))
        if not token.isalnum():
            found.update([folded(part) for part in _NOT_WORD.split(token)])
    return {word for word in found if 1 < len(word) <= LONGEST}


@dataclass(frozen=True, slots=True)
class Typed:
    """A word as it was typed and folded. `is_literal`: it stood in quotation marks, and is not to be interpreted."""

    written: str
    word: str
    parts: tuple[str, ...]
    is_literal: bool = False


def typed(text: str) -> tuple[Typed, ...]:
    """The words of a question, in order."""
    found = []
    for quoted, bare in _WORD.findall(text):
        for written in quoted.split() if quoted else (bare,):
            if word := folded(written)[:LONGEST]:
                parts = tuple(part[:LONGEST] for part in _NOT_WORD.split(plain(written).casefold()) if part)
                found.append(Typed(written, word, parts, is_literal=bool(quoted)))
    return tuple(found)


def most_edits(word: str) -> int:
    """How many typing errors a word of this length may have."""
    return 0 if len(word) < 4 else 1 if len(word) < 8 else 2


def digits_of(word: str) -> str:
    """Its numbers, told apart: another number is another model, never a typing error."""
    return " ".join(_DIGITS.findall(word))


def letters(word: str) -> int:
    """Which signs a word has, as bits: words whose bits differ much are far apart, which is quickly seen."""
    found = 0
    for sign in word:
        found |= 1 << (ord(sign) % 61)
    return found


def edits(one: str, other: str, limit: int, *, is_beginning: bool = False) -> int:
    """Insertions, deletions, replacements and swaps of neighbours between two words; `limit` + 1 when there are more.

    `is_beginning`: from `one` to the nearest beginning of `other`.
    """
    if not is_beginning and abs(len(one) - len(other)) > limit:
        return limit + 1
    before: list[int] = []
    row = list(range(len(one) + 1))
    nearest = row[-1]
    for place, sign in enumerate(other, 1):
        earlier, before, row = before, row, [place]
        for index, own in enumerate(one, 1):
            cost = min(before[index] + 1, row[index - 1] + 1, before[index - 1] + (own != sign))
            if index > 1 and place > 1 and own == other[place - 2] and one[index - 2] == sign:
                cost = min(cost, earlier[index - 2] + 1)
            row.append(cost)
        nearest = min(nearest, row[-1])
        if min(row) > limit:
            break
    else:
        if not is_beginning:
            return min(row[-1], limit + 1)
    return min(nearest, limit + 1) if is_beginning else limit + 1

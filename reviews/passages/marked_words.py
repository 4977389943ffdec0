"""What are the words of an article's text, and where does each stand? For passages that readers mark.

Pure. The text of a block is what readers read of it: its paragraphs, lines and cells, one on each line, without tags.
"""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from reviews.block_fields import Field, Lines, LongText, RichText, Rows, Text

# Scripts that put no space between words are taken letter by letter.
_WORD = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]|"
    "[^\\W\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]+"
)
_ENDS_A_LINE = re.compile(r"</(?:p|li|h[1-6]|blockquote|td|th)>|<br\s*/?>", re.IGNORECASE)
_TAG = re.compile(r"<[^>]*>")


@dataclass(frozen=True, slots=True)
class Word:
    """`said` is how it is compared; `start` and `end` count characters of its block's text."""

    said: str
    block: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class IndexedText:
    """`texts`: each block's text by its key, in order."""

    texts: Mapping[str, str]
    words: Sequence[Word]
    at: Mapping[str, Sequence[int]] = field(repr=False)

    def runs(self, wanted: Sequence[str]) -> list[int]:
        """Where these words stand one behind the other in one block: the places of the first of them."""
        if not wanted:
            return []
        rarest = min(range(len(wanted)), key=lambda place: len(self.at.get(wanted[place], ())))
        begins = (place - rarest for place in self.at.get(wanted[rarest], ()))
        return [begin for begin in begins if begin >= 0 and self._is_run(begin, wanted)]

    def _is_run(self, begin: int, wanted: Sequence[str]) -> bool:
        here = self.words[begin : begin + len(wanted)]
        return [word.said for word in here] == list(wanted)

    def weight(self, word: str) -> float:
        """What it tells to meet this word: long and rare ones much, "the" next to nothing."""
        return float(min(len(word), 12) / max(1, len(self.at.get(word, ()))) ** 0.5)


def indexed(texts: Mapping[str, str]) -> IndexedText:
    words = [word for key, text in texts.items() for word in found_in(text, key)]
    at: dict[str, list[int]] = {}
    for place, word in enumerate(words):
        at.setdefault(word.said, []).append(place)
    return IndexedText(texts, words, at)


def found_in(text: str, key: str = "") -> list[Word]:
    return [Word(_said(one[0]), key, one.start(), one.end()) for one in _WORD.finditer(text)]


def words_of(text: str) -> list[str]:
    return [_said(one[0]) for one in _WORD.finditer(text)]


def block_texts(blocks: Iterable[tuple[str, Sequence[Field], Any]]) -> dict[str, str]:
    """The text of each block, of (key, fields, data); blocks without words are left out."""
    found = {
        key: "\n".join(paragraphs(fields, data)) for key, fields, data in blocks if key and isinstance(data, Mapping)
    }
    return {key: text for key, text in found.items() if any(map(str.isalnum, text))}


def paragraphs(fields: Sequence[Field], data: Mapping[str, Any]) -> list[str]:
    """What an editor wrote in a block, in the order of its fields; each on one line, none empty."""
    return [line for text in _pieces(fields, data) if (line := " ".join(text.split()))]


def _pieces(fields: Sequence[Field], data: Mapping[str, Any]) -> Iterable[str]:
    for one in fields:
        value = data.get(one.name)
        if isinstance(one, Rows) and isinstance(value, list):
            for row in value:
                if isinstance(row, Mapping):
                    yield from _pieces(one.columns, row)
        elif isinstance(one, Lines) and isinstance(value, list):
            yield from map(str, value)
        elif isinstance(value, str) and isinstance(one, RichText):
            yield from (html.unescape(_TAG.sub("", part)) for part in _ENDS_A_LINE.split(value))
        elif isinstance(value, str) and isinstance(one, LongText):
            yield from value.split("\n")
        elif isinstance(value, str) and isinstance(one, Text):
            yield value


def _said(word: str) -> str:
    return unicodedata.normalize("NFKC", word).casefold()

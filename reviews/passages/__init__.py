"""Which sentences of an article can a claim be tied to, and does a sentence still stand there?

Pure. A passage is as readers see it: without tags, white space made one. It is at most as long as a watch can hold.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from reviews.block_fields import Field, Lines, LongText, RichText, Rows, Text

LONGEST = 300
# Headings and paragraphs end a sentence, whatever their punctuation.
_ENDS_A_SENTENCE = re.compile(r"</(?:p|li|h[1-6]|blockquote)>|<br\s*/?>", re.IGNORECASE)
_TAG = re.compile(r"<[^>]*>")
_BETWEEN = re.compile(r"(?<=[.!?…])\s+(?=[^a-z])")


@dataclass(frozen=True, slots=True)
class BlockText:
    """A block of the working copy: its key, number from 1, the name of its kind, and its sentences."""

    key: str
    number: int
    label: str
    sentences: tuple[str, ...]

    def holds(self, passage: str) -> bool:
        return stands(passage, self.sentences)


def sentences(fields: Sequence[Field], data: Mapping[str, Any]) -> tuple[str, ...]:
    """Every sentence that an editor wrote in a block's data, each once, in the order of its fields."""
    found = (
        sentence
        for text in _texts(fields, data)
        for sentence in _BETWEEN.split(text)
        if any(letter.isalpha() for letter in sentence)
    )
    return tuple(dict.fromkeys(map(_cut, found)))


def stands(passage: str, among: Iterable[str]) -> bool:
    """Whether the passage still stands in these sentences, over their borders too."""
    return _plain(passage) in _plain(" ".join(among))


def _texts(fields: Sequence[Field], data: Mapping[str, Any]) -> Iterable[str]:
    for field in fields:
        value = data.get(field.name)
        if isinstance(field, Rows) and isinstance(value, list):
            for row in value:
                if isinstance(row, Mapping):
                    yield from _texts(field.columns, row)
        elif isinstance(field, Lines) and isinstance(value, list):
            yield from (_plain(str(line), keep_case=True) for line in value)
        elif isinstance(value, str) and value:
            if isinstance(field, RichText):
                for part in _ENDS_A_SENTENCE.split(value):
                    # A tag within a sentence parts no word from its full stop.
                    yield _plain(html.unescape(_TAG.sub("", part)), keep_case=True)
            elif isinstance(field, Text | LongText):
                yield _plain(value, keep_case=True)


def _cut(sentence: str) -> str:
    return sentence if len(sentence) <= LONGEST else sentence[:LONGEST].rsplit(" ", 1)[0]


def _plain(text: str, *, keep_case: bool = False) -> str:
    line = " ".join(text.split())
    return line if keep_case else line.casefold()

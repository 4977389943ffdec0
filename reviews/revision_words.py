"""What are the words of a published article, block by block, for readers to remark on?"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from reviews.block_fields import Field, Lines, LongText, RichText, Rows, Text
from reviews.blocks import BLOCKS
from reviews.passages.marked_words import IndexedText, block_texts, indexed

# How the page is paid for is no text of the article's author.
_NOT_OURS = frozenset({"disclosure"})


def words_of_content(content: Mapping[str, Any]) -> IndexedText:
    """Of content in the form of `Revision.content`, by the keys of its blocks; those without a key are left out."""
    return indexed(
        block_texts(
            (block.get("key", ""), BLOCKS[block["kind"]].fields, block["data"])
            for block in content["blocks"]
            if has_words(block["kind"])
        )
    )


@lru_cache(maxsize=100)
def has_words(kind: str) -> bool:
    """Whether blocks of this kind have a text to remark on."""
    return kind in BLOCKS and kind not in _NOT_OURS and any(map(_is_text, BLOCKS[kind].fields))


def _is_text(field: Field) -> bool:
    if isinstance(field, Rows):
        return any(map(_is_text, field.columns))
    return isinstance(field, LongText | RichText | Lines | Text)

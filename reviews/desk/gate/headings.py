"""Can readers of screen readers walk the page by its headings?"""

from __future__ import annotations

from collections.abc import Iterator

from lxml.html import HtmlElement

from reviews.desk.gate.document import Document, words
from reviews.desk.gate.remarks import Found

_TAGS = ("h1", "h2", "h3", "h4", "h5", "h6")
# A name is written in capitals too (AKG K371): it takes this many plain words of them to shout.
_SHOUTED_WORDS = 2
_PLAIN_WORD = 3


def heading_jump(document: Document) -> Iterator[Found]:
    """After the title (level 1) no level may be skipped on the way down."""
    level = 0
    for heading in document.in_main(*_TAGS):
        here = _level(heading)
        if here > level + 1:
            yield Found(
                document.block(heading),
                f"the heading “{words(heading)}” is level {here} after level {level}; use level {level + 1}.",
            )
        level = here


def heading_empty(document: Document) -> Iterator[Found]:
    for heading in document.in_main(*_TAGS):
        if not words(heading):
            yield Found(
                document.block(heading), f"a heading of level {_level(heading)} is empty. Fill it in or remove it."
            )


def heading_shouted(document: Document) -> Iterator[Found]:
    for heading in document.in_main(*_TAGS):
        said = words(heading)
        plain = [word for word in said.split() if word.isalpha() and len(word) >= _PLAIN_WORD]
        if said.isupper() and len(plain) >= _SHOUTED_WORDS:
            yield Found(
                document.block(heading),
                f"the heading “{said}” is all capitals, which is hard to read and is spelt out by some screen "
                "readers. Write it like a sentence.",
            )


def _level(heading: HtmlElement) -> int:
    return int(heading.tag[1])

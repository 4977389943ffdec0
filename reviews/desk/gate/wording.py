"""Is the text easy to read, and do links say where they lead?"""

from __future__ import annotations

import re
from collections.abc import Iterator

from reviews.desk.gate.document import Document, words
from reviews.desk.gate.remarks import Found

PARAGRAPH_WORDS = 150
SENTENCE_WORDS = 45
_VAGUE = frozenset(
    {
        "here",
        "click here",
        "click",
        "this",
        "this link",
        "link",
        "more",
        "read more",
        "read this",
        "this page",
        "see here",
    }
)
_SENTENCE_END = re.compile(r"(?<=[.!?…])[”’\")\]]*\s+")


def link_text_vague(document: Document) -> Iterator[Found]:
    for link in document.in_main("a"):
        said = words(link)
        if document.block(link) is not None and said.strip(" .…:>»→").casefold() in _VAGUE:
            yield Found(document.block(link), f"the link “{said}” does not say where it leads. Link the words that do.")


def text_long(document: Document) -> Iterator[Found]:
    for paragraph in document.in_main("p", "li", "blockquote"):
        block = document.block(paragraph)
        if block is None or paragraph.find(".//p") is not None:
            continue
        said = words(paragraph)
        count = len(said.split())
        longest = max((len(sentence.split()) for sentence in _SENTENCE_END.split(said)), default=0)
        if count > PARAGRAPH_WORDS:
            yield Found(block, f"the paragraph that begins “{_start(said)}” has {count} words. Part it.")
        elif longest > SENTENCE_WORDS:
            yield Found(block, f"a sentence of {longest} words stands in “{_start(said)}”. Make it two.")


def _start(text: str) -> str:
    return text if len(text) <= 50 else text[:50].rpartition(" ")[0] + " …"

"""Do machines read nothing of the page but what is sound and what readers see as well?"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from reviews import schema_org
from reviews.desk.gate.document import Document
from reviews.desk.gate.remarks import Found
from reviews.schema_values import type_of

# What Google wants to see on the page: type → the properties that must stand in its text.
_SEEN = {
    "Product": ("name",),
    "Review": ("name",),
    "Article": ("headline",),
    "Person": ("name",),
    "Rating": ("ratingValue",),
    "Offer": ("price",),
    "AggregateOffer": ("lowPrice", "highPrice"),
    "Question": ("name",),
    "Answer": ("text",),
    "ListItem": ("name",),
    "CorrectionComment": ("text",),
}
_SPACE = re.compile(r"\s+")
_IN_NUMBER = re.compile(r"(?<=\d)[,\u202f\u00a0](?=\d{3})")


def json_ld_invalid(document: Document) -> Iterator[Found]:
    try:
        nodes = document.nodes()
    except ValueError as error:
        yield Found(None, f"The data for search engines cannot be read: {error}.")
        return
    for problem in schema_org.problems(nodes):
        yield Found(None, f"The data for search engines are wrong: {problem}")


def json_ld_unseen(document: Document) -> Iterator[Found]:
    try:
        nodes = document.nodes()
    except ValueError:
        return  # said by the check before
    text = _plain(document.text)
    said: set[str] = set()
    for where, node in schema_org.walk(nodes):
        for name in _SEEN.get(type_of(node), ()):
            for value in _values(node, name):
                if value not in said and not _stands_in(value, text):
                    said.add(value)
                    yield Found(
                        None,
                        f"The data for search engines say “{value[:80]}” ({where}.{name}), which no reader of the page "
                        "can see. Show it, or leave it out.",
                    )


def _values(node: Mapping[str, Any], name: str) -> Iterator[str]:
    value = node.get(name)
    if isinstance(value, str | int | float) and not isinstance(value, bool):
        # An answer is told in paragraphs: each has to be there, wherever the page parts them.
        yield from (part for part in str(value).split("\n\n") if part.strip())


def _stands_in(value: str, text: str) -> bool:
    wanted = _plain(value)
    if re.fullmatch(r"\d+(\.\d+)?", wanted):
        return re.search(rf"(?<![\d.]){re.escape(wanted)}(?![\d]|\.\d)", text) is not None
    return wanted in text


def _plain(text: str) -> str:
    return _IN_NUMBER.sub("", _SPACE.sub(" ", text).strip())

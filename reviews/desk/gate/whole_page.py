"""Is the page sound as a document: ids once, no request to anybody else, links in it that lead to something in it?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from urllib.parse import unquote

from lxml.html import HtmlElement

from reviews.desk.gate.document import Document, words
from reviews.desk.gate.remarks import Found

# What a browser fetches without being asked to: tag → attributes.
_FETCHED = {
    "img": ("src", "srcset"),
    "source": ("src", "srcset"),
    "script": ("src",),
    "iframe": ("src",),
    "embed": ("src",),
    "object": ("data",),
    "video": ("src", "poster"),
    "audio": ("src",),
    "track": ("src",),
    "use": ("href", "xlink:href"),
    "image": ("href", "xlink:href"),
    "input": ("src",),
}
_FETCHING_RELS = frozenset(
    {"stylesheet", "icon", "preload", "preconnect", "dns-prefetch", "prefetch", "modulepreload", "manifest"}
)


def id_repeated(document: Document) -> Iterator[Found]:
    where: dict[str, list[int | None]] = {}
    for element in document.elements():
        if name := element.get("id"):
            where.setdefault(name, []).append(document.block(element))
    for name, count in Counter({name: len(blocks) for name, blocks in where.items()}).items():
        if count > 1:
            last = next((block for block in reversed(where[name]) if block is not None), None)
            yield Found(
                last, f"the id “{name}” stands on the page {count} times. Give one of the headings other words."
            )


def third_party_request(document: Document) -> Iterator[Found]:
    for element in document.elements():
        for address in _fetched(element):
            if document.is_foreign(address):
                yield Found(
                    document.block(element),
                    f"the page would fetch “{address[:120]}” from somebody else, who would learn who reads it. "
                    "Upload it here, or link to it.",
                )


def anchor_missing(document: Document) -> Iterator[Found]:
    ids = {element.get("id") for element in document.elements()}
    for link in document.elements("a"):
        target = link.get("href") or ""
        if target.startswith("#") and len(target) > 1 and unquote(target[1:]) not in ids:
            yield Found(
                document.block(link),
                f"the link “{words(link)[:60]}” leads to “{target}”, and no such place is on this page. "
                "Link to a heading that is there.",
            )


def _fetched(element: HtmlElement) -> Iterator[str]:
    for attribute in _FETCHED.get(element.tag, ()):
        value = element.get(attribute) or ""
        if attribute == "srcset":
            yield from (part.split()[0] for part in value.split(",") if part.strip())
        elif value:
            yield value
    if element.tag == "link" and _FETCHING_RELS & set((element.get("rel") or "").split()):
        yield element.get("href") or ""
    if element.tag == "form" and (action := element.get("action")):
        yield action
    if "url(" in (style := element.get("style") or ""):
        yield style.partition("url(")[2].partition(")")[0].strip("'\" ")

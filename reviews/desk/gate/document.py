"""What stands on a page, where, and in which block? A page's HTML as the checks read it.

Nothing is asked of the database here: what is known of shops is handed in (`shops`).
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator
from functools import cached_property
from typing import Any
from urllib.parse import urlsplit

from lxml import html
from lxml.html import HtmlElement

from catalog.links.addresses import host_of
from reviews.desk.gate.shops import Shops

_MARK = re.compile(r"block (\d+|end)")
_UNSEEN_TAGS = frozenset({"script", "style", "template", "noscript", "head", "title"})
_UNSEEN_CLASSES = frozenset({"visually-hidden", "hp"})
_NO_ROOM = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u2060\ufeff\u00ad"))
# What stands side by side in a line; the words of everything else are apart.
_INLINE = frozenset(
    "a abbr b bdi cite code del em i ins kbd mark q s small span strong sub sup time u wbr".split()  # noqa: SIM905
)
_LINK_CODE = re.compile(r"/go/([^/?#]+)/?")


class Document:
    """The page as readers get it. `site` is its address (scheme and host), `shops` who is paid for which link.

    `written` are the targets that an editor linked to in running text: one that leads to a shop may not be there at
    all, so it is not looked at as a paid link.
    """

    def __init__(self, text: str, *, site: str, shops: Shops, written: frozenset[str] = frozenset()) -> None:
        self.root: HtmlElement = html.document_fromstring(text)
        self.site = site
        self.shops = shops
        self.written = written
        self._order: dict[HtmlElement, int] = {}
        self._block: dict[HtmlElement, int | None] = {}
        current: int | None = None
        for place, node in enumerate(self.root.iter()):
            if not isinstance(node.tag, str):
                if mark := _MARK.fullmatch((node.text or "").strip()):
                    current = None if mark[1] == "end" else int(mark[1])
                continue
            self._order[node] = place
            self._block[node] = current

    def block(self, element: HtmlElement) -> int | None:
        """The number of the block it stands in; None outside of all."""
        return self._block[element]

    def order(self, element: HtmlElement) -> int:
        return self._order[element]

    @cached_property
    def main(self) -> HtmlElement:
        found = self.root.find(".//main")
        return self.root if found is None else found

    def elements(self, *tags: str) -> Iterator[HtmlElement]:
        """In document order, anywhere on the page."""
        return (element for element in self._order if not tags or element.tag in tags)

    def in_main(self, *tags: str) -> Iterator[HtmlElement]:
        for element in self.main.iter(*tags):
            if isinstance(element.tag, str):
                yield element

    def is_seen(self, element: HtmlElement) -> bool:
        """Whether a reader sees it without opening or switching on anything, wherever he scrolls."""
        inner = element
        for one in (element, *element.iterancestors()):
            if one.tag in _UNSEEN_TAGS or "hidden" in one.attrib or one.get("aria-hidden") == "true":
                return False
            if _UNSEEN_CLASSES & set(classes(one)):
                return False
            if one.tag == "details" and "open" not in one.attrib and inner.tag != "summary" and one is not element:
                return False
            inner = one
        return True

    def in_block(self, number: int) -> Iterator[HtmlElement]:
        return (element for element, block in self._block.items() if block == number)

    def block_text(self, number: int) -> str:
        """The words of the block, as they stand in the page."""
        inside = set(self.in_block(number))
        return " ".join(words(element) for element in inside if element.getparent() not in inside)

    @cached_property
    def text(self) -> str:
        """Every word of the page, also those that a reader has to unfold first, on one line."""
        return words(self.root)

    @cached_property
    def paid_links(self) -> tuple[HtmlElement, ...]:
        """The links that earn or lead to a shop, in document order."""
        return tuple(link for link in self.elements("a") if self.is_paid(link))

    def is_paid(self, link: HtmlElement) -> bool:
        address = link.get("href") or ""
        if "sponsored" in (link.get("rel") or "").split():
            return True
        return address not in self.written and bool(
            self.link_code(link) or (self.is_foreign(address) and self.shops.pays_for(address))
        )

    def link_code(self, link: HtmlElement) -> str:
        """The code of our own link that counts its clicks; empty where none does."""
        for address in (link.get("href") or "", link.get("ping") or ""):
            found = None if self.is_foreign(address) else _LINK_CODE.match(urlsplit(address).path)
            if found:
                return found[1]
        return ""

    def is_foreign(self, address: str) -> bool:
        """Whether a browser asks somebody else for it. Raises nothing: what cannot be read is foreign."""
        try:
            parts = urlsplit(address.strip())
        except ValueError:
            return True
        return bool(parts.netloc) and host_of(address) != host_of(self.site)

    @cached_property
    def json_ld(self) -> tuple[str, ...]:
        scripts = self.elements("script")
        return tuple(script.text or "" for script in scripts if script.get("type") == "application/ld+json")

    def nodes(self) -> list[dict[str, Any]]:
        """The page's Schema.org nodes. Raises ValueError where they cannot be read."""
        found: list[dict[str, Any]] = []
        for text in self.json_ld:
            document = json.loads(text)
            graph = document.get("@graph", [document]) if isinstance(document, dict) else document
            if not isinstance(graph, list) or not all(isinstance(node, dict) for node in graph):
                raise ValueError("it is no list of nodes")
            found += graph
        return found


def classes(element: HtmlElement) -> list[str]:
    return (element.get("class") or "").split()


def words(element: HtmlElement, *, without: str = "") -> str:
    """Its text on one line, without scripts, styles, elements of the tag named and letters that take no room."""
    return _on_one_line(_texts(element, lambda one: one.tag not in ("script", "style", "template", without)))


def seen_words(document: Document, element: HtmlElement) -> str:
    """The same without what a reader does not see."""
    return _on_one_line(_texts(element, document.is_seen))


def _on_one_line(texts: Iterable[str]) -> str:
    return " ".join("".join(texts).translate(_NO_ROOM).split())


def _texts(element: HtmlElement, is_told: Callable[[HtmlElement], bool]) -> Iterator[str]:
    if not isinstance(element.tag, str) or not is_told(element):
        return
    edge = "" if element.tag in _INLINE else " "
    yield edge + (element.text or "")
    for child in element:
        yield from _texts(child, is_told)
        yield child.tail or ""
    yield edge

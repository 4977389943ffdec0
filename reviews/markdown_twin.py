"""What is an article in Markdown, for programs and for people who read in a terminal?

A pure module. It works on the HTML that readers get, so that the two cannot tell different things. Prices and shops
stay on the page: whoever takes a text away takes it farther than most programmes let their prices go, and would not
see them end (P12).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import cast
from urllib.parse import urljoin

from lxml import html
from markdownify import ATX, STRIP, MarkdownConverter

PRICED = ("offer", "offer-list", "offers-row", "pick-offer", "product-card-offers", "note-disclosure")
"""The classes of what says something of a shop's offer, or of paid links that are not in the text."""
PRICE_IN_TEXT = "price-mention"
# What is there for the eye or for the next click, and says nothing that is not in the words beside it.
_LEFT_OUT = " | ".join(f".//{tag}" for tag in ("nav", "svg", "form", "script", "meter", "button"))
_PAID = ".//a[starts-with(@href, '/go/') or @ping]"
# Tags, links and references begin and end with these; a backslash would take the one before them away.
_LIVE = re.compile(r"[\\<\[\]]")
_BLANK_LINES = re.compile(r"\n{3,}")


def markdown_twin(page: str, *, address: str, facts: Mapping[str, str]) -> str:
    """The `<article>` of a page in CommonMark with tables. `address` is the page's own, in full; `facts` stand on top.

    Raises ValueError for a page without an article.
    """
    articles = _elements(html.document_fromstring(page), "//article")
    if not articles:
        raise ValueError("There is no article on this page.")
    article = articles[0]
    _without_prices(article, address)
    for one in _elements(article, _LEFT_OUT):
        one.drop_tree()
    _in_full(article, address)
    converter = _Converter(heading_style=ATX, bullets="-", strip_document=STRIP)
    text = converter.convert(html.tostring(article, encoding="unicode", with_tail=False))
    head = "\n".join(f"{name}: {_as_words(' '.join(value.split()))}" for name, value in facts.items() if value)
    return _BLANK_LINES.sub("\n\n", f"{head}\n\n{text}\n" if head else f"{text}\n")


def _as_words(text: str) -> str:
    """What would be HTML or a link in Markdown stays what readers see: words."""
    return _LIVE.sub(r"\\\g<0>", text)


class _Converter(MarkdownConverter):
    def escape(self, text: str, parent_tags: set[str]) -> str:
        return str(super().escape(_as_words(text), parent_tags))  # type: ignore[misc]


def _without_prices(article: html.HtmlElement, address: str) -> None:
    for mention in _elements(article, _with_class(PRICE_IN_TEXT)):
        link = html.fragment_fromstring(f'<a href="{address}">the price on the page</a>')
        mention.addprevious(link)
        mention.drop_tree()
    for name in PRICED:
        for one in _elements(article, _with_class(name)):
            one.drop_tree()
    for section in _elements(article, ".//section[@aria-labelledby='where-to-buy']"):
        section.drop_tree()
    for link in _elements(article, _PAID):
        link.drop_tag()


def _elements(under: html.HtmlElement, path: str) -> list[html.HtmlElement]:
    return cast(list[html.HtmlElement], under.xpath(path))


def _with_class(name: str) -> str:
    return f".//*[contains(concat(' ', normalize-space(@class), ' '), ' {name} ')]"


def _in_full(article: html.HtmlElement, address: str) -> None:
    for name in ("href", "src"):
        for one in _elements(article, f".//*[@{name}]"):
            one.set(name, urljoin(address, one.get(name)))

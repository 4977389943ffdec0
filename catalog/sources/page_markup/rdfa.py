"""What does a page say in RDFa Lite, in the shape of JSON-LD nodes?"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from lxml import html

_DEEPEST = 12
_LINKS = ("content", "href", "src", "resource", "datetime")


def rdfa_items(tree: html.HtmlElement) -> list[dict[str, Any]]:
    """The products and offers at the top of the page: elements with `typeof` that are no property of another."""
    tops = [tag for tag in tree.xpath("//*[@typeof]") if not tag.get("property")]
    return [_node(tag, 0) for tag in tops if any(one in tag.get("typeof").lower() for one in ("product", "offer"))]


def _node(tag: html.HtmlElement, depth: int) -> dict[str, Any]:
    node: dict[str, Any] = {"@type": [_term(one) for one in (tag.get("typeof") or "").split()]}
    if resource := tag.get("resource") or tag.get("about"):
        node["@id"] = resource
    for part in _properties(tag):
        for name in (part.get("property") or "").split():
            value = _node(part, depth + 1) if part.get("typeof") and depth < _DEEPEST else _value(part)
            node.setdefault(_term(name), []).append(value)
    return node


def _properties(tag: html.HtmlElement) -> Iterator[html.HtmlElement]:
    """The elements below that say something of this item, and not of one inside it. Not recursive: pages are deep."""
    left = list(reversed(list(tag)))
    while left:
        part = left.pop()
        if not isinstance(part.tag, str):
            continue
        if part.get("property"):
            yield part
        if not part.get("typeof"):
            left.extend(reversed(list(part)))


def _value(tag: html.HtmlElement) -> str:
    given = next((tag.get(name) for name in _LINKS if tag.get(name)), None)
    return given if given is not None else " ".join(" ".join(tag.itertext()).split())


def _term(name: str) -> str:
    return name.rstrip("/#").rsplit("/", 1)[-1].rsplit("#", 1)[-1].rsplit(":", 1)[-1]

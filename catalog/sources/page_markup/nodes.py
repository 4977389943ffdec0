"""Which node of a page's structured data is the product that the page sells?"""

from __future__ import annotations

import html
from collections.abc import Iterator, Mapping, Sequence, Set
from typing import Any
from urllib.parse import urlsplit

Node = Mapping[str, Any]

_PRODUCTS = frozenset({"product", "productgroup", "individualproduct", "someproducts", "productmodel"})
# Things that may carry `offers` and are not what the page sells.
_NEVER = frozenset(
    {"itemlist", "offercatalog", "organization", "onlinestore", "store", "website", "person", "breadcrumblist"}
)
_OFFERS = frozenset({"offer", "aggregateoffer"})
_PATHS = ("@graph", "mainEntity", "mainEntityOfPage")
_DEEPEST = 12


def types(node: Node) -> set[str]:
    """The node's types in lower case, without the vocabulary's address."""
    given = node.get("@type") or node.get("type") or ()
    named = [given] if isinstance(given, str) else given if isinstance(given, Sequence) else ()
    return {
        one.rstrip("/#").rsplit("/", 1)[-1].rsplit("#", 1)[-1].rsplit(":", 1)[-1].lower()
        for one in named
        if isinstance(one, str)
    }


def value_of(node: Node, *names: str) -> Any:
    """The first of these properties that is there; "Offers" counts as "offers"."""
    lowered = {key.lower(): value for key, value in node.items() if value not in (None, "", [], {})}
    return next((lowered[name.lower()] for name in names if name.lower() in lowered), None)


def listed(value: Any) -> list[Any]:
    """JSON-LD writes one value plain and several as a list."""
    return list(value) if isinstance(value, list) else [] if value is None else [value]


def text_of(value: Any) -> str:
    """A name or code, whether plain, a list, or a node with a name."""
    for one in listed(value):
        if isinstance(one, Mapping):
            one = value_of(one, "name", "@value", "value")
        if isinstance(one, str | int) and str(one).strip():
            return " ".join(html.unescape(str(one)).split())
    return ""


def products(data: Sequence[Any]) -> list[Node]:
    """Every node that may be what the page sells, references resolved. Related and listed items are not among them."""
    known = {node["@id"]: node for node in _all_nodes(data) if isinstance(node.get("@id"), str) and len(node) > 2}
    found = [node for value in data for node in _main_nodes(value, 0)]
    # An offer that stands beside its product in a graph is that product's, not a second one's.
    named = {one["@id"] for node in found for one in listed(value_of(node, "offers")) if _is_reference(one)}
    return [_resolved(node, known) for node in found if not _is_one_of(value_of(node, "offers"), named)]


def _is_reference(value: Any) -> bool:
    return isinstance(value, Mapping) and set(value) == {"@id"} and isinstance(value["@id"], str)


def _is_one_of(value: Any, named: Set[str]) -> bool:
    return isinstance(value, Mapping) and len(value) > 1 and isinstance(one := value.get("@id"), str) and one in named


def _main_nodes(value: Any, depth: int) -> Iterator[Node]:
    if depth > _DEEPEST:
        return
    if isinstance(value, list):
        for one in value:
            yield from _main_nodes(one, depth + 1)
    if not isinstance(value, Mapping):
        return
    kinds = types(value)
    if kinds & _OFFERS:
        offered = value_of(value, "itemOffered")
        yield {**(offered if isinstance(offered, Mapping) else {"@type": "Product"}), "offers": value}
    elif kinds & _PRODUCTS or (value_of(value, "offers") is not None and not kinds & _NEVER):
        yield value
    else:
        for path in _PATHS:
            yield from _main_nodes(value.get(path), depth + 1)


def _all_nodes(value: Any, depth: int = 0) -> Iterator[Node]:
    if depth > _DEEPEST:
        return
    if isinstance(value, Mapping):
        yield value
        value = list(value.values())
    if isinstance(value, list | tuple):
        for one in value:
            yield from _all_nodes(one, depth + 1)


def _resolved(node: Node, known: Mapping[str, Node]) -> Node:
    """The node with `{"@id": …}` references in its offers and variants replaced by what they name."""
    found = dict(node)
    for key in [key for key in node if key.lower() in {"offers", "hasvariant"}]:
        parts = [known.get(one["@id"], one) if _is_reference(one) else one for one in listed(node[key])]
        found[key] = parts
    return found


def chosen(
    nodes: Sequence[Node], *, sku: str, url: str, headlines: Sequence[str], subjects: Sequence[str] = ()
) -> list[Node]:
    """The nodes of the page's own product: several only when they are variants under one name; none when unsure.

    `headlines`: where its name may stand, also among others. `subjects`: those that name nothing but it.
    """
    if len(nodes) <= 1:
        return [node for node in nodes if _may_be_its_own(node, sku, url, subjects)]
    for fits in (
        [node for node in nodes if sku and sku in codes(node)],
        [node for node in nodes if _path(text_of(value_of(node, "url", "@id"))) == _path(url) != ""],
        _named_in(nodes, headlines),
        nodes,
    ):
        names = {_plain(text_of(value_of(node, "name"))) for node in fits}
        if fits and len(names) == 1 and (len(fits) == 1 or names != {""}):
            return list(fits)
    return []


def _may_be_its_own(node: Node, sku: str, url: str, subjects: Sequence[str]) -> bool:
    """A lone product may still be an accessory on a page whose own product has no markup: nothing then speaks for it,
    neither a word of its name in what the page says it is about, nor its code, nor its address.
    """
    name = set(_plain(text_of(value_of(node, "name"))).split())
    about = {word for line in subjects for word in _plain(line).split()}
    if not name or not about or name & about or (sku and sku in codes(node)):
        return True
    return _path(text_of(value_of(node, "url", "@id"))) == _path(url) != ""


def codes(node: Node) -> set[str]:
    names = ("sku", "mpn", "productID", "gtin", "gtin8", "gtin12", "gtin13", "gtin14")
    return {text for name in names for one in listed(value_of(node, name)) if (text := text_of(one))}


def _named_in(nodes: Sequence[Node], headlines: Sequence[str]) -> list[Node]:
    """The nodes whose name the first headline repeats that repeats any."""
    for headline in headlines:
        plain = _plain(headline)
        fits = [node for node in nodes if (name := _plain(text_of(value_of(node, "name")))) and name in plain]
        if fits:
            longest = max(len(_plain(text_of(value_of(node, "name")))) for node in fits)
            return [node for node in fits if len(_plain(text_of(value_of(node, "name")))) == longest]
    return []


def _plain(text: str) -> str:
    return " ".join("".join(sign if sign.isalnum() else " " for sign in text.casefold()).split())


def _path(url: str) -> str:
    try:
        return urlsplit(url).path.rstrip("/").lower()
    except ValueError:
        return ""

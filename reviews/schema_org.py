"""Are these Schema.org nodes sound, by what Schema.org and Google say of their properties?

A pure module. It knows the types that our pages make; the rules are those of
https://developers.google.com/search/docs/appearance/structured-data/ (article, breadcrumb, product snippet, review
snippet, FAQ, profile page, video) and https://schema.org/. Types and properties it does not know are left alone.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any
from urllib.parse import urlsplit

from catalog.currencies import is_active
from catalog.product_codes import gtin

Node = Mapping[str, Any]
Rule = Callable[[Any], str]


def problems(nodes: Sequence[Node]) -> list[str]:
    """Everything that is wrong, one sentence each, with the way to it: `Product.review.reviewRating: …`."""
    return [f"{where}: {problem}" for where, node in walk(nodes) for problem in _problems_of(node)]


def type_of(node: Node) -> str:
    """The first of its types, or an empty text."""
    kind = node.get("@type")
    if isinstance(kind, list):
        kind = next(iter(kind), "")
    return kind if isinstance(kind, str) else ""


def walk(nodes: Sequence[Node]) -> Iterator[tuple[str, Node]]:
    """Every node and the nodes in it, each with the way to it."""
    for node in nodes:
        yield from _walk(type_of(node) or "a node", node)


def _walk(where: str, node: Node) -> Iterator[tuple[str, Node]]:
    yield where, node
    for name, value in node.items():
        several = value if isinstance(value, list) else [value]
        for position, item in enumerate(several, 1):
            if isinstance(item, Mapping):
                place = f"{where}.{name}" + (f"[{position}]" if isinstance(value, list) else "")
                yield from _walk(place, item)


# --- what a value may be: each says what is wrong, or an empty text ------------------------------------------------


def _text(value: Any) -> str:
    return "" if isinstance(value, str) and value.strip() else "is no text"


def _short_text(most: int) -> Rule:
    def rule(value: Any) -> str:
        return _text(value) or (f"is longer than {most} characters" if len(value) > most else "")

    return rule


def _url(value: Any) -> str:
    if not isinstance(value, str):
        return "is no address"
    try:
        parts = urlsplit(value)
    except ValueError:
        return f"“{value}” is no address"
    whole = parts.scheme in ("http", "https") and bool(parts.netloc) and not re.search(r"\s", value)
    return "" if whole else f"“{value}” is no full address (https://…)"


def _moment(value: Any) -> str:
    """ISO 8601: a day, or a time with its offset from UTC."""
    try:
        if len(value) == len("2026-01-31"):
            date.fromisoformat(value)
            return ""
        found = datetime.fromisoformat(value)
    except (TypeError, ValueError):
        return f"“{value}” is no date in ISO 8601"
    return "" if found.tzinfo else f"“{value}” does not say its time zone"


def _number(value: Any) -> str:
    return "" if _decimal(value) is not None else f"“{value}” is no number"


def _not_negative(value: Any) -> str:
    number = _decimal(value)
    return "" if number is not None and number >= 0 else f"“{value}” is no amount"


def _count(value: Any) -> str:
    whole = isinstance(value, int) and not isinstance(value, bool) and value >= 1
    return "" if whole else f"“{value}” is no number from 1"


def _currency(value: Any) -> str:
    return "" if isinstance(value, str) and is_active(value) else f"“{value}” is no currency of ISO 4217"


def _gtin(value: Any) -> str:
    return "" if isinstance(value, str) and gtin(value) else f"“{value}” is no GTIN"


def _one_of(prefix: str, *names: str) -> Rule:
    known = {f"{start}{prefix}{name}" for name in names for start in ("https://schema.org/", "http://schema.org/")}
    return lambda value: "" if value in known else f"“{value}” is none of Schema.org's"


def _node(*types: str) -> Rule:
    def rule(value: Any) -> str:
        if isinstance(value, Mapping) and (type_of(value) in types or ("@id" in value and not type_of(value))):
            return ""
        return f"is no {' or '.join(types)}"

    return rule


def _either(*rules: Rule) -> Rule:
    return lambda value: "" if any(not rule(value) for rule in rules) else rules[0](value)


def _each(rule: Rule, minimum: int = 1) -> Rule:
    """One or several, as Schema.org lets every property be."""

    def judged(value: Any) -> str:
        several = value if isinstance(value, list) else [value]
        if len(several) < minimum:
            return f"has {len(several)}; at least {minimum} are wanted"
        return next((wrong for item in several if (wrong := rule(item))), "")

    return judged


# --- the types ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Type:
    """`one_of`: at least one of these has to be there (Google's rule for products)."""

    required: Mapping[str, Rule] = field(default_factory=dict)
    optional: Mapping[str, Rule] = field(default_factory=dict)
    one_of: tuple[str, ...] = ()
    whole: Callable[[Node], Iterator[str]] | None = None


def _rating(node: Node) -> Iterator[str]:
    value = _decimal(node.get("ratingValue"))
    worst, best = _decimal(node.get("worstRating", 1)), _decimal(node.get("bestRating", 5))
    if value is not None and worst is not None and best is not None and not worst <= value <= best:
        yield f"ratingValue {value} is not between {worst} and {best}."


def _range(node: Node) -> Iterator[str]:
    low, high = _decimal(node.get("lowPrice")), _decimal(node.get("highPrice"))
    if low is not None and high is not None and low > high:
        yield f"lowPrice {low} is more than highPrice {high}."


def _dates(node: Node) -> Iterator[str]:
    first, last = node.get("datePublished", ""), node.get("dateModified", "")
    if _moment(first) or _moment(last):
        return  # one is missing, or said to be wrong already
    if date.fromisoformat(last[:10]) < date.fromisoformat(first[:10]):
        yield f"dateModified {last} is before datePublished {first}."


def _positions(node: Node) -> Iterator[str]:
    items = node.get("itemListElement")
    if not isinstance(items, list):
        return
    places = [item.get("position") for item in items if isinstance(item, Mapping)]
    if places != list(range(1, len(places) + 1)):
        yield "the positions of itemListElement do not count from 1."
    if "numberOfItems" in node and node["numberOfItems"] != len(items):
        yield f"numberOfItems is {node['numberOfItems']}, and there are {len(items)}."


def _crumbs(node: Node) -> Iterator[str]:
    yield from _positions(node)
    for item in node.get("itemListElement") or ():
        if isinstance(item, Mapping) and not ("name" in item and "item" in item):
            yield f"the item at position {item.get('position')} lacks its name or its address."


_PERSON = _each(_node("Person", "Organization"))
_IMAGE = _each(_either(_url, _node("ImageObject")))
_WORK: dict[str, Rule] = {
    "description": _text,
    "image": _IMAGE,
    "dateModified": _moment,
    "publisher": _node("Organization"),
    "editor": _PERSON,
    "url": _url,
    "mainEntityOfPage": _either(_url, _node("WebPage")),
}
_NOTES = _node("ItemList")
TYPES: dict[str, Type] = {
    "Article": Type(
        {"headline": _text, "author": _PERSON, "datePublished": _moment, "image": _IMAGE}, _WORK, whole=_dates
    ),
    "Review": Type(
        {"author": _PERSON},
        {
            **_WORK,
            "name": _text,
            "datePublished": _moment,
            "reviewRating": _node("Rating"),
            "positiveNotes": _NOTES,
            "negativeNotes": _NOTES,
        },
        whole=_dates,
    ),
    "Rating": Type({"ratingValue": _number}, {"bestRating": _number, "worstRating": _number}, whole=_rating),
    "Product": Type(
        {"name": _text},
        {
            "url": _url,
            "image": _IMAGE,
            "description": _text,
            "brand": _node("Brand", "Organization"),
            "gtin": _gtin,
            "mpn": _text,
            "review": _each(_node("Review")),
            "offers": _each(_node("Offer", "AggregateOffer")),
        },
        one_of=("review", "aggregateRating", "offers"),
    ),
    "Brand": Type({"name": _text}),
    "Offer": Type(
        {"price": _not_negative, "priceCurrency": _currency},
        {
            "url": _url,
            "priceValidUntil": _moment,
            "seller": _PERSON,
            "itemCondition": _one_of("", "NewCondition", "UsedCondition", "RefurbishedCondition", "DamagedCondition"),
            "availability": _one_of(
                "",
                "InStock",
                "PreOrder",
                "BackOrder",
                "OutOfStock",
                "Discontinued",
                "SoldOut",
                "LimitedAvailability",
                "OnlineOnly",
                "InStoreOnly",
                "PreSale",
                "MadeToOrder",
                "Reserved",
            ),
        },
    ),
    "AggregateOffer": Type(
        {"lowPrice": _not_negative, "priceCurrency": _currency},
        {"highPrice": _not_negative, "offerCount": _count, "offers": _each(_node("Offer"))},
        whole=_range,
    ),
    "Person": Type(
        {"name": _short_text(100)},
        {"url": _url, "jobTitle": _text, "sameAs": _each(_url), "knowsAbout": _each(_text), "description": _text},
    ),
    "Organization": Type({"name": _text}, {"url": _url, "logo": _either(_url, _node("ImageObject"))}),
    "BreadcrumbList": Type({"itemListElement": _each(_node("ListItem"))}, whole=_crumbs),
    "ItemList": Type({}, {"itemListElement": _each(_node("ListItem"), 0), "name": _text}, whole=_positions),
    "ListItem": Type(
        {"position": _count}, {"name": _text, "url": _url, "item": _either(_url, _node("Thing", "Product"))}
    ),
    "FAQPage": Type({"mainEntity": _each(_node("Question"))}),
    "Question": Type({"name": _text, "acceptedAnswer": _node("Answer")}),
    "Answer": Type({"text": _text}),
    "WebSite": Type({"name": _text, "url": _url}, {"potentialAction": _each(_node("SearchAction"))}),
    "SearchAction": Type({"target": _either(_node("EntryPoint"), _text), "query-input": _text}),
    "ProfilePage": Type({"mainEntity": _node("Person", "Organization")}, {"url": _url}),
    "ImageObject": Type({}, {"url": _url, "contentUrl": _url, "license": _url, "caption": _text, "creditText": _text}),
    "VideoObject": Type(
        {"name": _text, "thumbnailUrl": _each(_url), "uploadDate": _moment},
        {"contentUrl": _url, "embedUrl": _url, "description": _text},
    ),
}


def _problems_of(node: Node) -> Iterator[str]:
    if set(node) == {"@id"}:
        return  # it names another node of the page
    known = TYPES.get(type_of(node))
    if known is None:
        if not type_of(node):
            yield "it has no @type."
        return
    for name in known.required:
        if node.get(name) in (None, "", [], {}):
            yield f"{name} is missing."
    for name, rule in {**known.optional, **known.required}.items():
        if node.get(name) not in (None, "", [], {}) and (wrong := rule(node[name])):
            yield f"{name} {wrong}."
    if known.one_of and not any(node.get(name) for name in known.one_of):
        yield f"it needs one of {', '.join(known.one_of)}."
    if known.whole is not None:
        yield from known.whole(node)


def _decimal(value: Any) -> Decimal | None:
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return None
    try:
        number = Decimal(str(value))
    except InvalidOperation:
        return None
    return number if number.is_finite() else None

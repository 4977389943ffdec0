"""Are these Schema.org nodes sound, by what Schema.org and Google say of their properties?

A pure module. It knows the types that our pages make; the rules are those of
https://developers.google.com/search/docs/appearance/structured-data/ (article, breadcrumb, product snippet, review
snippet, FAQ, profile page, video) and https://schema.org/. Types and properties it does not know are left alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from reviews import schema_values as a
from reviews.schema_values import Node, Rule, type_of


def problems(nodes: Sequence[Node]) -> list[str]:
    """Everything that is wrong, one sentence each, with the way to it: `Product.review.reviewRating: …`."""
    return [f"{where}: {problem}" for where, node in walk(nodes) for problem in _problems_of(node)]


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


# --- the types ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Type:
    """`one_of`: at least one of these has to be there (Google's rule for products)."""

    required: Mapping[str, Rule] = field(default_factory=dict)
    optional: Mapping[str, Rule] = field(default_factory=dict)
    one_of: tuple[str, ...] = ()
    whole: Callable[[Node], Iterator[str]] | None = None


def _rating(node: Node) -> Iterator[str]:
    value = a.decimal(node.get("ratingValue"))
    worst, best = a.decimal(node.get("worstRating", 1)), a.decimal(node.get("bestRating", 5))
    if value is not None and worst is not None and best is not None and not worst <= value <= best:
        yield f"ratingValue {value} is not between {worst} and {best}."


def _range(node: Node) -> Iterator[str]:
    low, high = a.decimal(node.get("lowPrice")), a.decimal(node.get("highPrice"))
    if low is not None and high is not None and low > high:
        yield f"lowPrice {low} is more than highPrice {high}."


def _dates(node: Node) -> Iterator[str]:
    first, last = node.get("datePublished", ""), node.get("dateModified", "")
    if a.moment(first) or a.moment(last):
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


_PERSON = a.each(a.node("Person", "Organization"))
_IMAGE = a.each(a.either(a.url, a.node("ImageObject")))
_WORK: dict[str, Rule] = {
    "description": a.text,
    "image": _IMAGE,
    "dateModified": a.moment,
    "publisher": a.node("Organization"),
    "editor": _PERSON,
    "url": a.url,
    "mainEntityOfPage": a.either(a.url, a.node("WebPage")),
}
_NOTES = a.node("ItemList")
TYPES: dict[str, Type] = {
    "Article": Type(
        {"headline": a.text, "author": _PERSON, "datePublished": a.moment, "image": _IMAGE},
        _WORK,
        whole=_dates,
    ),
    "Review": Type(
        {"author": _PERSON},
        {
            **_WORK,
            "name": a.text,
            "datePublished": a.moment,
            "reviewRating": a.node("Rating"),
            "positiveNotes": _NOTES,
            "negativeNotes": _NOTES,
        },
        whole=_dates,
    ),
    "Rating": Type({"ratingValue": a.number}, {"bestRating": a.number, "worstRating": a.number}, whole=_rating),
    "Product": Type(
        {"name": a.text},
        {
            "url": a.url,
            "image": _IMAGE,
            "description": a.text,
            "brand": a.node("Brand", "Organization"),
            "gtin": a.trade_number,
            "mpn": a.text,
            "review": a.each(a.node("Review")),
            "offers": a.each(a.node("Offer", "AggregateOffer")),
        },
        one_of=("review", "aggregateRating", "offers"),
    ),
    "Brand": Type({"name": a.text}),
    "Offer": Type(
        {"price": a.not_negative, "priceCurrency": a.currency},
        {
            "url": a.url,
            "priceValidUntil": a.moment,
            "seller": _PERSON,
            "itemCondition": a.one_of("", "NewCondition", "UsedCondition", "RefurbishedCondition", "DamagedCondition"),
            "availability": a.one_of(
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
        {"lowPrice": a.not_negative, "priceCurrency": a.currency},
        {"highPrice": a.not_negative, "offerCount": a.count, "offers": a.each(a.node("Offer"))},
        whole=_range,
    ),
    "Person": Type(
        {"name": a.short_text(100)},
        {
            "url": a.url,
            "jobTitle": a.text,
            "sameAs": a.each(a.url),
            "knowsAbout": a.each(a.text),
            "description": a.text,
        },
    ),
    "Organization": Type({"name": a.text}, {"url": a.url, "logo": a.either(a.url, a.node("ImageObject"))}),
    "BreadcrumbList": Type({"itemListElement": a.each(a.node("ListItem"))}, whole=_crumbs),
    "ItemList": Type({}, {"itemListElement": a.each(a.node("ListItem"), 0), "name": a.text}, whole=_positions),
    "ListItem": Type(
        {"position": a.count},
        {"name": a.text, "url": a.url, "item": a.either(a.url, a.node("Thing", "Product"))},
    ),
    "FAQPage": Type({"mainEntity": a.each(a.node("Question"))}),
    "Question": Type({"name": a.text, "acceptedAnswer": a.node("Answer")}),
    "Answer": Type({"text": a.text}),
    "WebSite": Type({"name": a.text, "url": a.url}, {"potentialAction": a.each(a.node("SearchAction"))}),
    "SearchAction": Type({"target": a.either(a.node("EntryPoint"), a.text), "query-input": a.text}),
    "ProfilePage": Type({"mainEntity": a.node("Person", "Organization")}, {"url": a.url}),
    "ImageObject": Type(
        {},
        {
            "url": a.url,
            "contentUrl": a.url,
            "license": a.url,
            "caption": a.text,
            "creditText": a.text,
        },
    ),
    "VideoObject": Type(
        {"name": a.text, "thumbnailUrl": a.each(a.url), "uploadDate": a.moment},
        {"contentUrl": a.url, "embedUrl": a.url, "description": a.text},
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

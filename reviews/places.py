"""Where on the site is the place that a click came from, in words for editors and their reports?

Places are levels between dots, the page first (`catalog.placements`). They say:

* `a<article>.<block number>.<item>`: an article's block; `a<article>.buy.<row>`: the offers below a review.
* `p<product>.offers.<row>`, `p<product>.others.<card>`: the shops and the alternatives on a product's page.
* `….data.<rank>`: either page's structured data, which only machines read.
* `b<brand>.products.<card>`: a maker's page.
* `l<list>.<part>.<rank>`: hubs (`lgaming.products.3`), the catalogue by page (`lproducts.2.5`; `lfound` when it is
  filtered or sorted), the comparison (`lcompare.products.2`), the page before a link (`lpreview.link.1`), what a
  language model was given (`lassistant.compared.2`).
* `q<version of the rules>.<list>.<rank>`: what the choice of headset or headphones advised.
* `m…`: a mail. `qr`: a printed code.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

from django.urls import reverse

from catalog.kinds import Kind, ProductType
from catalog.models import Brand, Product
from recommender.rules import load
from reviews.block_fields import rich_texts
from reviews.block_numbers import numbers_of
from reviews.blocks import BLOCKS
from reviews.models import Article
from reviews.rich_text import shown

_LONGEST_TITLE = 60
# What language models are given (`reviews/mcp/`); its parts are the tools.
ASSISTANT_PLACE = "lassistant"
_PARTS = {
    "buy": "Where to buy",
    "offers": "Where to buy",
    "others": "Alternatives",
    "products": "Products",
    "data": "For machines",
    "found": "What was found",
    "compared": "Side by side",
    "advised": "What was advised",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceWords:
    """`title` and `path` are the page's, `block` a part of it, `position` an item there; empty where not named.

    `path` is empty where there is no single page. `is_gone`: readers cannot see that page, or that block, any more.
    """

    title: str
    path: str = ""
    block: str = ""
    position: str = ""
    is_gone: bool = False

    @property
    def text(self) -> str:
        """`Guide: First choices › Block 3: Product card “Acme One” › 1st`."""
        return " › ".join(part for part in (self.title, self.block, self.position) if part)


def hub_place(kind: Kind, product_type: ProductType | None = None) -> str:
    """The place of a hub's page: `lheadphones`, `lnoisecancelling`."""
    return f"l{(product_type or kind).value.replace('-', '')}"


def brand_place(brand_id: int) -> str:
    """The place of a maker's page."""
    return f"b{brand_id}"


def place_words(places: Iterable[str]) -> dict[str, PlaceWords]:
    """Every place asked for, whole or only its first levels, in words as the site stands now. Three queries at most.

    A block keeps its number while it is moved and rewritten (`reviews.block_numbers`); one that was taken out is said
    to be no longer there.
    """
    wanted = set(places)
    articles = _articles(wanted)
    cards = {pk for article in articles.values() for block in _blocks(article) for pk in block["products"][:1]}
    products = _products({*_numbers(wanted, "p"), *cards})
    brands = Brand.objects.in_bulk(numbers) if (numbers := _numbers(wanted, "b")) else {}
    return {place: _words(place, articles, products, brands) for place in wanted}


def _words(
    place: str, articles: Mapping[int, Article], products: Mapping[int, Product], brands: Mapping[int, Brand]
) -> PlaceWords:
    page, *inner = place.split(".")
    number = int(page[1:]) if re.fullmatch(r"[apb][0-9]{1,18}", page, re.ASCII) else None
    if number is not None and page[0] == "a":
        return _in_article(number, articles.get(number), inner, products)
    if number is not None and page[0] == "b":
        return _in_part(_brand_page(number, brands.get(number)), inner)
    if number is not None:
        return _in_part(_product_page(number, products.get(number)), inner)
    if page[:1] == "q" and page != "qr":
        return _in_quiz(page[1:], inner)
    if page in _pages():
        return _in_part(_pages()[page], inner)
    if page[:1] == "m" and page[1:]:
        return _in_part(PlaceWords(title=f"Mail “{page[1:]}”"), inner)
    if page[:1] == "l":
        return _in_part(PlaceWords(title=f"A list that is gone ({page[1:]})", is_gone=True), inner)
    return PlaceWords(title=f"Unknown place {place}" if place else "No place named", is_gone=bool(place))


@cache
def _pages() -> dict[str, PlaceWords]:
    """The pages that are always there. Asked late: the addresses are not known while this module is read."""
    products = reverse("products")
    hubs = {hub_place(kind): _hub(kind) for kind in Kind}
    hubs |= {hub_place(name.kind, name): _hub(name.kind, name) for name in ProductType}
    return hubs | {
        "lhome": PlaceWords(title="Home", path=reverse("home")),
        "lproducts": PlaceWords(title="All products", path=products),
        "lfound": PlaceWords(title="All products, filtered or sorted", path=products),
        "lsearch": PlaceWords(title="Search", path=reverse("search")),
        "lcompare": PlaceWords(title="Side by side", path=reverse("compare")),
        "lpreview": PlaceWords(title="“This link leads to …”"),
        ASSISTANT_PLACE: PlaceWords(title="An assistant (MCP)"),
        "qr": PlaceWords(title="QR code"),
    }


def _hub(kind: Kind, product_type: ProductType | None = None) -> PlaceWords:
    word = {Kind.HEADPHONES: "headphones", Kind.HEADSET: "headsets"}[kind]
    if product_type is None:
        return PlaceWords(title=f"Hub: {kind.plural}", path=reverse("hub-kind", kwargs={"kind": word}))
    path = reverse("hub-type", kwargs={"kind": word, "type": product_type.value})
    return PlaceWords(title=f"Hub: {product_type.label} {kind.plural.lower()}", path=path)


# --- articles ----------------------------------------------------------------------------------------------------


def _articles(places: Iterable[str]) -> dict[int, Article]:
    numbers = _numbers(places, "a")
    return Article.objects.select_related("live_revision").in_bulk(numbers) if numbers else {}


def _blocks(article: Article) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = article.live_revision.content["blocks"] if article.live_revision else []
    return found


def _in_article(number: int, article: Article | None, inner: list[str], products: Mapping[int, Product]) -> PlaceWords:
    if article is None:
        page = PlaceWords(title=f"Article {number}, which was deleted", is_gone=True)
        return _in_part(page, [f"Block {part}" if part.isdecimal() else part for part in inner[:1]] + inner[1:])
    told = article.live_revision.content["article"] if article.live_revision else {}
    is_public = article.status == Article.Status.PUBLISHED and article.live_revision is not None
    page = PlaceWords(
        title=f"{article.get_kind_display()}: {told.get('title') or article.title}{'' if is_public else ' (retired)'}",
        path=article.get_absolute_url(),
        is_gone=not is_public,
    )
    if not inner or not inner[0].isdecimal():
        return _in_part(page, inner)
    blocks = _blocks(article)
    block = dict(zip(numbers_of(blocks), blocks, strict=True)).get(int(inner[0]))
    words = _block_words(block, products) if block else "no longer there"
    page = replace(page, block=f"Block {inner[0]}: {words}", is_gone=page.is_gone or block is None)
    return replace(page, position=_ordinal(inner[1]) if inner[1:] else "")


def _block_words(block: Mapping[str, Any], products: Mapping[int, Product]) -> str:
    """The kind of block, and what tells it from its neighbours: its title, its product, its first heading."""
    kind, data = BLOCKS.get(block["kind"]), block["data"]
    if kind is None:
        return f"{block['kind']} (a kind we no longer have)"
    name = data.get("title") or data.get("badge") or ""
    if block["kind"] == "product_card" and (product := products.get(block["products"][0])):
        name = f"{name}: {product.name}" if name else product.name
    if not name:
        headings = (item.text for html in rich_texts(kind.fields, data) for item in shown(html, links={}).headings)
        name = next(headings, "")
    short = name if len(name) <= _LONGEST_TITLE else f"{name[: _LONGEST_TITLE - 1].rstrip()}…"
    return f"{kind.label} “{short}”" if short else kind.label


# --- products, lists, the quiz -----------------------------------------------------------------------------------


def _products(numbers: set[int]) -> dict[int, Product]:
    rows = Product.objects.select_related("brand", "merged_into__brand")
    return rows.in_bulk(numbers) if numbers else {}


def _product_page(number: int, product: Product | None) -> PlaceWords:
    if product is None:
        return PlaceWords(title=f"Product {number}, which was deleted", is_gone=True)
    kept = product.merged_into
    title = f"Product: {product.name}" + (f" (now {kept.name})" if kept else "")
    return PlaceWords(title=title, path=product.get_absolute_url(), is_gone=kept is not None)


def _brand_page(number: int, brand: Brand | None) -> PlaceWords:
    if brand is None:
        return PlaceWords(title=f"Brand {number}, which was deleted", is_gone=True)
    return PlaceWords(title=f"Brand: {brand.name}", path=brand.get_absolute_url())


def _in_quiz(version: str, inner: list[str]) -> PlaceWords:
    is_current = version == load().version
    page = PlaceWords(
        title=f"Headset or headphones, rules {version}{'' if is_current else ' (earlier)'}",
        path=reverse("choose-result"),
    )
    return _in_part(page, [f"List {inner[0]}", *inner[1:]] if inner else [])


def _in_part(page: PlaceWords, inner: list[str]) -> PlaceWords:
    """The page's part and position; a part that is only a number is a page of a list."""
    if not inner:
        return page
    part = _PARTS.get(inner[0]) or (f"Page {inner[0]}" if inner[0].isdecimal() else inner[0])
    return replace(page, block=part, position=_ordinal(inner[1]) if inner[1:] else "")


def _ordinal(number: str) -> str:
    """`1st`, `2nd`, `11th`; what is no number stays as it is."""
    if not number.isdecimal():
        return number
    ending = "th" if number[-2:-1] == "1" else {"1": "st", "2": "nd", "3": "rd"}.get(number[-1], "th")
    return f"{number}{ending}"


def _numbers(places: Iterable[str], letter: str) -> set[int]:
    """The keys of the rows that places with this first letter name."""
    found = (re.match(rf"{letter}([0-9]{{1,18}})(?:\.|$)", place, re.ASCII) for place in places)
    return {int(match[1]) for match in found if match}

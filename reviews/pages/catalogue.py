"""What does the list of all products show for these filters?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse

from catalog import product_search
from catalog.kinds import Kind, ProductType
from catalog.page_tags import note
from catalog.product_search import ProductSearch
from reviews import selectors, seo
from reviews.pages.parts import Crumb, Page, ProductCard, home_crumb, product_cards, type_name

PER_PAGE = 24
_MOST_DIGITS = 9  # of a page number: Python refuses to read numbers of thousands of digits
# The query parameters that the page depends on.
READS = ("q", "kind", "type", "brand", "wireless", "anc", "mic", "sort", "page")
SORTS = {"sold": "With offers first", "name": "Name", "price": "Lowest price seen", "newest": "Newest first"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    value: str
    label: str
    count: int | None
    is_chosen: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class CataloguePage(Page):
    search: ProductSearch
    problems: tuple[str, ...]
    kinds: tuple[Option, ...]
    types: tuple[Option, ...]
    brands: tuple[Option, ...]
    switches: tuple[Option, ...]
    sorts: tuple[Option, ...]
    products: tuple[ProductCard, ...]
    count: int
    first: int
    number: int
    pages: int
    previous_url: str
    next_url: str
    is_filtered: bool

    @property
    def has_offers(self) -> bool:
        return any(card.offer for card in self.products)

    @property
    def last(self) -> int:
        return self.first + len(self.products) - 1

    @property
    def json_ld(self) -> list[dict[str, Any]]:
        return [seo.breadcrumbs(self.crumbs), seo.product_list("Products", self.products)]


# What else than the products themselves decides their order.
_ORDERED_BY = {"sold": ("sold",), "price": ("prices",)}
_SWITCHES = {"wireless": "Wireless", "anc": "Noise cancelling", "mic": "Microphone for calls"}


def catalogue_page(query: Mapping[str, str], *, now: datetime) -> CataloguePage:
    """`query` is the address's: unknown values are named on the page and left out, never an error page."""
    search, problems = read_search(query)
    note("products", *_ORDERED_BY.get(search.sort, ()))
    rows = product_search.found_products(search, now=now)
    counts = product_search.type_counts(search)
    count = rows.count()
    pages = max(1, -(-count // PER_PAGE))
    number = min(_page_number(query.get("page", "")), pages)
    start = (number - 1) * PER_PAGE
    shown = list(rows[start : start + PER_PAGE])
    facts = selectors.facts_of(shown, now=now)
    url = reverse("products")
    is_filtered = search != ProductSearch()
    return CataloguePage(
        title="All products" if number == 1 else f"All products, page {number}",
        description="Every headphone and headset we know, with its type, our score and the best offer seen.",
        canonical=url if number == 1 else f"{url}?page={number}",
        crumbs=(home_crumb(), Crumb("Products", url)),
        is_indexed=not is_filtered,
        search=search,
        problems=problems,
        kinds=_kinds(search, counts),
        types=_types(search, counts),
        brands=tuple(
            Option(value=slug, label=name, count=None, is_chosen=slug == search.brand)
            for slug, name in product_search.brand_names()
        ),
        switches=tuple(
            Option(value=key, label=label, count=None, is_chosen=getattr(search, key))
            for key, label in _SWITCHES.items()
        ),
        sorts=tuple(
            Option(value=key, label=label, count=None, is_chosen=key == search.sort) for key, label in SORTS.items()
        ),
        products=product_cards(shown, facts, place=f"{'lfound' if is_filtered else 'lproducts'}.{number}"),
        count=count,
        first=start + 1 if count else 0,
        number=number,
        pages=pages,
        previous_url=_page_url(search, number - 1) if number > 1 else "",
        next_url=_page_url(search, number + 1) if number < pages else "",
        is_filtered=is_filtered,
    )


def read_search(query: Mapping[str, str]) -> tuple[ProductSearch, tuple[str, ...]]:
    """The search an address asks for, and a sentence for every part of it that makes no sense."""
    search, problems = ProductSearch(q=" ".join(query.get("q", "").replace("\x00", "").split())[:80]), []
    if kind := query.get("kind", ""):
        if kind in {item.value for item in Kind}:
            search = replace(search, kind=Kind(kind))
        else:
            problems.append(f"There is no kind “{kind[:40]}”: it is headphones or headset.")
    if name := query.get("type", ""):
        if name in {item.value for item in ProductType}:
            search = replace(search, type=ProductType(name))
        else:
            problems.append(f"There is no type “{name[:40]}”.")
    sort = query.get("sort", "") or "sold"
    if sort in SORTS:
        search = replace(search, sort=sort)
    else:
        problems.append(f"Products cannot be sorted by “{sort[:40]}”.")
    search = replace(
        search,
        brand=query.get("brand", "").replace("\x00", "")[:80],
        wireless=_is_on(query, "wireless"),
        anc=_is_on(query, "anc"),
        mic=_is_on(query, "mic"),
    )
    return search, tuple(problems)


def _is_on(query: Mapping[str, str], key: str) -> bool:
    return query.get(key, "") in {"1", "on", "true", "yes"}


def _kinds(search: ProductSearch, counts: Mapping[str, int]) -> tuple[Option, ...]:
    return tuple(
        Option(
            value=kind.value,
            label=kind.plural,
            count=counts[kind.value],
            is_chosen=kind is search.kind,
        )
        for kind in Kind
    )


def _types(search: ProductSearch, counts: Mapping[str, int]) -> tuple[Option, ...]:
    return tuple(
        Option(
            value=name.value,
            label=type_name(name),
            count=counts[name.value],
            is_chosen=name is search.type,
        )
        for name in ProductType
        if search.kind is None or name.kind is search.kind
    )


def _page_number(written: str) -> int:
    return max(1, int(written)) if written.isdecimal() and len(written) <= _MOST_DIGITS else 1


def _page_url(search: ProductSearch, number: int) -> str:
    asked: dict[str, str] = {
        "q": search.q,
        "kind": search.kind.value if search.kind else "",
        "type": search.type.value if search.type else "",
        "brand": search.brand,
        **{key: "1" if getattr(search, key) else "" for key in _SWITCHES},
        "sort": "" if search.sort == "sold" else search.sort,
        "page": "" if number == 1 else str(number),
    }
    said = urlencode({key: value for key, value in asked.items() if value})
    return reverse("products") + (f"?{said}" if said else "")

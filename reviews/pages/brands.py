"""What do we have of one maker, and which makers are there?"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse

from catalog import selectors as catalog
from catalog.kinds import Kind, ProductType
from catalog.models import Brand
from catalog.page_tags import note
from reviews import selectors, seo
from reviews.pages.parts import (
    ArticleCard,
    Crumb,
    Page,
    ProductCard,
    all_of,
    article_cards,
    home_crumb,
    product_cards,
    type_name,
)
from reviews.places import brand_place

_ARTICLES = 9
_PRODUCTS = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class BrandLine:
    name: str
    url: str
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """The makers whose names begin with it: an accent is no letter of its own, and other scripts stand together."""

    letter: str
    brands: tuple[BrandLine, ...]

    @property
    def anchor(self) -> str:
        return f"letter-{_ANCHORS.get(self.letter, self.letter.lower())}"


_FIGURES, _OTHERS = "0–9", "Others"
_ANCHORS = {_FIGURES: "figures", _OTHERS: "others"}


@dataclass(frozen=True, slots=True, kw_only=True)
class BrandsPage(Page):
    letters: tuple[Letter, ...]
    count: int

    @property
    def json_ld(self) -> list[dict[str, Any]]:
        lines = [(line.name, line.url) for letter in self.letters for line in letter.brands]
        return [seo.breadcrumbs(self.crumbs), seo.item_list(self.title, lines)]


def brands_page() -> BrandsPage:
    note("products")
    rows = list(catalog.brands_with_products())
    url = reverse("brands")
    return BrandsPage(
        title="Brands, A to Z",
        description=_makers(len(rows)),
        canonical=url,
        crumbs=(home_crumb(), Crumb("Brands", url)),
        letters=_letters(rows),
        count=len(rows),
    )


def _makers(count: int) -> str:
    if count < 2:
        return "Makers of headphones and headsets, with the models of each."
    return f"All {count:,} makers of headphones and headsets that we know, with the models of each."


def _letters(rows: Iterable[Brand]) -> tuple[Letter, ...]:
    lines = [BrandLine(name=row.name, url=row.get_absolute_url(), count=row.product_count) for row in rows]  # type: ignore[attr-defined]
    lines.sort(key=lambda line: (_letter(line.name) == _OTHERS, _letter(line.name), line.name.casefold()))
    return tuple(
        Letter(letter=letter, brands=tuple(found)) for letter, found in groupby(lines, lambda x: _letter(x.name))
    )


def _letter(name: str) -> str:
    first = unicodedata.normalize("NFD", name)[:1].upper()
    if "A" <= first <= "Z":
        return first
    return _FIGURES if first.isdigit() else _OTHERS


@dataclass(frozen=True, slots=True, kw_only=True)
class TypeCount:
    label: str
    url: str
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class BrandPage(Page):
    name: str
    products: tuple[ProductCard, ...]
    product_count: int
    all_products_url: str
    types: tuple[TypeCount, ...]
    articles: tuple[ArticleCard, ...]

    @property
    def all_products_words(self) -> str:
        return all_of(self.product_count, f"by {self.name}") if self.products else f"The old models of {self.name}"

    @property
    def has_offers(self) -> bool:
        return any(card.offer for card in self.products)

    @property
    def json_ld(self) -> list[dict[str, Any]]:
        return [seo.breadcrumbs(self.crumbs), seo.product_list(self.name, self.products)]


def brand_page(brand: Brand, *, now: datetime) -> BrandPage | None:
    """None for a maker of whom we have no product (any more)."""
    note("products")
    rows = catalog.products().filter(brand=brand)
    counts = catalog.counts_by_type(rows)
    if not counts.products:
        return None
    shown = list(selectors.most_covered(rows, limit=_PRODUCTS))
    facts = selectors.facts_of(shown, now=now)
    url = brand.get_absolute_url()
    everything = f"{reverse('products')}?{urlencode({'brand': brand.slug})}"
    return BrandPage(
        title=f"{brand.name}: models, reviews and prices",
        description=(
            f"{counts.products} {'model' if counts.products == 1 else 'models'} by {brand.name}: specs with their "
            "sources, our scores and articles, and the best offer seen."
        ),
        canonical=url,
        crumbs=(home_crumb(), Crumb("Brands", reverse("brands")), Crumb(brand.name, url)),
        name=brand.name,
        products=product_cards(shown, facts, place=f"{brand_place(brand.pk)}.products"),
        product_count=counts.products,
        all_products_url=everything,
        types=_types(counts, brand.slug),
        articles=article_cards(selectors.articles_showing_brand(brand)[:_ARTICLES]),
    )


def _types(counts: catalog.TypeCounts, brand: str) -> tuple[TypeCount, ...]:
    """The types it makes, most models first; those without a type are in the number of all."""
    found = sorted(counts.by_type.items(), key=lambda pair: (-pair[1], pair[0].value))
    return tuple(
        TypeCount(label=type_name(name), url=_filtered(brand, name.kind, name), count=count) for name, count in found
    )


def _filtered(brand: str, kind: Kind, product_type: ProductType) -> str:
    return f"{reverse('products')}?{urlencode({'kind': kind.value, 'type': product_type.value, 'brand': brand})}"

"""What does the whole site have for these words? Hubs, makers, articles, products."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode

from django.urls import reverse

from catalog import selectors as catalog
from catalog.facets.asked import Asked, Found
from catalog.page_tags import note
from catalog.product_index import find_products
from reviews import article_search, selectors
from reviews.pages.parts import (
    ArticleCard,
    Crumb,
    Page,
    ProductCard,
    TypeCard,
    article_cards,
    home_crumb,
    product_cards,
    type_cards,
)

LONGEST_WORDS = 80
READS = ("q",)
_ARTICLES, _PRODUCTS, _BRANDS = 12, 6, 6


@dataclass(frozen=True, slots=True)
class BrandLink:
    name: str
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchPage(Page):
    """`some_words_only`: no article has all the words, these have some of them."""

    words: str
    was_cut: bool
    types: tuple[TypeCard, ...]
    brands: tuple[BrandLink, ...]
    articles: tuple[ArticleCard, ...]
    some_words_only: bool
    products: tuple[ProductCard, ...]
    product_count: int
    all_products_url: str
    # What was written and what it was read as, where no product has it as it was written.
    corrected: tuple[tuple[str, str], ...]

    @property
    def found_nothing(self) -> bool:
        return bool(self.words) and not (self.types or self.brands or self.articles or self.products)

    @property
    def all_products_words(self) -> str:
        return "Filter and sort" if self.product_count == 1 else f"All {self.product_count:,}, to filter and sort"

    @property
    def has_offers(self) -> bool:
        return any(card.offer for card in self.products)

    @property
    def summary(self) -> str:
        """What was found, in words: `2 articles and 14 products for “sony”`."""
        parts = [
            f"{number} {noun if number == 1 else noun + 's'}"
            for number, noun in ((len(self.articles), "article"), (self.product_count, "product"))
            if number
        ]
        return f"{' and '.join(parts)} for “{self.words}”" if parts else ""


def search_page(written: str, *, now: datetime) -> SearchPage:
    """`written` is what the reader wrote; whatever it is, there is a page for it."""
    plain = " ".join(written.replace("\x00", "").split())
    words = plain[:LONGEST_WORDS].rstrip()
    note("articles", "products")
    url = reverse("search")
    found = article_search.articles_with(words, limit=_ARTICLES) if words else article_search.NOTHING
    products = find_products(Asked(words=words, sort="match"), start=0, size=_PRODUCTS, now=now) if words else None
    return SearchPage(
        title=f"Search: {words}" if words else "Search",
        description="Search the articles, the products, the makers and the types on this site.",
        canonical=url,
        crumbs=(home_crumb(), Crumb("Search", url)),
        is_indexed=not words,
        words=words,
        was_cut=words != plain,
        types=_types(words),
        brands=_brands(words),
        articles=article_cards(found.articles),
        some_words_only=found.some_words_only,
        products=_product_cards(products, now=now) if products else (),
        product_count=products.count if products else 0,
        all_products_url=f"{reverse('products')}?{urlencode({'q': words})}",
        corrected=products.reading.corrected if products else (),
    )


def _product_cards(found: Found, *, now: datetime) -> tuple[ProductCard, ...]:
    rows = catalog.kept_products(found.ids)
    products = [rows[one] for one in found.ids if one in rows]
    return product_cards(products, selectors.facts_of(products, now=now), place="lsearch.products")


def _types(words: str) -> tuple[TypeCard, ...]:
    """The hubs whose name has every word, whole or in its beginning."""
    wanted = words.casefold().split()
    return tuple(
        card
        for card in type_cards()
        if wanted and all(any(part.startswith(word) for part in _parts(card.label)) for word in wanted)
    )


def _parts(label: str) -> list[str]:
    return label.casefold().replace("-", " ").split()


def _brands(words: str) -> tuple[BrandLink, ...]:
    if not words:
        return ()
    rows = catalog.brands_with_products().filter(name__istartswith=words)[:_BRANDS]
    return tuple(BrandLink(row.name, row.get_absolute_url()) for row in rows)

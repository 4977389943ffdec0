"""What do the home page, the hubs and the lists of articles show?"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.urls import reverse

from catalog import selectors as catalog
from catalog.facets.asked import Asked
from catalog.kinds import Kind, ProductType
from catalog.page_tags import note
from catalog.product_index import StillReadingError, find_products
from reviews import article_search, selectors, seo
from reviews.models import Article
from reviews.pages.hub_words import KIND_INTROS, TYPE_INTROS
from reviews.pages.parts import (
    SECTION_NAMES,
    SECTIONS,
    ArticleCard,
    Crumb,
    Drawing,
    Page,
    ProductCard,
    TypeCard,
    all_of,
    article_cards,
    drawing_about,
    home_crumb,
    hub_url,
    product_cards,
    site_name,
    type_cards,
    type_name,
)
from reviews.places import hub_place

_ON_HOME = 40
_NEAR = 3
# What programs that look for holes ask for by the thousand: no reader's mistake.
_IS_A_FILE = re.compile(r"\.[a-z0-9]{2,5}$")
_PRODUCTS_ON_HUB = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class HomePage(Page):
    lead: ArticleCard | None
    guides: tuple[ArticleCard, ...]
    reviews: tuple[ArticleCard, ...]
    best: tuple[ArticleCard, ...]
    types: tuple[TypeCard, ...]

    @property
    def json_ld(self) -> list[dict[str, Any]]:
        return [seo.website(), seo.organization()]


def home_page() -> HomePage:
    cards = article_cards(selectors.published_articles()[:_ON_HOME])
    by_kind = {kind: [card for card in cards if card.kind == kind] for kind in Article.ArticleKind.values}
    guides = by_kind[Article.ArticleKind.GUIDE]
    lead = guides[-1] if guides else None
    return HomePage(
        title="Headphones and headsets, told apart",
        description=(
            "Which is for you, headphones or a headset, and which model? Reviews, guides and prices with the time "
            "they were seen."
        ),
        canonical=reverse("home"),
        lead=lead,
        guides=tuple(card for card in guides if card is not lead)[:3],
        reviews=tuple(by_kind[Article.ArticleKind.REVIEW][:6]),
        best=tuple(by_kind[Article.ArticleKind.BEST_OF][:4]),
        types=type_cards(),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class HubPage(Page):
    headline: str
    intro: tuple[str, ...]
    kind_label: str
    articles: tuple[ArticleCard, ...]
    products: tuple[ProductCard, ...]
    product_count: int
    all_products_url: str
    types: tuple[TypeCard, ...]
    # What it is about, drawn.
    drawing: Drawing

    @property
    def all_products_words(self) -> str:
        return all_of(self.product_count, self.headline.lower())

    @property
    def has_offers(self) -> bool:
        return any(card.offer for card in self.products)

    @property
    def json_ld(self) -> list[dict[str, Any]]:
        return [seo.breadcrumbs(self.crumbs), seo.product_list(self.headline, self.products)]


def hub_page(kind: Kind, product_type: ProductType | None, *, now: datetime) -> HubPage:
    rows = catalog.products_of(kind, product_type)
    note(f"type:{product_type.value}" if product_type else f"kind:{kind.value}")
    shown = list(selectors.most_covered(rows, limit=_PRODUCTS_ON_HUB))
    facts = selectors.facts_of(shown, now=now)
    name = type_name(product_type) if product_type else kind.plural
    url = hub_url(kind, product_type)
    crumbs = [home_crumb(), Crumb(kind.plural, hub_url(kind))]
    if product_type:
        crumbs.append(Crumb(name, url))
    intro = TYPE_INTROS[product_type] if product_type else KIND_INTROS[kind]
    query = f"?kind={kind.value}" + (f"&type={product_type.value}" if product_type else "")
    return HubPage(
        title=f"{name}: guides, reviews and prices",
        description=intro[0],
        canonical=url,
        crumbs=tuple(crumbs),
        headline=name,
        intro=intro,
        kind_label=kind.plural,
        articles=article_cards(selectors.articles_about(kind, product_type)[:9]),
        products=product_cards(shown, facts, place=f"{hub_place(kind, product_type)}.products"),
        product_count=rows.count(),
        all_products_url=reverse("products") + query,
        types=type_cards(kind),
        drawing=drawing_about(kind.value, product_type.value if product_type else ""),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class SectionPage(Page):
    headline: str
    intro: str
    articles: tuple[ArticleCard, ...]

    @property
    def json_ld(self) -> list[dict[str, Any]]:
        items = [(card.title, card.url) for card in self.articles]
        return [seo.breadcrumbs(self.crumbs), seo.item_list(self.headline, items)]


_SECTION_INTROS = {
    "guide": "How the things work, what the words mean, and which questions settle what you need.",
    "review": "One model at a time: what it does well, what it does not, and whom it suits.",
    "best_of": "Short lists for one purpose each, with the reason every model is on it.",
}


def section_page(section: str) -> SectionPage:
    kind = SECTIONS[section]
    url = reverse("articles", kwargs={"section": section})
    name = SECTION_NAMES[kind]
    return SectionPage(
        title=f"{name} on {site_name()}",
        description=_SECTION_INTROS[kind],
        canonical=url,
        crumbs=(home_crumb(), Crumb(name, url)),
        headline=name,
        intro=_SECTION_INTROS[kind],
        articles=article_cards(selectors.published_articles().filter(kind=kind)[:60]),
    )


@dataclass(frozen=True, slots=True)
class NearPage:
    label: str
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NotFoundPage(Page):
    asked: str
    words: str
    near: tuple[NearPage, ...]
    articles: tuple[ArticleCard, ...]
    types: tuple[TypeCard, ...]


def not_found_page(path: str, *, now: datetime) -> NotFoundPage:
    """What helps somebody whose address leads nowhere: pages with its words, a search for them, where to go on."""
    words = path.strip("/").split("/")[-1].replace("-", " ").replace("_", " ").replace("\x00", "")[:60]
    return NotFoundPage(
        title="This page does not exist",
        description="The address leads nowhere. Search the products, or start from the newest articles.",
        canonical="",
        is_indexed=False,
        asked=path[:200],
        words=words,
        near=_near_pages(words, now=now),
        articles=article_cards(selectors.published_articles()[:3]),
        types=type_cards(),
    )


def _near_pages(words: str, *, now: datetime) -> tuple[NearPage, ...]:
    """Articles and products whose words are those of the address, as far as there are any."""
    if not words.strip() or _IS_A_FILE.search(words):
        return ()
    articles = article_search.articles_with(words, limit=_NEAR).articles
    try:
        found = find_products(Asked(words=words, sort="match"), start=0, size=_NEAR, now=now).ids
    except StillReadingError:  # whose page is not there must not hear of our troubles on top
        found = ()
    products = catalog.kept_products(found)
    return (
        *(NearPage(article.shown["title"], article.get_absolute_url()) for article in articles),
        *(NearPage(products[pk].name, products[pk].get_absolute_url()) for pk in found if pk in products),
    )

"""Which parts do several pages show? Crumbs, drawings, cards, and what every page says about itself."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from functools import cache
from typing import Any

from django.conf import settings
from django.urls import reverse

from catalog.drawing import Shape, backdrop, sprite
from catalog.kinds import Kind, ProductType
from catalog.models import Product
from catalog.shown_offer import ShownOffer
from reviews import selectors, seo, shown_pictures
from reviews.blocks.base import PictureFacts, ProductFacts
from reviews.models import Article

# How the addresses spell the kinds and the kinds of article.
KIND_WORDS = {Kind.HEADPHONES: "headphones", Kind.HEADSET: "headsets"}
SECTIONS = {"guides": "guide", "reviews": "review", "best": "best_of"}
SECTION_NAMES = {"guide": "Guides", "review": "Reviews", "best_of": "Best of"}

_BOTH_KINDS = (Shape.PAIR, "#0a5c56")
_KIND_SHAPES = {Kind.HEADPHONES.value: (Shape.OVER_EAR, "#0a5c56"), Kind.HEADSET.value: (Shape.BUSINESS, "#0a5c56")}
_TYPE_SHAPES = {
    ProductType.OVER_EAR: (Shape.OVER_EAR, "#3b4252"),
    ProductType.ON_EAR: (Shape.ON_EAR, "#8a1c2b"),
    ProductType.IN_EAR: (Shape.IN_EAR, "#2f4858"),
    ProductType.WIRELESS: (Shape.EARBUD, "#1f6f78"),
    ProductType.NOISE_CANCELLING: (Shape.OVER_EAR, "#26547c"),
    ProductType.GAMING: (Shape.GAMING, "#3a2e5c"),
    ProductType.BUSINESS: (Shape.BUSINESS, "#2b2f36"),
    ProductType.AVIATION: (Shape.AVIATION, "#2f5d50"),
    ProductType.CALL_CENTRE: (Shape.CALL_CENTRE, "#334155"),
    ProductType.BLUETOOTH: (Shape.EARPIECE, "#24506b"),
}


@dataclass(frozen=True, slots=True)
class Crumb:
    label: str
    url: str


@dataclass(frozen=True, slots=True)
class Drawing:
    """A shape of the sprite at /pictures/shapes.svg in a colour, on the ground that suits it."""

    shape: str
    colour: str
    ground: str

    @property
    def href(self) -> str:
        return f"{shapes_url()}#{self.shape}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """What every page says about itself. `canonical` is a path; `crumbs` end with the page itself."""

    title: str
    description: str
    canonical: str
    crumbs: tuple[Crumb, ...] = ()
    is_indexed: bool = True

    @property
    def json_ld(self) -> list[dict[str, Any]]:
        """Schema.org nodes, made from this very object, so that they cannot say what the page does not."""
        return [seo.breadcrumbs(self.crumbs)] if self.crumbs else []


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleCard:
    title: str
    url: str
    kind: str
    kind_label: str
    standfirst: str
    author: str
    published_at: datetime
    drawing: Drawing
    score: Decimal | None
    # The lead picture in the shape of cards; without one the drawing stands there.
    picture: PictureFacts | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ProductCard:
    name: str
    url: str
    kind_label: str
    type_labels: tuple[str, ...]
    summary: str
    drawing: Drawing
    score: Decimal | None
    review_url: str
    offer: ShownOffer | None
    offer_count: int
    placement: str
    is_discontinued: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class TypeCard:
    label: str
    url: str
    drawing: Drawing
    kind_label: str


@cache
def shapes_url() -> str:
    """The sprite's address changes with its content, so that browsers may keep it for good."""
    version = hashlib.sha256(sprite().encode()).hexdigest()[:10]
    return f"{reverse('shapes')}?v={version}"


def home_crumb() -> Crumb:
    return Crumb("Home", reverse("home"))


def drawing_of(product: Product) -> Drawing:
    """Needs `specs` selected."""
    return Drawing(selectors.shape(product).value, product.colour, backdrop(product.colour))


def drawing_of_type(product_type: ProductType) -> Drawing:
    shape, colour = _TYPE_SHAPES[product_type]
    return Drawing(shape.value, colour, backdrop(colour))


def article_cards(articles: Iterable[Article], *, with_score: bool = True) -> tuple[ArticleCard, ...]:
    """Cards in this order. One query more than `article_card`, whatever their number."""
    rows = list(articles)
    pictures = shown_pictures.card_pictures(filter(None, map(lead_picture_id, rows)))
    return tuple(
        article_card(row, with_score=with_score, picture=pictures.get(lead_picture_id(row) or 0)) for row in rows
    )


def lead_picture_id(article: Article) -> int | None:
    """The picture at its top, as published."""
    found: int | None = article.shown.get("picture")
    return found


def article_card(article: Article, *, with_score: bool = True, picture: PictureFacts | None = None) -> ArticleCard:
    """Needs author, live revision and subject with brand and specs selected."""
    assert article.published_at is not None
    selectors.note_article(article)
    shown = article.shown
    subject, score = article.subject, None
    if subject is not None and with_score and article.live_revision is not None:
        score = selectors.score_of(article.live_revision.content, subject.pk)
    return ArticleCard(
        title=shown["title"],
        url=article.get_absolute_url(),
        kind=article.kind,
        kind_label=article.get_kind_display(),
        standfirst=shown["standfirst"],
        author=article.author.name,
        published_at=article.published_at,
        drawing=drawing_of(subject) if subject else drawing_about(shown["about_kind"], shown["about_type"]),
        score=score,
        picture=picture,
    )


def drawing_about(kind: str, product_type: str) -> Drawing:
    """What an article without a product of its own is about: a type, a kind, or (both empty) both kinds."""
    if product_type:
        return drawing_of_type(ProductType(product_type))
    shape, colour = _KIND_SHAPES.get(kind, _BOTH_KINDS)
    return Drawing(shape.value, colour, backdrop(colour))


def product_cards(
    products: Iterable[Product], facts: Mapping[int, ProductFacts], *, place: str
) -> tuple[ProductCard, ...]:
    """`place` is where the cards stand (page and part); a card's own ends with its position, from 1."""
    return tuple(
        _product_card(product, facts[product.pk], f"{place}.{position}") for position, product in enumerate(products, 1)
    )


def _product_card(product: Product, facts: ProductFacts, placement: str) -> ProductCard:
    return ProductCard(
        name=facts.name,
        url=facts.url,
        kind_label=facts.kind_label,
        type_labels=facts.type_labels,
        summary=facts.summary,
        drawing=drawing_of(product),
        score=facts.overall_score,
        review_url=facts.review_url,
        offer=facts.best_offer,
        offer_count=len(facts.offers),
        placement=placement,
        is_discontinued=facts.is_discontinued,
    )


def hub_url(kind: Kind, product_type: ProductType | None = None) -> str:
    if product_type is None:
        return reverse("hub-kind", kwargs={"kind": KIND_WORDS[kind]})
    return reverse("hub-type", kwargs={"kind": KIND_WORDS[kind], "type": product_type.value})


def markdown_url(article_url: str) -> str:
    """Where an article's text stands in Markdown: `/guides/one/` → `/guides/one.md`."""
    return f"{article_url.rstrip('/')}.md"


def type_name(product_type: ProductType) -> str:
    """`Gaming headsets`, `In-ear headphones`."""
    return f"{product_type.label} {product_type.kind.plural.lower()}"


def all_of(count: int, what: str) -> str:
    """The words of a link to a whole list: `All 7,134 headphones`. One is not all of it; of none there is none."""
    if count < 2:
        return "Filter and sort" if count else ""
    return f"All {count:,} {what}"


def type_cards(kind: Kind | None = None) -> tuple[TypeCard, ...]:
    return tuple(
        TypeCard(
            label=type_name(name),
            url=hub_url(name.kind, name),
            drawing=drawing_of_type(name),
            kind_label=name.kind.plural,
        )
        for name in ProductType
        if kind is None or name.kind is kind
    )


def site_name() -> str:
    return settings.SITE_NAME

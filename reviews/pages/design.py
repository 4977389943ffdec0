"""Of which parts are the pages of this site made, and how does each look? The living gallery of the design system."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import cache

from django.conf import settings
from django.urls import reverse

from catalog.drawing import Shape, backdrop
from catalog.kinds import ProductType
from catalog.shown_offer import ShownOffer
from catalog.spec_pictures import SpecPicture, picture_of
from catalog.spec_sheet import SPECS
from reviews.blocks.base import ProductFacts, SpecFact
from reviews.design_tokens import Colour, colours, contrast, sizes
from reviews.pages.parts import (
    ArticleCard,
    Crumb,
    Drawing,
    Page,
    ProductCard,
    TypeCard,
    drawing_of_type,
    home_crumb,
    type_cards,
    type_name,
)
from reviews.samples import SAMPLE_SPECS, SAMPLE_TIME, surroundings

# What is written in which colour on which ground.
READ_ON = (
    ("ink", "paper"),
    ("ink", "paper-raised"),
    ("ink", "paper-sunk"),
    ("ink-soft", "paper"),
    ("ink-soft", "paper-raised"),
    ("ink-soft", "paper-sunk"),
    ("accent", "paper"),
    ("accent", "paper-raised"),
    ("accent-ink", "accent"),
    ("ink", "accent-tint"),
    ("tag-ink", "tag"),
    ("good", "paper"),
    ("good", "good-tint"),
    ("bad", "paper"),
    ("bad", "bad-tint"),
    ("warn", "paper"),
    ("warn", "warn-tint"),
)
TEXT_NEEDS = 4.5
_LABELS = {spec.key: spec.label for spec in SPECS}
_LOW = SpecFact(
    key="frequency_low_hz", label=_LABELS["frequency_low_hz"], value="15 Hz", state="value", number=Decimal(15)
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """Text of one colour on a ground of another; contrasts by light and dark, rounded down to one decimal."""

    text: str
    ground: str
    text_colour: Colour
    ground_colour: Colour
    light: str
    dark: str


@dataclass(frozen=True, slots=True)
class Size:
    name: str
    value: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PicturedSpec:
    """A spec that is hard to read in words, with its picture."""

    label: str
    value: str
    picture: SpecPicture


@dataclass(frozen=True, slots=True, kw_only=True)
class DesignPage(Page):
    readings: tuple[Reading, ...]
    text_needs: float
    sizes: tuple[Size, ...]
    article_card: ArticleCard
    product_card: ProductCard
    type_card: TypeCard
    types: tuple[TypeCard, ...]
    offers: tuple[ShownOffer, ...]
    facts: ProductFacts
    pictured: tuple[PicturedSpec, ...]
    shapes: tuple[Drawing, ...]


@cache
def _css() -> str:
    return (settings.BASE_DIR / "static/css/site.css").read_text()


def design_page() -> DesignPage:
    url = reverse("design")
    here = surroundings(SAMPLE_TIME)
    sample = here.products[1]
    return DesignPage(
        title="The parts of our pages",
        description="Colours, type, buttons, notes, cards and offers of this site, each once, as readers see them.",
        canonical=url,
        crumbs=(home_crumb(), Crumb("The parts of our pages", url)),
        is_indexed=False,
        readings=readings(),
        text_needs=TEXT_NEEDS,
        sizes=tuple(Size(name, value) for name, value in sizes(_css(), "size-").items()),
        article_card=_article_card(sample),
        product_card=_product_card(sample),
        type_card=_type_card(ProductType.GAMING),
        types=type_cards(),
        offers=(*sample.offers, *here.products[3].offers),
        facts=sample,
        pictured=tuple(_pictured()),
        shapes=tuple(Drawing(shape.value, "#26547c", backdrop("#26547c")) for shape in Shape),
    )


def _pictured() -> Iterator[PicturedSpec]:
    for key, values in SAMPLE_SPECS:
        for value, number in values:
            fact = SpecFact(key=key, label=_LABELS[key], value=value, state="value", number=number)
            picture = picture_of(key, {"frequency_low_hz": _LOW, key: fact})
            if picture:
                yield PicturedSpec(label=fact.label, value=value, picture=picture)


def readings() -> tuple[Reading, ...]:
    """Every pair of `READ_ON` with its contrasts, from the stylesheet as it is."""
    found = colours(_css())
    return tuple(
        Reading(
            text=text,
            ground=ground,
            text_colour=found[text],
            ground_colour=found[ground],
            light=_rounded_down(contrast(found[text].light, found[ground].light)),
            dark=_rounded_down(contrast(found[text].dark, found[ground].dark)),
        )
        for text, ground in READ_ON
    )


def _rounded_down(ratio: float) -> str:
    return f"{int(ratio * 10) / 10:.1f}"


def _article_card(sample: ProductFacts) -> ArticleCard:
    return ArticleCard(
        title=f"{sample.name}: quiet, light and plain",
        url=reverse("articles", kwargs={"section": "reviews"}),
        kind="review",
        kind_label="Review",
        standfirst="What a card of an article looks like: a picture, its kind, its title, its score and who wrote it.",
        author="Ada Field",
        published_at=SAMPLE_TIME,
        drawing=_drawing(),
        score=Decimal("8.4"),
    )


def _product_card(sample: ProductFacts) -> ProductCard:
    return ProductCard(
        name=sample.name,
        url=reverse("products"),
        kind_label=sample.kind_label,
        type_labels=sample.type_labels,
        summary=sample.summary,
        drawing=_drawing(),
        score=sample.overall_score,
        review_url=reverse("products"),
        offer=sample.offers[0],
        offer_count=1,
        placement="lgallery.products.1",
        is_discontinued=False,
    )


def _type_card(name: ProductType) -> TypeCard:
    return TypeCard(
        label=type_name(name),
        url=reverse("products"),
        drawing=drawing_of_type(name),
        kind_label=name.kind.plural,
    )


def _drawing() -> Drawing:
    return Drawing(Shape.OVER_EAR.value, "#26547c", backdrop("#26547c"))

"""What does the list show of each product, on a card or in the row of a table?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from catalog.models import Product
from catalog.shown_offer import ShownOffer
from catalog.spec_sheet import SPECS
from reviews.blocks.base import ProductFacts, SpecFact
from reviews.pages.catalogue.question import COLUMNS, Question
from reviews.pages.parts import ProductCard, product_cards

_OWN_LABELS = {"type": "Type", "score": "Our score", "price": "Best offer"}
_SPECS = {spec.key: spec for spec in SPECS}
# The columns by which a list can be sorted, and the order that does it.
_ORDERS = {"score": "score", "price": "price", "weight_g": "weight_g", "battery_hours": "battery_hours"}
_ORDER_WORDS = {"score": "best first", "price": "lowest first", "weight_g": "lightest first"}


@dataclass(frozen=True, slots=True)
class Column:
    """`sort_url` is empty where the list cannot be sorted by it; `sorted_as`: `ascending`, `descending` or empty."""

    key: str
    label: str
    sort_url: str
    sort_words: str
    sorted_as: str


@dataclass(frozen=True, slots=True)
class ColumnChoice:
    key: str
    label: str
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class Cell:
    """What a table says of one product: a spec, or (by `key`) its type, score or offer."""

    key: str
    spec: SpecFact | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """`traits`: what of the specs helps to choose, in a few words; `cells` in the order of the columns."""

    card: ProductCard
    slug: str
    traits: tuple[str, ...]
    cells: tuple[Cell, ...]

    @property
    def offer(self) -> ShownOffer | None:
        return self.card.offer


def hits(
    products: Sequence[Product], facts: Mapping[int, ProductFacts], question: Question, *, place: str
) -> tuple[Hit, ...]:
    """`place`: where the list stands (page and part)."""
    cards = product_cards(products, facts, place=place)
    columns = question.shown_columns if question.is_table else ()
    return tuple(
        Hit(
            card=card,
            slug=product.slug,
            traits=() if question.is_table else traits(facts[product.pk].specs),
            cells=tuple(Cell(key, facts[product.pk].specs.get(key)) for key in columns),
        )
        for product, card in zip(products, cards, strict=True)
    )


def traits(specs: Mapping[str, SpecFact]) -> tuple[str, ...]:
    """`Wireless`, `Noise cancelling`, `254 g`: what is known, and never what is not."""
    found = [{"yes": "Wireless", "no": "Wired"}.get(specs["wireless"].state)]
    found += ["Noise cancelling" if specs["anc"].state == "yes" else None]
    found += [specs[key].value for key in ("weight_g",)]
    battery = specs["battery_hours"].value
    found += [f"{battery} battery" if battery else None]
    return tuple(one for one in found if one)


def columns(question: Question) -> tuple[Column, ...]:
    return tuple(_column(key, question) for key in question.shown_columns)


def _column(key: str, question: Question) -> Column:
    order = _ORDERS.get(key, "")
    is_sorted = bool(order) and question.order == order
    return Column(
        key=key,
        label=_label(key),
        sort_url=replace(question, sort=order, number=1).url if order and not is_sorted else "",
        sort_words=_ORDER_WORDS.get(key, "longest first"),
        sorted_as=("ascending" if key in {"price", "weight_g"} else "descending") if is_sorted else "",
    )


def column_choices(question: Question) -> tuple[ColumnChoice, ...]:
    return tuple(ColumnChoice(key, _label(key), key in question.shown_columns) for key in COLUMNS)


def _label(key: str) -> str:
    return _OWN_LABELS.get(key) or _SPECS[key].label

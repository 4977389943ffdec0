"""Two to six products side by side, spec by spec."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from catalog import side_by_side, spec_sheet
from catalog.shown_offer import ShownOffer
from catalog.spec_pictures import SpecPicture, picture_of
from reviews.blocks.base import (
    Block,
    Choices,
    Heading,
    ProductFacts,
    ProductsNeeded,
    SpecFact,
    Surroundings,
    Text,
)

SPECS = tuple((spec.key, spec.label) for spec in spec_sheet.SPECS)
_LABELS = dict(SPECS)

# So many does the page that the table leads to take; further ones are left out of the link, and it says so.
MOST_ON_PAGE = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """`value` is ready to print: an unknown spec says so in words. `picture` only where another product has one too."""

    value: str
    state: str
    remark: str
    picture: SpecPicture | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SpecRow:
    """`difference` says in words whether the products differ here; empty where fewer than two values are known."""

    label: str
    cells: tuple[Cell, ...]
    difference: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferCell:
    offer: ShownOffer | None
    placement: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ComparisonView:
    heading: Heading
    caption: str
    products: tuple[ProductFacts, ...]
    rows: tuple[SpecRow, ...]
    offers: tuple[OfferCell, ...]
    has_scores: bool
    # The same products on the page of comparisons; empty where there is nothing to link to.
    compare_url: str = ""

    @property
    def compares_all(self) -> bool:
        return len(self.products) <= MOST_ON_PAGE

    @property
    def headings(self) -> tuple[Heading, ...]:
        return (self.heading,)

    @property
    def scales(self) -> tuple[str, ...]:
        """What the pictures are measured by, said once for the whole table."""
        drawn = (cell.picture.scale for row in self.rows for cell in row.cells if cell.picture)
        return tuple(dict.fromkeys(filter(None, drawn)))

    @property
    def differences(self) -> str:
        """`2 of 4 rows differ.`; empty for a table without rows."""
        count = sum(row.difference == "differs" for row in self.rows)
        if not self.rows:
            return ""
        return (
            f"{count} of {len(self.rows)} rows {'differs' if count == 1 else 'differ'}." if count else "No row differs."
        )

    @property
    def has_offers(self) -> bool:
        return any(cell.offer for cell in self.offers)


class Comparison(Block):
    key = "comparison"
    label = "Comparison table"
    help = "Two to six products side by side. Unknown specs are printed as unknown; what differs is said in words."
    fields = (
        Text(name="title", label="Title", max_length=120),
        Text(name="caption", label="Caption", required=False, max_length=240, help="What to look at, in a sentence."),
        Choices(name="specs", label="Specs", options=SPECS, help="The rows of the table."),
    )
    products = ProductsNeeded(minimum=2, maximum=6)
    carries_offers = True
    example = {
        "title": "Side by side",
        "caption": "Weight and battery decide a long day.",
        "specs": ["weight_g", "battery_hours", "anc", "mic_grade"],
    }

    def build(self, data: Mapping[str, Any], products: Sequence[ProductFacts], here: Surroundings) -> ComparisonView:
        return ComparisonView(
            heading=here.heading(data.get("title", "")),
            caption=data.get("caption", ""),
            products=tuple(products),
            rows=tuple(_row(key, products) for key in data.get("specs", ()) if key in _LABELS),
            offers=tuple(
                OfferCell(offer=product.best_offer, placement=here.placement_of(i))
                for i, product in enumerate(products, 1)
            ),
            has_scores=any(product.overall_score is not None for product in products),
            compare_url=_compare_url(here.compare_url, products),
        )


def _compare_url(page: str, products: Sequence[ProductFacts]) -> str:
    if not page or len(products) < 2:
        return ""
    return f"{page}?products={','.join(product.slug for product in products[:MOST_ON_PAGE])}"


def _row(key: str, products: Sequence[ProductFacts]) -> SpecRow:
    facts = [product.specs.get(key) for product in products]
    label = next((fact.label for fact in facts if fact), _LABELS[key])
    cells = map(_cell, facts, side_by_side.remarks(key, facts), _pictures(key, products))
    return SpecRow(label=label, cells=tuple(cells), difference=side_by_side.difference(facts))


def _pictures(key: str, products: Sequence[ProductFacts]) -> tuple[SpecPicture | None, ...]:
    """By one measure for all, so that the eye compares; a single one has nothing to be compared with."""
    drawn = tuple(picture_of(key, product.specs) for product in products)
    return drawn if len([one for one in drawn if one]) > 1 else (None,) * len(drawn)


def _cell(fact: SpecFact | None, remark: str, picture: SpecPicture | None) -> Cell:
    if fact is None or fact.value is None:
        return Cell(value="Unknown", state="unknown", remark="")
    return Cell(value=fact.value, state=fact.state, remark=remark, picture=picture)

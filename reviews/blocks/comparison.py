"""Two to six products side by side, spec by spec."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from catalog import spec_sheet
from catalog.shown_offer import ShownOffer
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

# Where one value is plainly better than another: said by a word, never marked by colour alone.
_BETTER = {spec.key: spec for spec in spec_sheet.SPECS if spec.better}


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """`value` is ready to print: an unknown spec says so in words."""

    value: str
    state: str
    remark: str


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

    @property
    def headings(self) -> tuple[Heading, ...]:
        return (self.heading,)

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
        )


def _row(key: str, products: Sequence[ProductFacts]) -> SpecRow:
    facts = [product.specs.get(key) for product in products]
    best = _best(key, facts)
    label = next((fact.label for fact in facts if fact), _LABELS[key])
    return SpecRow(label=label, cells=tuple(_cell(fact, best) for fact in facts), difference=_difference(facts))


def _difference(facts: Sequence[SpecFact | None]) -> str:
    """Unknown is no difference: it may be the same."""
    known = [fact.value for fact in facts if fact and fact.value is not None]
    if len(known) < 2:
        return ""
    if len(set(known)) > 1:
        return "differs"
    return "the same" if len(known) == len(facts) else "the same where known"


def _cell(fact: SpecFact | None, best: tuple[SpecFact, str] | None) -> Cell:
    if fact is None or fact.value is None:
        return Cell(value="Unknown", state="unknown", remark="")
    return Cell(value=fact.value, state=fact.state, remark=best[1] if best and fact is best[0] else "")


def _best(key: str, facts: Sequence[SpecFact | None]) -> tuple[SpecFact, str] | None:
    """The one fact that beats all others; None when values are equal or fewer than two are known."""
    spec = _BETTER.get(key)
    if spec is None:
        return None
    known = [(fact.number, fact) for fact in facts if fact and fact.number is not None]
    if len(known) < 2:
        return None
    known.sort(key=lambda pair: pair[0], reverse=spec.better is spec_sheet.Better.HIGHER)
    return None if known[0][0] == known[1][0] else (known[0][1], spec.best)

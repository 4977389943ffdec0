"""For a reader in a hurry: which products, for whom, at what price?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from catalog.shown_offer import ShownOffer
from reviews.blocks.base import Block, Heading, ProductFacts, ProductRef, Rows, Surroundings, Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Pick:
    """`url` leads to the product's card on this page, or to its own page where it has none here."""

    label: str
    product: ProductFacts
    url: str
    line: str
    offer: ShownOffer | None
    placement: str


@dataclass(frozen=True, slots=True, kw_only=True)
class QuickPicksView:
    heading: Heading
    picks: tuple[Pick, ...]

    @property
    def headings(self) -> tuple[Heading, ...]:
        return (self.heading,)


class QuickPicks(Block):
    key = "quick_picks"
    label = "Quick picks"
    help = "The answer at the top: three to eight products in a line each, with a link to their cards below."
    fields = (
        Text(name="title", label="Title", max_length=120),
        Rows(
            name="rows",
            label="Picks",
            minimum=3,
            maximum=8,
            columns=(
                Text(name="label", label="Label", max_length=40, help="For example: Best for long calls."),
                ProductRef(name="product", label="Product"),
                Text(name="line", label="In one line", max_length=160),
            ),
        ),
    )
    carries_offers = True
    example = {
        "title": "Quick picks",
        "rows": [
            {"label": "Best for most", "product": 1, "line": "Quiet, light, and the microphone is heard."},
            {"label": "Best on a budget", "product": 2, "line": "Half the price, most of the sound."},
            {"label": "Best for long calls", "product": 3, "line": "Forty hours, and a boom that folds away."},
        ],
    }

    def problems(self, data: Mapping[str, Any], *, product_count: int) -> list[str]:
        labels = [row["label"].casefold() for row in data["rows"]]
        return [f"“{label}” stands twice." for label in sorted({one for one in labels if labels.count(one) > 1})]

    def build(self, data: Mapping[str, Any], products: Sequence[ProductFacts], here: Surroundings) -> QuickPicksView:
        # A row keeps its position, and with it its place, when the product of one before it is gone.
        rows = enumerate(data.get("rows", ()), start=1)
        found = [(item, row, here.products.get(row["product"])) for item, row in rows]
        return QuickPicksView(
            heading=here.heading(data.get("title", "")),
            picks=tuple(
                Pick(
                    label=row["label"],
                    product=product,
                    url=_url(product, here),
                    line=row["line"],
                    offer=product.best_offer,
                    placement=here.placement_of(item),
                )
                for item, row, product in found
                if product
            ),
        )


def _url(product: ProductFacts, here: Surroundings) -> str:
    card = here.cards.get(product.product_id)
    return f"#{card}" if card else product.url

"""What we conclude, and the product it is about."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from catalog.shown_offer import ShownOffer
from reviews.blocks.base import (
    Block,
    BlockText,
    Heading,
    ProductFacts,
    ProductsNeeded,
    RichText,
    Surroundings,
    Text,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class VerdictView:
    heading: Heading
    text: BlockText
    product: ProductFacts | None
    offer: ShownOffer | None
    placement: str

    @property
    def headings(self) -> tuple[Heading, ...]:
        return (self.heading, *self.text.headings)


class Verdict(Block):
    key = "verdict"
    label = "Verdict"
    fields = (
        Text(name="title", label="Title", max_length=120),
        RichText(name="html", label="Verdict", help="Who should buy it, who should not, and why."),
    )
    products = ProductsNeeded(minimum=0, maximum=1)
    carries_offers = True
    example = {"title": "Verdict", "html": "<p>Buy it for the <em>microphone</em>; the sound comes along.</p>"}

    def build(self, data: Mapping[str, Any], products: Sequence[ProductFacts], here: Surroundings) -> VerdictView:
        product = products[0] if products else None
        heading = here.heading(data.get("title", ""))
        return VerdictView(
            heading=heading,
            # The product's own offer is the first item.
            text=here.shown(data.get("html", ""), after=[heading], first_item=2),
            product=product,
            offer=product.best_offer if product else None,
            placement=here.placement_of(1),
        )

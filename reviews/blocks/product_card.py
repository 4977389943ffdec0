"""One product, why it is here, and where it can be bought."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from catalog.shown_offer import ShownOffer
from reviews.blocks.base import Block, LongText, ProductFacts, ProductsNeeded, Surroundings, Text, paragraphs

# More shops than these are on the product's own page.
OFFERS_SHOWN = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class PlacedOffer:
    offer: ShownOffer
    placement: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ProductCardView:
    heading_level: int
    id: str
    product: ProductFacts
    badge: str
    paragraphs: tuple[str, ...]
    offers: tuple[PlacedOffer, ...]
    more_offers: int
    review_url: str


class ProductCard(Block):
    key = "product_card"
    label = "Product card"
    help = "Picture, name, score, your reasons and the best offers of one product."
    fields = (
        Text(name="badge", label="Badge", required=False, max_length=40, help="For example: Best for long calls."),
        LongText(name="text", label="Why it is here", help="A blank line starts a new paragraph."),
    )
    products = ProductsNeeded(minimum=1, maximum=1)
    carries_offers = True
    example = {
        "badge": "Best for trains",
        "text": "Quiet where it matters.\n\nSkip it if your ears run warm.",
    }

    def build(self, data: Mapping[str, Any], products: Sequence[ProductFacts], here: Surroundings) -> ProductCardView:
        product = products[0]
        shown = product.offers[:OFFERS_SHOWN]
        return ProductCardView(
            heading_level=here.heading_level,
            id=here.card_id,
            product=product,
            badge=data.get("badge", ""),
            paragraphs=paragraphs(data.get("text", "")),
            offers=tuple(PlacedOffer(offer=offer, placement=here.placement_of(i)) for i, offer in enumerate(shown, 1)),
            more_offers=len(product.offers) - len(shown),
            review_url="" if product.review_url == here.page_url else product.review_url,
        )

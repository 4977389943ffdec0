"""What does one product cost today, in a sentence?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from reviews.blocks.base import Block, InlinePrice, ProductFacts, ProductsNeeded, SafeHtml, Surroundings, Text

MARK = "{price}"


@dataclass(frozen=True, slots=True, kw_only=True)
class PriceMentionView:
    before: str
    price: InlinePrice
    after: str


class PriceMention(Block):
    key = "price_mention"
    label = "Price in a sentence"
    help = "One sentence with one product's live price. Where no price may be shown, it says where to see it."
    fields = (
        Text(
            name="sentence",
            label="Sentence",
            max_length=300,
            help=f"Write {MARK} where the price goes: “The cheapest way in today: {MARK}.”",
        ),
    )
    products = ProductsNeeded(minimum=1, maximum=1)
    carries_offers = True
    example = {"sentence": f"The cheapest way to good calls today: {MARK}."}

    def problems(self, data: Mapping[str, Any], *, product_count: int) -> list[str]:
        count = data["sentence"].count(MARK)
        return [] if count == 1 else [f"Sentence: {MARK} stands in it {count} times; it has to be once."]

    def build(self, data: Mapping[str, Any], products: Sequence[ProductFacts], here: Surroundings) -> PriceMentionView:
        before, _, after = data.get("sentence", "").partition(MARK)
        product = products[0]
        price = InlinePrice(
            words=SafeHtml("no shop that we know of sells it"), product=product, placement=here.placement_of(1)
        )
        return PriceMentionView(before=before, price=price, after=after)

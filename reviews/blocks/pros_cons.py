"""What speaks for a product, and what against it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from reviews.blocks.base import Block, Heading, Lines, ProductFacts, ProductsNeeded, Surroundings, Text


@dataclass(frozen=True, slots=True, kw_only=True)
class ProsConsView:
    heading: Heading | None
    pros: tuple[str, ...]
    cons: tuple[str, ...]
    product: ProductFacts | None

    @property
    def headings(self) -> tuple[Heading, ...]:
        return (self.heading,) if self.heading else ()


class ProsCons(Block):
    key = "pros_cons"
    label = "Pros and cons"
    fields = (
        Text(name="title", label="Title", required=False, max_length=80, help="A heading above the two lists."),
        Lines(name="pros", label="Pros", minimum=1, maximum=10, help="One on each line."),
        Lines(name="cons", label="Cons", minimum=1, maximum=10, help="One on each line. Nothing is without any."),
    )
    products = ProductsNeeded(minimum=0, maximum=1)
    example = {
        "title": "For and against",
        "pros": ["Folds small", "Thirty hours on a charge"],
        "cons": ["Warm after an hour"],
    }

    def build(self, data: Mapping[str, Any], products: Sequence[ProductFacts], here: Surroundings) -> ProsConsView:
        title = data.get("title", "")
        return ProsConsView(
            heading=here.heading(title) if title else None,
            pros=tuple(data.get("pros", ())),
            cons=tuple(data.get("cons", ())),
            product=products[0] if products else None,
        )

"""What did we look at and leave out, and why?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from reviews.blocks.base import Block, Heading, LongText, ProductFacts, ProductRef, Rows, Surroundings, Text, paragraphs


@dataclass(frozen=True, slots=True, kw_only=True)
class Rejected:
    product: ProductFacts
    review_url: str
    reason: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsideredView:
    heading: Heading
    intro: str
    rows: tuple[Rejected, ...]

    @property
    def headings(self) -> tuple[Heading, ...]:
        return (self.heading,)


class Considered(Block):
    key = "considered"
    label = "Considered and rejected"
    help = "What did not make it, each with its reason. Nothing is sold here: names lead to our own pages."
    fields = (
        Text(name="title", label="Title", max_length=120),
        Text(name="intro", label="Introduction", required=False, max_length=300),
        Rows(
            name="rows",
            label="Products",
            minimum=1,
            maximum=20,
            columns=(
                ProductRef(name="product", label="Product"),
                LongText(name="reason", label="Why not", max_length=600),
            ),
        ),
    )
    example = {
        "title": "Considered and rejected",
        "intro": "Good company, but not for this purpose.",
        "rows": [
            {"product": 2, "reason": "The microphone hears the keyboard better than the voice."},
            {"product": 3, "reason": "Two of three pairs creaked after a week."},
        ],
    }

    def problems(self, data: Mapping[str, Any], *, product_count: int) -> list[str]:
        ids = [row["product"] for row in data["rows"]]
        return [] if len(set(ids)) == len(ids) else ["Products: one is rejected twice: make it one row."]

    def build(self, data: Mapping[str, Any], products: Sequence[ProductFacts], here: Surroundings) -> ConsideredView:
        found = [(here.products.get(row["product"]), row["reason"]) for row in data.get("rows", ())]
        return ConsideredView(
            heading=here.heading(data.get("title", "")),
            intro=data.get("intro", ""),
            rows=tuple(
                Rejected(
                    product=product,
                    review_url="" if product.review_url == here.page_url else product.review_url,
                    reason=paragraphs(reason),
                )
                for product, reason in found
                if product
            ),
        )

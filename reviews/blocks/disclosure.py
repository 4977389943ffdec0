"""How this page is paid for, in plain words, before the first affiliate link (E15)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from reviews.blocks.base import Block, LongText, ProductFacts, Surroundings, paragraphs

DEFAULT_TEXT = (
    "When you buy through links on this page, the shop pays us a commission. You pay the same price, "
    "and what we earn has no part in what we recommend."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class DisclosureView:
    paragraphs: tuple[str, ...]
    url: str


class Disclosure(Block):
    key = "disclosure"
    label = "Disclosure"
    help = "Says that links earn a commission. An article without one gets it at the top when it is published."
    fields = (LongText(name="text", label="Text", required=False, max_length=600, help=f"Empty: {DEFAULT_TEXT}"),)
    example = {"text": ""}

    def build(self, data: Mapping[str, Any], products: Sequence[ProductFacts], here: Surroundings) -> DisclosureView:
        return DisclosureView(paragraphs=paragraphs(data.get("text") or DEFAULT_TEXT), url=here.disclosure_url)

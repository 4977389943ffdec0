"""Running text with headings, lists, quotations and links."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from reviews.blocks.base import Block, BlockText, Heading, ProductFacts, RichText, Surroundings


@dataclass(frozen=True, slots=True, kw_only=True)
class ProseView:
    text: BlockText

    @property
    def headings(self) -> tuple[Heading, ...]:
        return self.text.headings


class Prose(Block):
    key = "prose"
    label = "Text"
    help = "Running text. Its second-level headings are the page's table of contents."
    fields = (
        RichText(
            name="html",
            label="Text",
            help="A link to product:<slug> or article:<slug> follows the page it names when that moves. A link to "
            "price:<slug> prints that product's live price at the best shop in its place.",
        ),
    )
    example = {
        "html": "<h2>What to listen for</h2><p>Sound is <strong>half</strong> of it; "
        '<a href="https://example.org/">the rest</a> is fit.</p>'
    }

    def build(self, data: Mapping[str, Any], products: Sequence[ProductFacts], here: Surroundings) -> ProseView:
        return ProseView(text=here.shown(data.get("html", "")))

"""Running text with headings, lists, quotations and links."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from reviews.blocks.base import Block, Heading, ProductFacts, RichText, SafeHtml, Surroundings


@dataclass(frozen=True, slots=True, kw_only=True)
class ProseView:
    html: SafeHtml
    headings: tuple[Heading, ...]


class Prose(Block):
    key = "prose"
    label = "Text"
    help = "Running text. Its second-level headings are the page's table of contents."
    fields = (
        RichText(
            name="html",
            label="Text",
            help="A link to product:<slug> or article:<slug> follows the page it names when that moves.",
        ),
    )
    example = {
        "html": "<h2>What to listen for</h2><p>Sound is <strong>half</strong> of it; "
        '<a href="https://example.org/">the rest</a> is fit.</p>'
    }

    def build(self, data: Mapping[str, Any], products: Sequence[ProductFacts], here: Surroundings) -> ProseView:
        text = here.shown(data.get("html", ""))
        return ProseView(html=text.html, headings=text.headings)

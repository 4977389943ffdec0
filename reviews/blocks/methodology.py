"""How did we come to what this page says: on what, how long, with what?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from reviews.blocks.base import Block, BlockText, Heading, ProductFacts, RichText, Rows, Surroundings, Text


@dataclass(frozen=True, slots=True, kw_only=True)
class MethodFact:
    label: str
    value: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MethodologyView:
    heading: Heading
    text: BlockText
    facts: tuple[MethodFact, ...]
    url: str

    @property
    def headings(self) -> tuple[Heading, ...]:
        return (self.heading, *self.text.headings)


class Methodology(Block):
    key = "methodology"
    label = "How we tested"
    help = "What was done, on which samples. It ends with a link to how we work."
    fields = (
        Text(name="title", label="Title", max_length=120),
        RichText(name="html", label="Text", help="What you did, so that somebody else could do it again."),
        Rows(
            name="facts",
            label="In short",
            required=False,
            maximum=12,
            columns=(
                Text(name="label", label="What", max_length=60, help="For example: Sample, Firmware, Hours worn."),
                Text(name="value", label="Which", max_length=200),
            ),
        ),
    )
    example = {
        "title": "How we tested",
        "html": "<p>Every pair was worn for a working week by three people, one of them with glasses.</p>",
        "facts": [
            {"label": "Samples", "value": "Bought in shops, one of each"},
            {"label": "Hours worn", "value": "31 to 44"},
        ],
    }

    def build(self, data: Mapping[str, Any], products: Sequence[ProductFacts], here: Surroundings) -> MethodologyView:
        heading = here.heading(data.get("title", ""))
        return MethodologyView(
            heading=heading,
            text=here.shown(data.get("html", ""), after=[heading]),
            facts=tuple(MethodFact(label=row["label"], value=row["value"]) for row in data.get("facts", ())),
            url=here.how_we_work_url,
        )

"""What should nobody overlook?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from reviews.blocks.base import Block, BlockText, Choice, Heading, ProductFacts, RichText, Surroundings, Text

TONES = (("note", "Note"), ("tip", "Tip"), ("warning", "Warning"))


@dataclass(frozen=True, slots=True, kw_only=True)
class CalloutView:
    """`tone_label` is printed: the colour alone says nothing."""

    heading: Heading | None
    tone: str
    tone_label: str
    text: BlockText

    @property
    def headings(self) -> tuple[Heading, ...]:
        return (*([self.heading] if self.heading else []), *self.text.headings)


class Callout(Block):
    key = "callout"
    label = "Callout"
    help = "A short remark set apart from the text: a note, a tip or a warning."
    fields = (
        Choice(name="tone", label="Tone", options=TONES),
        Text(name="title", label="Title", required=False, max_length=80),
        RichText(name="html", label="Text"),
    )
    example = {
        "tone": "warning",
        "title": "Mind the volume",
        "html": "<p>Eighty decibels for <strong>forty hours a week</strong> is plenty.</p>",
    }

    def build(self, data: Mapping[str, Any], products: Sequence[ProductFacts], here: Surroundings) -> CalloutView:
        title, tone = data.get("title", ""), data.get("tone", "note")
        heading = here.heading(title) if title else None
        return CalloutView(
            heading=heading,
            tone=tone,
            tone_label=dict(TONES).get(tone, "Note"),
            text=here.shown(data.get("html", ""), after=[heading] if heading else []),
        )

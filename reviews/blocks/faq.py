"""Questions readers ask, with answers that stand on the page whether scripts run or not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from reviews.blocks.base import Block, Heading, LongText, ProductFacts, Rows, Surroundings, Text, paragraphs


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    question: str
    answer: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class FaqView:
    heading: Heading
    items: tuple[Question, ...]

    @property
    def headings(self) -> tuple[Heading, ...]:
        return (self.heading,)


class Faq(Block):
    key = "faq"
    label = "Questions and answers"
    fields = (
        Text(name="title", label="Title", max_length=120),
        Rows(
            name="items",
            label="Questions",
            minimum=1,
            maximum=20,
            columns=(
                Text(name="question", label="Question", max_length=200),
                LongText(name="answer", label="Answer", help="A blank line starts a new paragraph.", max_length=2000),
            ),
        ),
    )
    example = {
        "title": "Questions readers ask",
        "items": [{"question": "Do they fold?", "answer": "They do.\n\nThe hinge is metal."}],
    }

    def build(self, data: Mapping[str, Any], products: Sequence[ProductFacts], here: Surroundings) -> FaqView:
        return FaqView(
            heading=here.heading(data.get("title", "")),
            items=tuple(
                Question(question=row["question"], answer=paragraphs(row["answer"])) for row in data.get("items", ())
            ),
        )

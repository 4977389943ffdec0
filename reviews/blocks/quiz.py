"""Headset or headphones: which of the answers does this article's reader give already?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from recommender.questions import BY_KEY, QUESTIONS
from recommender.told import Told, answered
from reviews.blocks.base import (
    Block,
    Choice,
    Choices,
    Field,
    Heading,
    LongText,
    ProductFacts,
    Surroundings,
    Text,
    paragraphs,
)

# Every question that has options; the budget has none, and is the reader's own.
_ASKED = tuple(question for question in QUESTIONS if question.options)


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """A question in short, and the answers that are given already."""

    question: str
    answers: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class QuizView:
    heading: Heading
    paragraphs: tuple[str, ...]
    given: tuple[Given, ...]
    button: str
    url: str

    @property
    def headings(self) -> tuple[Heading, ...]:
        return (self.heading,)


def _field(key: str) -> Field:
    question = BY_KEY[key]
    options = tuple((option.value, option.label) for option in question.options)
    if question.many > 1:
        return Choices(
            name=key, label=question.short, options=options, required=False, help=f"At most {question.many}."
        )
    return Choice(name=key, label=question.short, options=options, required=False)


class Quiz(Block):
    key = "quiz"
    label = "Headset or headphones?"
    help = "Leads into the questions with some answered already: those that every reader of this article would give."
    fields = (
        Text(name="title", label="Title", max_length=120),
        LongText(name="text", label="Text", max_length=600),
        Text(name="button", label="Words of the link", required=False, max_length=40, help="Empty: Find out which"),
        *(_field(question.key) for question in _ASKED),
    )
    example = {
        "title": "Not sure yet?",
        "text": "Answer three or four plain questions. We know already that you sit in an office and talk a lot.",
        "button": "Find out which",
        "do": ["video_meetings"],
        "where": "open_office",
    }

    def problems(self, data: Mapping[str, Any], *, product_count: int) -> list[str]:
        return [
            f"{question.short}: {len(data[question.key])} chosen; at most {question.many} fit."
            for question in _ASKED
            if question.many > 1 and len(data[question.key]) > question.many
        ]

    def build(self, data: Mapping[str, Any], products: Sequence[ProductFacts], here: Surroundings) -> QuizView:
        # What a question no longer offers is left out: the rest of the answers still lead somewhere.
        told = {
            question.key: tuple(value for value in _values(data, question.key) if question.option(value))
            for question in _ASKED
        }
        state = Told()
        for key, found in told.items():
            state = answered(state, key, found)
        query = urlencode(state.params())
        return QuizView(
            heading=here.heading(data.get("title", "")),
            paragraphs=paragraphs(data.get("text", "")),
            given=tuple(
                Given(
                    question=BY_KEY[key].short,
                    answers=tuple(option.label for option in BY_KEY[key].options if option.value in found),
                )
                for key, found in told.items()
                if found
            ),
            button=data.get("button") or "Find out which",
            url=f"{here.choose_url}?{query}" if query else here.choose_url,
        )


def _values(data: Mapping[str, Any], key: str) -> list[str]:
    found = data.get(key) or []
    return [found] if isinstance(found, str) else list(found)

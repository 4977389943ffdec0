"""What did the reader tell us, in words, and where is each of it changed or taken back?"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from catalog.money import money_text
from recommender.answers import shares
from recommender.details import DETAILS, PLACES
from recommender.pages import addresses
from recommender.questions import QUESTIONS, Question
from recommender.told import Told, name_of_activity, unanswered


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """One thing told, with the addresses that change it and that leave it out."""

    key: str
    question: str
    text: str
    change: str
    remove: str


def given_answers(told: Told) -> Iterable[Given]:
    """The answers to our questions in their order, then what was told besides."""
    for question in QUESTIONS:
        if told.has(question.key):
            yield Given(
                key=question.key,
                question=question.short,
                text=answer_text(question, told),
                change=addresses.asking(told, ask=question.key),
                remove=addresses.result(unanswered(told, question.key)),
            )
    for detail in DETAILS:
        if told.has(detail.key):
            yield Given(
                key=detail.key,
                question=detail.label,
                text=", ".join(detail.label_of(value) for value in told.values(detail.key)),
                change=f"{addresses.all_at_once(told)}#{detail.key}",
                remove=addresses.result(unanswered(told, detail.key)),
            )


def answer_text(question: Question, told: Told) -> str:
    if question.key == "budget":
        assert told.budget is not None
        return f"at most {money_text(told.budget, told.currency)}"
    if question.key == "do":
        parts = activity_shares(told)
        named = (name_of_activity(name) + (f" ({parts[name]} %)" if told.weights else "") for name in told.do)
        return ", ".join(named)
    if question.key == "where":
        return ", ".join(PLACES[place] for place in told.where)
    (value,) = told.values(question.key)
    option = question.option(value)
    return option.as_told if option else f"{value} hours"


def activity_shares(told: Told) -> dict[str, int]:
    """How much of the use each activity is, in whole per cent."""
    weights = {name: Decimal(told.weight(name) or 1) for name in told.do}
    return {item.name: round(item.weight * 100) for item in shares(weights)}

"""What stands on a page that asks: one question with its place in the row, or all of them at once?"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from itertools import groupby
from typing import Any

from django.urls import reverse

from catalog.money import money_text
from recommender.engine import decide
from recommender.forms import Form, Remark
from recommender.pages import addresses
from recommender.questions import (
    BY_KEY,
    CURRENCIES,
    MOST_ASKED,
    QUESTIONS,
    Option,
    Question,
    Told,
    needs_of,
    seen,
    upcoming,
)
from recommender.rules import load


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    value: str
    label: str
    hint: str
    icon: str
    is_chosen: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ChoiceGroup:
    title: str
    choices: tuple[Choice, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A question as it is drawn. `groups` is empty for the budget, which is typed."""

    key: str
    title: str
    help: str
    is_many: bool
    groups: tuple[ChoiceGroup, ...]
    amount: str = ""
    currency: str = ""
    currencies: tuple[str, ...] = CURRENCIES
    remarks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """An answer already given, in words, with the address that changes it."""

    key: str
    question: str
    text: str
    change: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AskingPage:
    title: str
    description: str
    question: Asked
    number: int
    at_most: int
    kept: tuple[tuple[str, str], ...]
    given: tuple[Given, ...]
    remarks: tuple[str, ...]
    back: str
    skip: str
    result: str
    all_at_once: str
    canonical: str
    is_indexed: bool
    json_ld: list[dict[str, Any]] = field(default_factory=list)

    @property
    def is_start(self) -> bool:
        return self.number == 1 and not self.given


@dataclass(frozen=True, slots=True, kw_only=True)
class AllPage:
    title: str
    description: str
    questions: tuple[Asked, ...]
    remarks: tuple[str, ...]
    canonical: str
    is_indexed: bool = True
    json_ld: list[dict[str, Any]] = field(default_factory=list)


def next_question(form: Form) -> Question | None:
    """The question asked for, the one to be answered again, or the next; None when we know enough."""
    again = form.asked if form.lacks_an_answer or _about(form.remarks, form.asked) else ""
    if form.ask or again:
        return BY_KEY[form.ask or again]
    return next(iter(upcoming(form.told, signature)), None)


def asking_page(form: Form, question: Question) -> AskingPage:
    told = form.told
    before = seen(told)
    number = before.index(question) + 1 if question in before else len(before) + 1
    without = _unanswered(told, question)
    remarks = list(_about(form.remarks, question.key))
    if form.lacks_an_answer and not remarks:
        remarks.append("Choose an answer, or skip the question.")
    return AskingPage(
        title="Headset or headphones?",
        description="Answer up to six questions and see which one suits you, why, and which models fit.",
        question=_asked(question, told, remarks),
        number=number,
        at_most=max(number, min(MOST_ASKED, len(before) + len(upcoming(told, signature)))),
        kept=tuple(without.params()),
        given=tuple(given_answers(told)),
        remarks=tuple(remark.text for remark in form.remarks if remark.key != question.key),
        back=addresses.asking(told, ask=before[number - 2].key) if number > 1 else "",
        skip=addresses.asking(replace(without, skipped=(*without.skipped, question.key))),
        result=addresses.result(told) if told.do else "",
        all_at_once=addresses.all_at_once(told),
        canonical=reverse("choose"),
        is_indexed=not told.params() and not form.ask,
    )


def all_page(form: Form) -> AllPage:
    questions = tuple(_asked(question, form.told, _about(form.remarks, question.key)) for question in QUESTIONS)
    return AllPage(
        title="Headset or headphones? All questions at once",
        description="Tell us everything on one page. Leave open what you do not know.",
        questions=questions,
        remarks=tuple(remark.text for remark in form.remarks if remark.key not in BY_KEY),
        canonical=reverse("choose-all"),
    )


def given_answers(told: Told) -> Iterable[Given]:
    """What was answered, in the order of asking, in the words of the questions."""
    for question in QUESTIONS:
        if told.has(question.key):
            yield Given(
                key=question.key,
                question=question.short,
                text=_answer_text(question, told),
                change=addresses.asking(told, ask=question.key),
            )


@lru_cache(maxsize=4096)
def signature(told: Told) -> Hashable:
    """All that is decided for these answers: two answers that lead to the same need not be asked for."""
    decision = decide(needs_of(told), load())
    return (
        decision.kind,
        decision.types,
        decision.facets,
        decision.must_have,
        tuple(sorted(decision.nice_to_have.items())),
        decision.excluded,
        decision.advisories,
    )


def _unanswered(told: Told, question: Question) -> Told:
    """The state without an answer to this question, and without having skipped it."""
    empty: Any = None if question.key == "budget" else () if question.many > 1 else ""
    return replace(told, **{question.key: empty, "skipped": tuple(key for key in told.skipped if key != question.key)})


def _asked(question: Question, told: Told, remarks: Sequence[str]) -> Asked:
    value = getattr(told, question.key)
    chosen = set(value) if question.many > 1 else {value}
    groups = tuple(
        ChoiceGroup(title=title, choices=tuple(_choice(option, chosen) for option in options))
        for title, options in groupby(question.options, key=lambda option: option.group)
    )
    return Asked(
        key=question.key,
        title=question.title,
        help=question.help,
        is_many=question.many > 1,
        groups=groups,
        amount=f"{told.budget.normalize():f}" if told.budget is not None else "",
        currency=told.currency,
        remarks=tuple(remarks),
    )


def _choice(option: Option, chosen: set[Any]) -> Choice:
    return Choice(
        value=option.value,
        label=option.label,
        hint=option.hint,
        icon=option.icon,
        is_chosen=option.value in chosen,
    )


def _about(remarks: Iterable[Remark], key: str) -> tuple[str, ...]:
    return tuple(remark.text for remark in remarks if key and remark.key == key)


def _answer_text(question: Question, told: Told) -> str:
    if question.key == "budget":
        assert told.budget is not None
        return f"at most {money_text(told.budget, told.currency)}"
    value = getattr(told, question.key)
    values = value if question.many > 1 else (value,)
    labels = [option.label if (option := question.option(item)) else f"{item} hours" for item in values]
    return ", ".join(labels)

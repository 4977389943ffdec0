"""What stands on a page that asks: one question with its place in the row, or all of them at once?"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby
from typing import Any

from django.urls import reverse

from catalog.shopper import shopper
from recommender.asking import decided, is_sure, seen, upcoming, way_here
from recommender.details import DETAILS, PLACES, Detail, Sort
from recommender.forms import Form, Remark
from recommender.pages import addresses
from recommender.pages.given import Given, given_answers
from recommender.pages.in_words import MOST_CHARACTERS
from recommender.pages.reasons import so_far
from recommender.questions import BY_KEY, MOST_ASKED, QUESTIONS, Option, Question
from recommender.rules import load
from recommender.told import Told, unanswered

# What a budget may be in beside the currency of the page, which comes first.
CURRENCIES = ("USD", "EUR", "GBP")


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    value: str
    label: str
    hint: str
    icon: str
    is_chosen: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ChoiceGroup:
    """A group that is folded away is open when something in it is chosen."""

    title: str
    choices: tuple[Choice, ...]

    @property
    def is_open(self) -> bool:
        return any(choice.is_chosen for choice in self.choices)


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
class AskedDetail:
    """A detail on the page of all questions. `choices` is empty for what is typed; then `value` stands in the field."""

    key: str
    label: str
    is_many: bool
    is_number: bool
    choices: tuple[Choice, ...]
    value: str
    remarks: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class AskingPage:
    """`about_more`: how many questions are likely to follow this one; `so_far`: where the answers given point."""

    title: str
    description: str
    question: Asked
    number: int
    about_more: int
    at_most: int
    kept: tuple[tuple[str, str], ...]
    given: tuple[Given, ...]
    remarks: tuple[str, ...]
    back: str
    skip: str
    so_far: str
    result: str
    all_at_once: str
    in_words: str
    most_characters: int
    canonical: str
    is_indexed: bool
    json_ld: list[dict[str, Any]] = field(default_factory=list)

    @property
    def is_start(self) -> bool:
        return self.number == 1 and not self.given

    @property
    def steps(self) -> int:
        return self.number + self.about_more


@dataclass(frozen=True, slots=True, kw_only=True)
class AllPage:
    title: str
    description: str
    questions: tuple[Asked, ...]
    details: tuple[AskedDetail, ...]
    kept: tuple[tuple[str, str], ...]
    remarks: tuple[str, ...]
    canonical: str
    is_indexed: bool = True
    json_ld: list[dict[str, Any]] = field(default_factory=list)

    @property
    def has_details(self) -> bool:
        """Something of what is folded away was told."""
        return any(one.value or one.remarks or any(c.is_chosen for c in one.choices) for one in self.details)


def needs_again(form: Form) -> bool:
    """The question that was sent in has to be looked at once more; not by who goes back from it."""
    return not form.ask and (form.lacks_an_answer or bool(form.asked and _about(form.remarks, form.asked)))


def next_question(form: Form) -> Question | None:
    """The question asked for, the one to be answered again, or the next; None when we know enough."""
    again = form.asked if needs_again(form) else ""
    if again or form.ask:
        return BY_KEY[again or form.ask]
    return next(iter(upcoming(form.told, load())), None)


def asking_page(form: Form, question: Question) -> AskingPage:
    told = form.told
    way = way_here(told, load())
    number = way.index(question) + 1 if question in way else len(way) + 1
    before = way[number - 2].key if number > 1 else ""
    without = unanswered(told, question.key)
    remarks = list(_about(form.remarks, question.key))
    if form.lacks_an_answer and not remarks:
        remarks.append("Choose an answer, or skip the question.")
    return AskingPage(
        title="Headset or headphones?",
        description="Answer up to six questions and see which one suits you, why, and which models fit.",
        question=_asked(question, told, remarks),
        number=number,
        about_more=_about_more(told, question),
        at_most=MOST_ASKED,
        kept=tuple(without.params()),
        given=tuple(given_answers(told)),
        remarks=tuple(remark.text for remark in form.remarks if remark.key != question.key),
        back=addresses.asking(told, ask=before, asked=question.key) if before else "",
        skip=addresses.asking(_skipping(without, question.key), asked=question.key),
        so_far=_so_far(told),
        result=addresses.result(told) if told.do else "",
        all_at_once=addresses.all_at_once(told),
        in_words=addresses.in_words(),
        most_characters=MOST_CHARACTERS,
        canonical=reverse("choose"),
        is_indexed=not told.params() and not form.ask,
    )


def _so_far(told: Told) -> str:
    rules = load()
    return so_far(decided(told, rules), is_sure=is_sure(told, rules)) if told.do else ""


def _about_more(told: Told, question: Question) -> int:
    """Those that are worth asking as far as can be seen now, without this one; at the start, the most there may be."""
    if not told.params():
        return MOST_ASKED - 1
    rest = [item for item in upcoming(told, load()) if item != question]
    return min(len(rest), max(0, MOST_ASKED - len({*seen(told), question})))


def _skipping(told: Told, key: str) -> Told:
    return replace(told, skipped=(*told.skipped, key))


def all_page(form: Form) -> AllPage:
    told = form.told
    return AllPage(
        title="Headset or headphones? All questions at once",
        description="Tell us everything on one page. Leave open what you do not know.",
        questions=tuple(_asked(question, told, _about(form.remarks, question.key)) for question in QUESTIONS),
        details=tuple(_asked_detail(detail, told, _about(form.remarks, detail.key)) for detail in DETAILS),
        kept=tuple(pair for pair in told.params() if pair[0] in ("other", "without")),
        remarks=tuple(
            remark.text
            for remark in form.remarks
            if remark.key not in BY_KEY and remark.key not in {detail.key for detail in DETAILS}
        ),
        canonical=reverse("choose-all"),
    )


def _asked_detail(detail: Detail, told: Told, remarks: Sequence[str]) -> AskedDetail:
    chosen = told.values(detail.key)
    return AskedDetail(
        key=detail.key,
        label=detail.label,
        is_many=detail.sort is Sort.MANY,
        is_number=detail.sort is Sort.NUMBER,
        choices=tuple(
            Choice(value=value, label=label, hint="", icon="", is_chosen=value in chosen)
            for value, label in detail.options
        ),
        value="" if detail.options else ", ".join(chosen),
        remarks=tuple(remarks),
    )


def _asked(question: Question, told: Told, remarks: Sequence[str]) -> Asked:
    chosen = set(told.values(question.key))
    options = [*question.options, *_beyond(question, told)]
    groups = tuple(
        ChoiceGroup(title=title, choices=tuple(_choice(option, told, chosen) for option in some))
        for title, some in groupby(options, key=lambda option: option.group)
    )
    own = told.currency if told.budget is not None else shopper().currency
    return Asked(
        key=question.key,
        title=question.title,
        help=question.help,
        is_many=question.many > 1 or len(chosen) > 1,
        groups=groups if question.options else (),
        amount=f"{told.budget.normalize():f}" if told.budget is not None else "",
        currency=own,
        currencies=tuple(dict.fromkeys((own, *CURRENCIES))),
        remarks=tuple(remarks),
    )


def _beyond(question: Question, told: Told) -> Iterable[Option]:
    """Answers that were told in words and are none of those we offer: they can be kept or taken away like these."""
    for value in told.values(question.key) if question.options else ():
        if question.option(value) is None and question.key in ("where", "hours"):
            label = PLACES.get(value, f"{value} hours")
            yield Option(value=value, label=label)


def _choice(option: Option, told: Told, chosen: set[str]) -> Choice:
    weight = told.weight(option.value)
    return Choice(
        # a weight told in words stays with its activity as long as that stays chosen
        value=f"{option.value}:{weight}" if weight and option.value in told.do else option.value,
        label=option.label,
        hint=option.hint,
        icon=option.icon,
        is_chosen=option.value in chosen,
    )


def _about(remarks: Iterable[Remark], key: str) -> tuple[str, ...]:
    return tuple(remark.text for remark in remarks if key and remark.key == key)

"""What was understood of a reader's own sentence, where each of it can be changed, and what was not?

The sentence stands in the address of this page alone, and nothing keeps this page: what it leads to are answers.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.urls import reverse

from recommender.asking import upcoming
from recommender.details import DETAIL_OF, PLACES, Sort
from recommender.engine import decide
from recommender.pages.given import activity_shares
from recommender.pages.reasons import so_far
from recommender.questions import BY_KEY
from recommender.rules import load
from recommender.told import Told, name_of_activity, needs_of
from recommender.words_behind import Fact, understood

# As much as tells a need in a few sentences. The page says so, and what lies behind it is not read.
MOST_CHARACTERS = 2000
# How much of it: the words beside the numbers in the address.
_SHARES = (("1", "a little"), ("2", "some"), ("4", "much"), ("8", "mostly"))
_TYPED = ("budget", "hours", "age", "condition")


@dataclass(frozen=True, slots=True, kw_only=True)
class ChipOption:
    value: str
    label: str
    is_chosen: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Chip:
    """One thing understood: `label` and `name` of its field, which is typed when there are no `options`; `words` are
    the parts of the sentence it comes from, none where the whole says it."""

    id: str
    name: str
    label: str
    value: str
    options: tuple[ChipOption, ...]
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class InWordsPage:
    """`text` is shown again in its field, so that nothing typed is lost."""

    title: str
    description: str
    text: str
    problem: str
    chips: tuple[Chip, ...]
    unread: tuple[str, ...]
    points_to: str
    next_question: str
    most_characters: int
    canonical: str
    is_indexed: bool = False
    json_ld: list[dict[str, Any]] = field(default_factory=list)


def in_words_page(text: str) -> InWordsPage:
    written = " ".join(text.replace("\x00", " ").split())
    found = understood(written[:MOST_CHARACTERS])
    told = found.told
    chips = tuple(_chips(told, found.words))
    following = upcoming(told, load()) if chips else ()
    return InWordsPage(
        title="What we understood" if chips else "Say it in your own words",
        description="What we understood of your sentence, to be corrected before you get an answer.",
        text=text[: MOST_CHARACTERS * 2],
        problem=_problem(written, has_chips=bool(chips)),
        chips=chips,
        unread=found.unread if chips else (),
        points_to=so_far(decide(needs_of(told), load())) if chips else "",
        next_question=following[0].title if following else "",
        most_characters=MOST_CHARACTERS,
        canonical=reverse("choose"),
    )


def _problem(written: str, *, has_chips: bool) -> str:
    if not written:
        return "Write a sentence or two: what you will do with it, where, and what it may cost."
    if len(written) > MOST_CHARACTERS:
        return (
            f"Your text has {len(written):,} characters. We read the first {MOST_CHARACTERS:,}; "
            "shorten it to what matters most."
        )
    if not has_chips:
        return (
            "We found nothing in this that we understand. We read plain English: say what you will do with it "
            "(“video calls and music”), where, for how long and for how much."
        )
    return ""


def _chips(told: Told, words: dict[Fact, tuple[str, ...]] | Any) -> Iterable[Chip]:
    for number, (name, value) in enumerate(told.params()):
        fact = (name, value.partition(":")[0]) if name in ("do", "other") else (name, value)
        label, options = _field(told, name, value)
        yield Chip(
            id=f"chip-{number}",
            name=name,
            label=label,
            value=_typed(told, name, value),
            options=options,
            words=tuple(words.get(fact, ())),
        )


def _typed(told: Told, name: str, value: str) -> str:
    if name == "budget" and told.budget is not None:
        return f"{_plain(told.budget)} {told.currency}"
    return value if name in _TYPED else ""


def _field(told: Told, name: str, value: str) -> tuple[str, tuple[ChipOption, ...]]:
    if name in ("do", "other"):
        return name_of_activity(value.partition(":")[0]), _activity(told, value)
    if name in DETAIL_OF:
        detail = DETAIL_OF[name]
        offered = detail.options
        label = f"{detail.label}: {detail.label_of(value)}" if detail.sort is Sort.MANY else detail.label
        return label, _options(offered, value) if offered else ()
    question = BY_KEY[name]
    if name in _TYPED:
        return {"budget": "At most", "hours": "Hours a day"}[name], ()
    if name == "where":
        return question.short, _options(tuple(PLACES.items()), value)
    return question.short, _options(tuple((option.value, option.as_told) for option in question.options), value)


def _options(offered: tuple[tuple[str, str], ...], value: str) -> tuple[ChipOption, ...]:
    options = tuple(ChipOption(value=one, label=label, is_chosen=one == value) for one, label in offered)
    return (*options, _leave_out())


def _activity(told: Told, value: str) -> tuple[ChipOption, ...]:
    """How much of it, when there are several; else whether at all."""
    name, _, weight = value.partition(":")
    share = f"{activity_shares(told)[name]} % of the time"
    said = ChipOption(value=value, label=share if len(told.do) > 1 else "yes", is_chosen=True)
    others = (
        ()
        if len(told.do) == 1
        else tuple(
            ChipOption(value=f"{name}:{number}", label=words, is_chosen=False)
            for number, words in _SHARES
            if number != (weight or "1")
        )
    )
    return (said, *others, _leave_out())


def _leave_out() -> ChipOption:
    return ChipOption(value="", label="Leave out", is_chosen=False)


def _plain(amount: Decimal) -> str:
    return f"{amount.normalize():f}"

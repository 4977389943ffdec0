"""What did a shopper tell us so far, how is it spelled in an address, and what does it mean in needs?

The state of the conversation is a `Told`: it has one spelling as query parameters, so every step is an address, and
every field of `Needs` has a place in it: the answers to our questions, and `more` for what no question asks.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from recommender import vocabulary
from recommender.answers import Activity, Needs, canonical, needs_from_mapping, shares
from recommender.details import DETAIL_OF, DETAILS, Detail, Sort
from recommender.questions import BY_KEY, MICROPHONE, QUESTIONS, Question

# Parameters that hold several values at once, each on its own or parted by commas.
_LISTS = ("do", "where")
_TENTH, _CENT = Decimal("0.1"), Decimal("0.01")
# Whole numbers up to this are tried as the ratio of activities; else their shares are written out.
_SMALL_RATIO = 12
_USER = ("age", "glasses", "hearing_aids")
_HEARING = {"hearing_limit": "limit", "hearing_condition": "condition"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What the shopper answered so far. Empty means not answered; `skipped` names questions passed over.

    `do` are names of activities, also of some that nobody knows; `weights` says how much of each, as written in the
    address, where it is not as much as of the others. `budget` is in `currency` (ISO 4217). `more` are the values of
    `details` by their keys. `without` names demands the shopper agreed to drop.
    """

    do: tuple[str, ...] = ()
    weights: tuple[tuple[str, str], ...] = ()
    mic: str = ""
    where: tuple[str, ...] = ()
    budget: Decimal | None = None
    currency: str = "USD"
    quiet: str = ""
    hours: str = ""
    connection: str = ""
    glasses: str = ""
    more: tuple[tuple[str, str], ...] = ()
    skipped: tuple[str, ...] = ()
    without: tuple[str, ...] = ()

    def has(self, key: str) -> bool:
        """Whether the question or detail was answered."""
        return bool(self.values(key))

    def values(self, key: str) -> tuple[str, ...]:
        """The answers to a question or a detail, as they stand in the address."""
        if key in DETAIL_OF:
            return tuple(value for name, value in self.more if name == key)
        if key == "budget":
            return () if self.budget is None else (f"{_in_full(self.budget)}{self.currency}",)
        found = getattr(self, key)
        return found if key in _LISTS else ((found,) if found else ())

    def weight(self, activity: str) -> str:
        """How much of it, as a number beside those of the others; empty where it is one like the others."""
        return dict(self.weights).get(activity, "")

    def params(self) -> list[tuple[str, str]]:
        """The query parameters of this state, always in the same order."""
        pairs = []
        for name in self.do:
            key = "do" if name in vocabulary.ACTIVITIES else "other"
            pairs.append((key, f"{name}:{weight}" if (weight := self.weight(name)) else name))
        pairs += [(question.key, value) for question in QUESTIONS[1:] for value in self.values(question.key)]
        pairs += [(detail.key, value) for detail in DETAILS for value in self.values(detail.key)]
        pairs += [("skip", key) for key in self.skipped if not self.has(key)]
        return pairs + [("without", key) for key in self.without]


def answered(told: Told, key: str, values: Iterable[str]) -> Told:
    """The state with these answers to a question with options, or to a detail; none takes the answer away."""
    given = tuple(values)
    if key in DETAIL_OF:
        kept = [pair for pair in told.more if pair[0] != key]
        return replace(told, more=_sorted([*kept, *((key, value) for value in given)]))
    changed: Any = given if key in _LISTS else (given[0] if given else "")
    return replace(told, **{key: changed})


def unanswered(told: Told, key: str) -> Told:
    """The state without the answer to this question or detail, and without having skipped it."""
    skipped = tuple(name for name in told.skipped if name != key)
    if key == "budget":
        return replace(told, budget=None, skipped=skipped)
    return replace(answered(told, key, ()), skipped=skipped)


def _sorted(pairs: Iterable[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    """Details in the order of their table, values of lists in that of the vocabulary, each once."""
    given = list(dict.fromkeys(pairs))
    return tuple(
        (detail.key, value)
        for detail in DETAILS
        for value in _in_order(detail, [value for key, value in given if key == detail.key])
    )


def _in_order(detail: Detail, values: list[str]) -> list[str]:
    if detail.options:
        return [value for value, _ in detail.options if value in values]
    return values if detail.sort is Sort.NAMES else values[:1]


# --- what it means --------------------------------------------------------------------------------------------------


def needs_of(told: Told) -> Needs:
    return needs_from_mapping(needs_data(told))


def needs_data(told: Told) -> dict[str, Any]:
    """The answers as a needs mapping of the decision vocabulary. What was not answered is not in it."""
    data: dict[str, Any] = {}
    if told.do:
        data["activities"] = [{"name": name, "weight": Decimal(told.weight(name) or 1)} for name in told.do]
    if told.budget is not None:
        data["budget"] = {"max": told.budget, "currency": told.currency}
    environment = [*told.where, *(["noisy"] if told.quiet in {"them", "both"} else [])]
    if environment:
        data["environment"] = environment
    if told.quiet:
        data["isolation"] = "high" if told.quiet in {"me", "both"} else "none"
    data |= MICROPHONE.get(told.mic, {})
    if told.hours:
        data["wear_hours_per_day"] = Decimal(told.hours)
    if told.connection:
        data["connection"] = told.connection
    flat = {"glasses": told.glasses == "yes"} if told.glasses else {}
    for detail in DETAILS:
        values = told.values(detail.key)
        if values:
            flat[detail.field] = _meaning(detail, values)
    return data | _nested(flat)


def _meaning(detail: Detail, values: tuple[str, ...]) -> Any:
    match detail.sort:
        case Sort.MANY | Sort.NAMES:
            return list(values)
        case Sort.FLAG:
            return values[0] == "yes"
        case Sort.NUMBER:
            return int(values[0])
    return values[0]


def _nested(flat: dict[str, Any]) -> dict[str, Any]:
    """Fields of the needs where the vocabulary's mapping has them."""
    user = {name: flat.pop(name) for name in _USER if name in flat}
    hearing = {inner: flat.pop(name) for name, inner in _HEARING.items() if name in flat}
    return flat | ({"user": user} if user else {}) | ({"hearing": hearing} if hearing else {})


# --- and back -------------------------------------------------------------------------------------------------------


def told_of(needs: Needs, *, like: Told | None = None) -> Told:
    """The state that says these needs. What was skipped or agreed to is taken from `like`.

    Read back by `needs_of` they are equal; hours in tenths and money in hundredths, as an address has them.
    """
    environment, quiet = _quiet(needs)
    mic, said = _microphone(needs)
    more: list[tuple[str, str]] = []
    for detail in DETAILS:
        value = getattr(needs, detail.field)
        if detail.field not in said and value not in (None, ()):
            more += [(detail.key, text) for text in _written(detail, value)]
    budget, hours = needs.budget, needs.wear_hours_per_day
    return Told(
        do=tuple(activity.name for activity in needs.activities),
        weights=_weights(needs.activities),
        mic=mic,
        where=environment,
        budget=None if budget is None else budget.maximum.quantize(_CENT),
        currency=budget.currency if budget else (like.currency if like else "USD"),
        quiet=quiet,
        hours=_in_full(hours.quantize(_TENTH)) if hours and hours >= _TENTH else "",
        connection=needs.connection or "",
        glasses="" if needs.glasses is None else _yes_no(is_so=needs.glasses),
        more=_sorted(more),
        skipped=like.skipped if like else (),
        without=like.without if like else (),
    )


def _quiet(needs: Needs) -> tuple[tuple[str, ...], str]:
    """Noise is one question of ours, and two fields of the needs: for my ears, and for those of the other side."""
    if needs.isolation is None:
        return needs.environment, ""
    loud = "noisy" in needs.environment
    rest = tuple(name for name in needs.environment if name != "noisy")
    return rest, ("both" if loud else "me") if needs.isolation == "high" else ("them" if loud else "no_one")


def _microphone(needs: Needs) -> tuple[str, frozenset[str]]:
    """The answer to our question that says most of it, and the fields it says; the others stand for themselves."""
    fitting = [
        (word, said)
        for word, said in MICROPHONE.items()
        if all(getattr(needs, name) == value for name, value in said.items())
    ]
    if not fitting:
        return "", frozenset()
    word, said = max(fitting, key=lambda item: len(item[1]))
    return word, frozenset(said)


def _written(detail: Detail, value: Any) -> list[str]:
    match detail.sort:
        case Sort.MANY | Sort.NAMES:
            return list(value)
        case Sort.FLAG:
            return [_yes_no(is_so=value)]
    return [str(value)]


def _yes_no(*, is_so: bool) -> str:
    return "yes" if is_so else "no"


def _weights(activities: tuple[Activity, ...]) -> tuple[tuple[str, str], ...]:
    """Small whole numbers that have these shares; the shares themselves where there are none."""
    if not activities:
        return ()
    least = min(activity.weight for activity in activities)
    for times in range(1, _SMALL_RATIO + 1):
        whole = {a.name: (a.weight / least * times).quantize(Decimal(1)) for a in activities}
        if shares(whole) == activities:
            return tuple((name, str(weight)) for name, weight in whole.items() if weight != 1)
    return tuple((a.name, _in_full(a.weight)) for a in activities)


def _in_full(number: Decimal) -> str:
    """Without an exponent or zeros at its end."""
    return f"{number.normalize():f}"


def label_of(question: Question | Detail, value: str) -> str:
    """An answer in words."""
    if isinstance(question, Detail):
        return question.label_of(value)
    option = question.option(value)
    return option.label if option else value.replace("_", " ")


def name_of_activity(name: str) -> str:
    """An activity in our words; one that nobody knows in the reader's."""
    return label_of(BY_KEY["do"], canonical(name))

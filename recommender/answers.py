"""What did the shopper tell us? Needs, in the words of the decision vocabulary. Missing always means unknown."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from recommender import vocabulary
from recommender.field_values import MAX_BUDGET, MAX_WEIGHT, Activity, Budget, FieldReader, Problem, canonical, shares

__all__ = [
    "MAX_BUDGET",
    "MAX_WEIGHT",
    "Activity",
    "Budget",
    "Needs",
    "NeedsError",
    "Problem",
    "canonical",
    "needs_as_mapping",
    "needs_from_mapping",
    "shares",
]


# without slots: an answer given otherwise (`edits.Edit`) is one copy of its fields
@dataclass(frozen=True, kw_only=True)
class Needs:
    """The field names and values of `vocabulary`, normalised; `None` and empty tuples mean unknown."""

    activities: tuple[Activity, ...] = ()
    environment: tuple[str, ...] = ()
    platforms: tuple[str, ...] = ()
    connectors: tuple[str, ...] = ()
    budget: Budget | None = None
    mic_need: str | None = None
    has_separate_mic: bool | None = None
    will_use_separate_mic: bool | None = None
    isolation: str | None = None
    awareness: str | None = None
    wear_hours_per_day: Decimal | None = None
    portability: str | None = None
    connection: str | None = None
    sound_priority: str | None = None
    # shapes that are wished for (one of them will do) and shapes that are refused
    forms: tuple[str, ...] = ()
    avoid_forms: tuple[str, ...] = ()
    ears: str | None = None
    foldable: bool | None = None
    water_resistant: bool | None = None
    # what it must have, and must not have, by the shopper's own word
    features: tuple[str, ...] = ()
    avoid_features: tuple[str, ...] = ()
    # names of makers as the shopper wrote them
    avoid_brands: tuple[str, ...] = ()
    age: int | None = None
    glasses: bool | None = None
    hearing_aids: bool | None = None
    hearing_limit: str | None = None
    hearing_condition: str | None = None
    # activity names we were given and do not know (they keep their share among `activities`):
    # they lead to a question, never to a guess
    unknown_activities: tuple[str, ...] = ()


class NeedsError(ValueError):
    """The needs cannot be read. `problems` lists every fault; `readable` is what the rest of the needs said."""

    def __init__(self, problems: Sequence[Problem], readable: Needs) -> None:
        self.problems = tuple(problems)
        self.readable = readable
        super().__init__(" ".join(str(problem) for problem in self.problems))


_WORDS: dict[str, tuple[str, ...]] = {
    "mic_need": (*vocabulary.MIC_NEEDS, "unknown"),
    "isolation": vocabulary.ISOLATION,
    "awareness": vocabulary.AWARENESS,
    "portability": vocabulary.PORTABILITY,
    "connection": vocabulary.CONNECTION,
    "sound_priority": vocabulary.SOUND_PRIORITY,
    "ears": vocabulary.EARS,
}
_LISTS = {
    "environment": vocabulary.ENVIRONMENTS,
    "platforms": vocabulary.PLATFORMS,
    "connectors": vocabulary.CONNECTORS,
    "forms": vocabulary.FORMS,
    "avoid_forms": vocabulary.FORMS,
    "features": vocabulary.ASKED_FEATURES,
    "avoid_features": vocabulary.REFUSED_FEATURES,
}
_FLAGS = ("has_separate_mic", "will_use_separate_mic", "foldable", "water_resistant")
_FIELDS = (
    "activities",
    "budget",
    "wear_hours_per_day",
    "user",
    "hearing",
    "avoid_brands",
    *_FLAGS,
    *_WORDS,
    *_LISTS,
)
_USER = ("age", "glasses", "hearing_aids")
_HEARING = ("limit", "condition")


# Ears that nothing may go into, in whatever words their owner's doctor has for it.
SORE_CANAL = re.compile(r"canal|otitis|ear[ _-]infection|infected ear|swimmer'?s ear", re.IGNORECASE)


def needs_from_mapping(data: object) -> Needs:
    """Needs from the words of the vocabulary (a decoded JSON object); raises `NeedsError` with every problem found.

    Weights are normalised, letter case and spaces forgiven, `null` and "unknown" mean unknown. `activities` may be
    a list of `{name, weight}`, a list of names, or an object of name to weight.
    """
    reader = FieldReader()
    top = reader.mapping(data, "needs", _FIELDS)
    user = reader.mapping(top.get("user"), "user", _USER)
    hearing = reader.mapping(top.get("hearing"), "hearing", _HEARING)
    named: dict[str, Any] = {name: reader.word(top.get(name), name, allowed) for name, allowed in _WORDS.items()}
    named |= {name: reader.words(top.get(name), name, allowed) for name, allowed in _LISTS.items()}
    named |= {name: reader.flag(top.get(name), name) for name in _FLAGS}
    condition = reader.text(hearing.get("condition"), "hearing.condition")
    if condition and SORE_CANAL.search(condition):
        refused = {*named["avoid_forms"], "in_ear"}
        named["avoid_forms"] = tuple(form for form in vocabulary.FORMS if form in refused)
    activities = reader.activities(top.get("activities"))
    age = reader.number(user.get("age"), "user.age", Decimal(120))
    needs = Needs(
        activities=activities,
        unknown_activities=tuple(sorted(a.name for a in activities if a.name not in vocabulary.ACTIVITIES)),
        budget=reader.budget(top.get("budget")),
        wear_hours_per_day=reader.number(top.get("wear_hours_per_day"), "wear_hours_per_day", Decimal(24)),
        age=None if age is None else int(age),
        glasses=reader.flag(user.get("glasses"), "user.glasses"),
        hearing_aids=reader.flag(user.get("hearing_aids"), "user.hearing_aids"),
        hearing_limit=reader.word(hearing.get("limit"), "hearing.limit", vocabulary.HEARING_LIMITS),
        hearing_condition=condition,
        avoid_brands=reader.names(top.get("avoid_brands"), "avoid_brands"),
        **named,
    )
    if reader.problems:
        raise NeedsError(reader.problems, needs)
    return needs


def needs_as_mapping(needs: Needs) -> dict[str, Any]:
    """The same needs in the vocabulary's words, ready for JSON; reading them back gives equal needs."""
    user = {name: getattr(needs, name) for name in _USER if getattr(needs, name) is not None}
    hearing = {"limit": needs.hearing_limit, "condition": needs.hearing_condition}
    budget = needs.budget
    hours = needs.wear_hours_per_day
    return {
        "activities": [{"name": a.name, "weight": float(a.weight)} for a in needs.activities],
        **{name: list(getattr(needs, name)) for name in _LISTS},
        "budget": {"max": float(budget.maximum), "currency": budget.currency} if budget else None,
        **{name: getattr(needs, name) for name in _WORDS},
        **{name: getattr(needs, name) for name in _FLAGS},
        "avoid_brands": list(needs.avoid_brands),
        "wear_hours_per_day": None if hours is None else float(hours),
        "user": user,
        "hearing": {name: value for name, value in hearing.items() if value is not None},
    }

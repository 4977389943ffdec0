"""What did the shopper tell us? Needs, in the words of the decision vocabulary. Missing always means unknown."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from recommender import vocabulary

# Shares are kept to six places: enough for any decision, and 0.1 + 0.2 is then 0.3 however it was sent.
SHARE = Decimal("0.000001")
MAX_ACTIVITIES = 50
MAX_WEIGHT = Decimal(1_000_000)
MAX_BUDGET = Decimal(10_000_000)


@dataclass(frozen=True, slots=True, kw_only=True)
class Activity:
    """Something the shopper does, with its share of the use. Weights of a `Needs` sum to 1."""

    name: str
    weight: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Budget:
    maximum: Decimal
    currency: str


@dataclass(frozen=True, slots=True, kw_only=True)
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
    age: int | None = None
    glasses: bool | None = None
    hearing_aids: bool | None = None
    hearing_limit: str | None = None
    hearing_condition: str | None = None
    # activity names we were given and do not know (they keep their share among `activities`):
    # they lead to a question, never to a guess
    unknown_activities: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One thing wrong with the needs: where, what, and which values would be understood (empty: any)."""

    field: str
    problem: str
    allowed: tuple[str, ...] = ()

    def __str__(self) -> str:
        choices = f" Use one of: {', '.join(self.allowed)}." if self.allowed else ""
        return f"{self.field}: {self.problem}{choices}"


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
}
_LISTS = {
    "environment": vocabulary.ENVIRONMENTS,
    "platforms": vocabulary.PLATFORMS,
    "connectors": vocabulary.CONNECTORS,
}
_FIELDS = (
    "activities",
    "budget",
    "has_separate_mic",
    "will_use_separate_mic",
    "wear_hours_per_day",
    "user",
    "hearing",
    *_WORDS,
    *_LISTS,
)
_USER = ("age", "glasses", "hearing_aids")
_HEARING = ("limit", "condition")


def needs_from_mapping(data: object) -> Needs:
    """Needs from the words of the vocabulary (a decoded JSON object); raises `NeedsError` with every problem found.

    Weights are normalised, letter case and spaces forgiven, `null` and "unknown" mean unknown. `activities` may be
    a list of `{name, weight}`, a list of names, or an object of name to weight.
    """
    reader = _Reader()
    top = reader.mapping(data, "needs", _FIELDS)
    user = reader.mapping(top.get("user"), "user", _USER)
    hearing = reader.mapping(top.get("hearing"), "hearing", _HEARING)
    named: dict[str, Any] = {name: reader.word(top.get(name), name, allowed) for name, allowed in _WORDS.items()}
    named |= {name: reader.words(top.get(name), name, allowed) for name, allowed in _LISTS.items()}
    activities = reader.activities(top.get("activities"))
    age = reader.number(user.get("age"), "user.age", Decimal(120))
    needs = Needs(
        activities=activities,
        unknown_activities=tuple(sorted(a.name for a in activities if a.name not in vocabulary.ACTIVITIES)),
        budget=reader.budget(top.get("budget")),
        has_separate_mic=reader.flag(top.get("has_separate_mic"), "has_separate_mic"),
        will_use_separate_mic=reader.flag(top.get("will_use_separate_mic"), "will_use_separate_mic"),
        wear_hours_per_day=reader.number(top.get("wear_hours_per_day"), "wear_hours_per_day", Decimal(24)),
        age=None if age is None else int(age),
        glasses=reader.flag(user.get("glasses"), "user.glasses"),
        hearing_aids=reader.flag(user.get("hearing_aids"), "user.hearing_aids"),
        hearing_limit=reader.word(hearing.get("limit"), "hearing.limit", vocabulary.HEARING_LIMITS),
        hearing_condition=reader.text(hearing.get("condition"), "hearing.condition"),
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
        "has_separate_mic": needs.has_separate_mic,
        "will_use_separate_mic": needs.will_use_separate_mic,
        "wear_hours_per_day": None if hours is None else float(hours),
        "user": user,
        "hearing": {name: value for name, value in hearing.items() if value is not None},
    }


def canonical(word: str) -> str:
    """A word of the vocabulary however it was typed: `Gaming Voice`, `gaming-voice ` → `gaming_voice`."""
    return "_".join(word.replace("-", " ").replace("_", " ").lower().split())


def shares(weights: Mapping[str, Decimal]) -> tuple[Activity, ...]:
    """Weights of any scale as shares that sum to exactly 1, the largest first; zero weights disappear."""
    total = sum(weights.values(), Decimal(0))
    ordered = sorted((item for item in weights.items() if item[1] > 0), key=lambda item: (-item[1], item[0]))
    parts = [(name, (weight / total).quantize(SHARE)) for name, weight in ordered]
    parts = [part for part in parts if part[1] > 0]
    if not parts:
        return ()
    first_name, first = parts[0]
    # rounding leaves a crumb; the largest share takes it, so that shares fed back in come out unchanged
    parts[0] = (first_name, first + 1 - sum((share for _, share in parts), Decimal(0)))
    return tuple(Activity(name=name, weight=share) for name, share in sorted(parts, key=lambda p: (-p[1], p[0])))


class _Reader:
    """Reads one mapping and remembers every fault it meets."""

    def __init__(self) -> None:
        self.problems: list[Problem] = []

    def fault(self, field: str, problem: str, allowed: Sequence[str] = ()) -> None:
        self.problems.append(Problem(field=field, problem=problem, allowed=tuple(allowed)))

    def mapping(self, value: object, field: str, known: tuple[str, ...]) -> Mapping[str, Any]:
        if value is None and field != "needs":
            return {}
        if not isinstance(value, Mapping):
            self.fault(field, f"expected an object with named fields, got {_shown(value)}.")
            return {}
        for name in value:
            if name not in known:
                where = str(name) if field == "needs" else f"{field}.{name}"
                self.fault(where, "there is no such field.", sorted(known))
        return value

    def word(self, value: object, field: str, allowed: tuple[str, ...]) -> str | None:
        if value is None:
            return None
        word = canonical(value) if isinstance(value, str) else None
        if word is None or word not in allowed:
            self.fault(field, f"{_shown(value)} is not a value we know.", allowed)
            return None
        return None if word == "unknown" else word

    def words(self, value: object, field: str, allowed: tuple[str, ...]) -> tuple[str, ...]:
        if value is None:
            return ()
        if not isinstance(value, list | tuple):
            self.fault(field, f"expected a list, got {_shown(value)}.", allowed)
            return ()
        found = {self.word(item, f"{field}[{index}]", allowed) for index, item in enumerate(value)}
        return tuple(word for word in allowed if word in found)

    def flag(self, value: object, field: str) -> bool | None:
        if value is None or isinstance(value, bool):
            return value
        self.fault(field, f"expected true, false or null, got {_shown(value)}.", ("true", "false", "null"))
        return None

    def number(self, value: object, field: str, maximum: Decimal) -> Decimal | None:
        """A number from 0 to `maximum`; JSON numbers and Decimals only, so that "4h" is refused, not guessed."""
        if value is None:
            return None
        number = _decimal(value)
        if number is None or not 0 <= number <= maximum:
            self.fault(field, f"expected a number from 0 to {maximum}, got {_shown(value)}.")
            return None
        return number

    def text(self, value: object, field: str) -> str | None:
        if value is None or (isinstance(value, str) and len(value) <= 200):
            return (value or "").strip() or None
        self.fault(field, f"expected a text of at most 200 characters, got {_shown(value)}.")
        return None

    def budget(self, value: object) -> Budget | None:
        if value is None:
            return None
        given = self.mapping(value, "budget", ("max", "currency"))
        maximum = self.number(given.get("max"), "budget.max", MAX_BUDGET)
        currency = given.get("currency")
        code = currency.strip().upper() if isinstance(currency, str) else ""
        if given and maximum is not None and not (len(code) == 3 and code.isascii() and code.isalpha()):
            self.fault("budget.currency", f"expected a three-letter ISO 4217 code such as USD, got {_shown(currency)}.")
            return None
        return None if maximum is None else Budget(maximum=maximum, currency=code)

    def activities(self, value: object) -> tuple[Activity, ...]:
        if value is None:
            return ()
        if isinstance(value, Mapping):
            value = [{"name": name, "weight": weight} for name, weight in value.items()]
        if not isinstance(value, list | tuple) or len(value) > MAX_ACTIVITIES:
            self.fault("activities", f"expected a list of at most {MAX_ACTIVITIES} activities.")
            return ()
        weights: dict[str, Decimal] = {}
        for index, item in enumerate(value):
            name, weight = self._activity(item, f"activities[{index}]")
            if name and weight is not None:
                weights[name] = weights.get(name, Decimal(0)) + weight
        return shares(weights)

    def _activity(self, item: object, field: str) -> tuple[str, Decimal | None]:
        given = {"name": item} if isinstance(item, str) else self.mapping(item, field, ("name", "weight"))
        name = given.get("name")
        if not isinstance(name, str) or not canonical(name) or len(name) > 80:
            self.fault(f"{field}.name", f"expected the name of an activity, got {_shown(name)}.", vocabulary.ACTIVITIES)
            return "", None
        word = canonical(name)
        return vocabulary.SYNONYMS.get(word, word), self.number(given.get("weight", 1), f"{field}.weight", MAX_WEIGHT)


def _decimal(value: object) -> Decimal | None:
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        return None
    try:
        number = Decimal(str(value))
    except InvalidOperation:
        return None
    return number if number.is_finite() else None


def _shown(value: object) -> str:
    """The value as the sender wrote it, cut so that a message stays a line."""
    text = f"“{value}”" if isinstance(value, str) else repr(value)
    return text if len(text) <= 60 else f"{text[:57]}…"

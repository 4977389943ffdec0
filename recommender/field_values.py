"""Can this value be read as a field of the needs? One reader for JSON values that remembers every fault it meets."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from recommender import vocabulary
from recommender.synonyms import SYNONYMS

# Shares are kept to six places: enough for any decision, and 0.1 + 0.2 is then 0.3 however it was sent.
SHARE = Decimal("0.000001")
MAX_ACTIVITIES = 50
MAX_NAMES = 20
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
class Problem:
    """One thing wrong with the needs: where, what, and which values would be understood (empty: any)."""

    field: str
    problem: str
    allowed: tuple[str, ...] = ()

    def __str__(self) -> str:
        choices = f" Use one of: {', '.join(self.allowed)}." if self.allowed else ""
        return f"{self.field}: {self.problem}{choices}"


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


class FieldReader:
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
        for index, item in enumerate(value):
            if item is None:  # a whole list may be unknown, one of its words is known or not there
                self.fault(f"{field}[{index}]", "a list holds words; leave out what is not known.", allowed)
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

    def names(self, value: object, field: str) -> tuple[str, ...]:
        """Names as they were written, each once, whatever their letter case."""
        if value is None:
            return ()
        if not isinstance(value, list | tuple) or len(value) > MAX_NAMES:
            self.fault(field, f"expected a list of at most {MAX_NAMES} names.")
            return ()
        found = [self.text(item, f"{field}[{index}]") for index, item in enumerate(value)]
        return tuple({name.casefold(): name for name in reversed(found) if name}.values())[::-1]

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
        return SYNONYMS.get(word, word), self.number(given.get("weight", 1), f"{field}.weight", MAX_WEIGHT)


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

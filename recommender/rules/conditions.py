"""Is a rule's condition true, false or unknown for this person? Conditions are data: a field, an operator, a value."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

# What a person's state holds for a field: a word, a number, a flag, a set of words; None is unknown.
Value = str | Decimal | bool | frozenset[str] | None
State = Mapping[str, Value]
Known = bool | None

MAX_DEPTH = 3


@dataclass(frozen=True, slots=True)
class Test:
    field: str
    op: str
    value: Any = None


@dataclass(frozen=True, slots=True)
class All:
    parts: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class AnyOf:
    parts: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class Not:
    part: Condition


Condition = Test | All | AnyOf | Not

# Each operator answers for a known value; `present` and `absent` are the two that may ask about the unknown itself.
OPERATORS: dict[str, Callable[[Any, Any], bool]] = {
    "eq": lambda have, want: bool(have == want),
    "ne": lambda have, want: bool(have != want),
    "in": lambda have, want: have in want,
    "not_in": lambda have, want: have not in want,
    "gte": lambda have, want: bool(have >= want),
    "lte": lambda have, want: bool(have <= want),
    "between": lambda have, want: bool(want[0] <= have <= want[1]),
    "weight_gte": lambda have, want: bool(have >= want),
    "contains_any": lambda have, want: bool(have & frozenset(want)),
    "contains_all": lambda have, want: have >= frozenset(want),
}
NO_VALUE = ("present", "absent")
WORD_OPS = ("eq", "ne", "in", "not_in")
NUMBER_OPS = ("eq", "ne", "gte", "lte", "between", "weight_gte")
FLAG_OPS = ("eq", "ne")
SET_OPS = ("contains_any", "contains_all")
LIST_VALUE = ("in", "not_in", "between", "contains_any", "contains_all")


def holds(condition: Condition | None, state: State) -> Known:
    """True, False, or None when the answer hangs on something unknown. No condition always holds."""
    match condition:
        case None:
            return True
        case Test():
            return _test(condition, state)
        case Not(part):
            inner = holds(part, state)
            return None if inner is None else not inner
        case All(parts):
            return _and([holds(part, state) for part in parts])
        case AnyOf(parts):
            opposite = _and([_negated(holds(part, state)) for part in parts])
            return _negated(opposite)


def fields(condition: Condition | None) -> Iterator[str]:
    """Every field the condition reads."""
    for test in tests(condition):
        yield test.field


def tests(condition: Condition | None) -> Iterator[Test]:
    match condition:
        case None:
            return
        case Test():
            yield condition
        case Not(part):
            yield from tests(part)
        case All(parts) | AnyOf(parts):
            for part in parts:
                yield from tests(part)


def depth(condition: Condition | None) -> int:
    """How deeply all, any and not are nested; a lone test is 0."""
    match condition:
        case None | Test():
            return 0
        case Not(part):
            return 1 + depth(part)
        case All(parts) | AnyOf(parts):
            return 1 + max((depth(part) for part in parts), default=0)


def _test(test: Test, state: State) -> Known:
    have = state.get(test.field)
    if test.op == "present":
        return have is not None
    if test.op == "absent":
        return have is None
    return None if have is None else OPERATORS[test.op](have, test.value)


def _negated(value: Known) -> Known:
    return None if value is None else not value


def _and(values: list[Known]) -> Known:
    if any(value is False for value in values):
        return False
    return None if any(value is None for value in values) else True

"""What could a person's state be, as far as these conditions can tell people apart?

Every field that a condition reads gets its few telling values: all words, yes and no, numbers at and beside each
threshold, sets of the words named; and "unknown" where a field can be that. Their combinations are all there is to try.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import chain, combinations, islice, product
from math import prod

from recommender import vocabulary
from recommender.rules import schema
from recommender.rules.conditions import Condition, State, Test, Value, holds, tests
from recommender.rules.measures import measure_of

# A condition whose combinations are more than this is not judged (the largest of ours has 15,552).
MOST = 40_000
_BESIDE = Decimal("0.001")
_MOST_NAMED = 6


def states(*conditions: Condition | None, most: int = MOST) -> Iterator[dict[str, Value]] | None:
    """Every combination that can be, or None when there are too many to try."""
    asked: dict[str, list[Test]] = {}
    for test in chain.from_iterable(tests(condition) for condition in conditions):
        asked.setdefault(test.field, []).append(test)
    choices = {field: values(field, found) for field, found in asked.items()}
    if prod(len(each) for each in choices.values()) > most:
        return None
    found = (dict(zip(choices, row, strict=True)) for row in product(*choices.values()))
    return (state for state in found if can_be(state))


def values(field: str, asked: Sequence[Test]) -> tuple[Value, ...]:
    if field == "kind" or field in schema.FACTS:
        return schema.WORD_FIELDS[field]
    if field in schema.WORD_FIELDS:
        return (*schema.WORD_FIELDS[field], None)
    if field in schema.FLAG_FIELDS:
        return (True, False, None)
    if field in schema.SET_FIELDS:
        return (*_sets(field, asked), None)
    if field in schema.NUMBER_FIELDS:
        return (*_numbers(field, asked), None)
    return ("something", None)


def can_be(state: State) -> bool:
    """Shares are parts of one whole, and a group holds at least what its activities take."""
    shares = {name.removeprefix("activities."): value for name, value in state.items() if "activities." in name}
    known = {name: value for name, value in shares.items() if isinstance(value, Decimal)}
    groups = {name: value for name, value in state.items() if name.startswith("share.")}
    # who named no activity has no shares, all at once
    if len({value is None for value in (*shares.values(), *groups.values())}) > 1:
        return False
    if sum(known.values()) > 1:
        return False
    for name, whole in groups.items():
        members = vocabulary.ACTIVITY_GROUPS.get(name.removeprefix("share."), ())
        inside = sum(value for activity, value in known.items() if activity in members)
        if isinstance(whole, Decimal) and inside > whole:
            return False
    named = state.get("activities")
    if isinstance(named, frozenset):
        return all((value > 0) == (name in named) for name, value in known.items())
    return True


def can_hold(*conditions: Condition | None) -> dict[str, Value] | None:
    """A state in which all of them are true; an empty one when that is not known; None when there is none."""
    found = states(*conditions)
    if found is None:
        return {}
    return next((state for state in found if all(holds(one, state) is True for one in conditions)), None)


def ways_to_hold(*conditions: Condition | None, most: int) -> list[dict[str, Value]]:
    """At most so many states in which all of them are true."""
    found = states(*conditions) or iter(())
    return list(islice((state for state in found if all(holds(one, state) is True for one in conditions)), most))


def implies(special: Condition | None, general: Condition | None) -> bool:
    """Whether the second is true wherever the first is; False also when that cannot be tried."""
    found = states(special, general)
    return found is not None and all(holds(general, state) is True for state in found if holds(special, state) is True)


def _numbers(field: str, asked: Sequence[Test]) -> list[Decimal]:
    measure = measure_of(field)
    assert measure is not None
    named = {Decimal(1) * number for test in asked for number in _flat(test.value) if isinstance(number, Decimal)}
    near = {number + shift for number in named for shift in (-_BESIDE, Decimal(0), _BESIDE)}
    return sorted(number for number in {*near, measure.least, measure.most} if measure.least <= number <= measure.most)


def _sets(field: str, asked: Sequence[Test]) -> list[Value]:
    named = sorted({word for test in asked for word in _flat(test.value) if isinstance(word, str)})
    other = next((word for word in schema.SET_FIELDS[field] if word not in named), "")
    if len(named) > _MOST_NAMED:  # each alone, all of them, and something else
        return [*(frozenset({word}) for word in named), frozenset(named), frozenset({other})]
    subsets = chain.from_iterable(combinations(named, size) for size in range(1, len(named) + 1))
    return [*(frozenset(subset) for subset in subsets), *([frozenset({other})] if other else [])]


def _flat(value: object) -> Sequence[object]:
    return value if isinstance(value, tuple) else (value,)

"""What do we know about this person, in the fields that conditions read? Needs first, then facts derived from them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from operator import attrgetter
from typing import Any

from recommender import vocabulary
from recommender.answers import Budget, Needs
from recommender.engine.asking import Fact, asked_of
from recommender.rules import RuleSet, schema
from recommender.rules.conditions import State, Value

# Rough worth of one unit in USD (2025). Only advice about usual prices reads it: no filter, no vote, no shown amount.
ROUGH_USD = {
    "USD": Decimal(1),
    "EUR": Decimal("1.1"),
    "GBP": Decimal("1.3"),
    "CHF": Decimal("1.15"),
    "CAD": Decimal("0.72"),
    "AUD": Decimal("0.65"),
    "NZD": Decimal("0.6"),
    "SEK": Decimal("0.1"),
    "NOK": Decimal("0.095"),
    "DKK": Decimal("0.15"),
    "PLN": Decimal("0.26"),
    "CZK": Decimal("0.044"),
    "JPY": Decimal("0.0067"),
    "CNY": Decimal("0.14"),
    "INR": Decimal("0.012"),
    "BRL": Decimal("0.18"),
    "MXN": Decimal("0.055"),
    "KRW": Decimal("0.00073"),
    "SGD": Decimal("0.75"),
    "ZAR": Decimal("0.055"),
}

_NOTHING = Decimal(0)
_UNTOLD: State = {
    "activities": None,
    **{f"activities.{name}": None for name in vocabulary.ACTIVITIES},
    **{f"share.{group}": None for group in (*vocabulary.ACTIVITY_GROUPS, "strange")},
}
_UNUSED: State = dict.fromkeys(_UNTOLD, _NOTHING)
_GROUPS_OF = {
    name: tuple(group for group, names in vocabulary.ACTIVITY_GROUPS.items() if name in names)
    for name in vocabulary.ACTIVITIES
}


def state_of(needs: Needs, ruleset: RuleSet) -> dict[str, Value]:
    """Everything a condition may read except `kind`; what is not known is None."""
    state = {field: read(getattr(needs, name)) for name, (field, read) in _WORDS.items()} | _uses(needs)
    for fact in asked_of(ruleset).facts:
        state[fact.name] = _derived(fact, state)
    return state


def state_near(needs: Needs, facts: Sequence[Fact], like: Needs, state: State) -> tuple[dict[str, Value], set[str]]:
    """The same for somebody who is much `like` another whose `state` is known, and the fields in which they differ."""
    said: dict[str, Value] = {} if needs.activities == like.activities else _uses(needs)
    for (field, read), has, had in zip(_WORDS.values(), _told(needs), _told(like), strict=True):
        if has is not had:
            said[field] = read(has)
    changed = {field for field, value in said.items() if value != state[field]}
    found = {**state, **said}
    for fact in facts:
        if not fact.reads.isdisjoint(changed) and (value := _derived(fact, found)) != state[fact.name]:
            found[fact.name] = value
            changed.add(fact.name)
    return found, changed


def _derived(fact: Fact, state: State) -> str:
    """What it is by what is known before it; the smallest rank wins."""
    for is_so, value in fact.claims:
        if is_so(state):
            return value
    return "unknown"


def _uses(needs: Needs) -> dict[str, Value]:
    """How much there is of each activity, and of each group of them."""
    if not needs.activities:
        return dict(_UNTOLD)
    weights = {activity.name: activity.weight for activity in needs.activities}
    state = {**_UNUSED, "activities": frozenset(weights)}
    strange = _NOTHING
    for name, weight in weights.items():
        if name not in _GROUPS_OF:
            strange += weight
            continue
        state[f"activities.{name}"] = weight
        for group in _GROUPS_OF[name]:
            among = vocabulary.ACTIVITY_GROUPS[group]
            state[f"share.{group}"] = sum((weights[one] for one in among if one in weights), _NOTHING)
    state["share.strange"] = strange
    return state


def _in_usd(budget: Budget | None) -> Decimal | None:
    if budget is None or budget.currency not in ROUGH_USD:
        return None
    return budget.maximum * ROUGH_USD[budget.currency]


def _set(names: tuple[str, ...]) -> frozenset[str] | None:
    return frozenset(names) or None


def _number(value: int | None) -> Decimal | None:
    return None if value is None else Decimal(value)


def _as_it_is(value: Value) -> Value:
    return value


# Field of the needs → the field of the state it becomes, and how. All but the activities.
_WORDS: Mapping[str, tuple[str, Callable[[Any], Value]]] = {
    **{
        name: (name, _as_it_is)
        for name in (*schema.WORD_FIELDS, *schema.FLAG_FIELDS, *schema.TEXT_FIELDS, "wear_hours_per_day")
        if name not in schema.FACTS and name != "kind"
    },
    **{name: (name, _set) for name in schema.SET_FIELDS if name != "activities"},
    "age": ("age", _number),
    "budget": ("budget_usd", _in_usd),
}
_told: Callable[[Needs], tuple[Any, ...]] = attrgetter(*_WORDS)

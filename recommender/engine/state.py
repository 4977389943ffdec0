"""What do we know about this person, in the fields that conditions read? Needs first, then facts derived from them."""

from __future__ import annotations

from decimal import Decimal

from recommender import vocabulary
from recommender.answers import Budget, Needs
from recommender.engine.asking import asked_of
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
_OF_ACTIVITY = {name: f"activities.{name}" for name in vocabulary.ACTIVITIES}
_AS_THEY_ARE = tuple(
    name
    for name in (*schema.WORD_FIELDS, *schema.FLAG_FIELDS, *schema.TEXT_FIELDS, "wear_hours_per_day")
    if name not in schema.FACTS and name != "kind"
)


def state_of(needs: Needs, ruleset: RuleSet) -> dict[str, Value]:
    """Everything a condition may read except `kind`; what is not known is None."""
    state = _needs_state(needs)
    state.update(_facts(ruleset, state))
    return state


def state_near(needs: Needs, ruleset: RuleSet, like: Needs, state: State) -> tuple[dict[str, Value], set[str]]:
    """The same for somebody who is much `like` another whose `state` is known, and the fields in which they differ."""
    said = _own_words(needs)
    # a sharing of time that is not told leaves fields out, which is as good as unknown
    if needs.activities != like.activities:
        said = {**dict.fromkeys(field for field in state if field not in schema.FACTS), **said, **_uses(needs)}
    changed = {field for field, value in said.items() if value != state.get(field)}
    found = {**state, **said}
    if changed & asked_of(ruleset).of_facts:
        facts = _facts(ruleset, found)
        changed |= {fact for fact, value in facts.items() if value != state[fact]}
        found.update(facts)
    return found, changed


def _needs_state(needs: Needs) -> dict[str, Value]:
    return {**_own_words(needs), **_uses(needs)}


def _own_words(needs: Needs) -> dict[str, Value]:
    """All but the activities."""
    state: dict[str, Value] = {
        "environment": frozenset(needs.environment) or None,
        "platforms": frozenset(needs.platforms) or None,
        "connectors": frozenset(needs.connectors) or None,
        "forms": frozenset(needs.forms) or None,
        "avoid_forms": frozenset(needs.avoid_forms) or None,
        "features": frozenset(needs.features) or None,
        "avoid_features": frozenset(needs.avoid_features) or None,
        "age": None if needs.age is None else Decimal(needs.age),
        "budget_usd": _in_usd(needs.budget),
    }
    for name in _AS_THEY_ARE:
        state[name] = getattr(needs, name)
    return state


def _uses(needs: Needs) -> dict[str, Value]:
    if not needs.activities:
        return {}
    weights = {activity.name: activity.weight for activity in needs.activities}
    state: dict[str, Value] = {"activities": frozenset(weights)}
    for name, field in _OF_ACTIVITY.items():
        state[field] = weights.get(name, _NOTHING)
    for group, names in vocabulary.ACTIVITY_GROUPS.items():
        state[f"share.{group}"] = sum((weights[name] for name in names if name in weights), _NOTHING)
    strange = (weight for name, weight in weights.items() if name not in vocabulary.ACTIVITIES)
    state["share.strange"] = sum(strange, Decimal(0))
    return state


def _facts(ruleset: RuleSet, state: State) -> dict[str, Value]:
    """Forward chaining: facts in the order of what they read (the loader refused circles); the smallest rank wins."""
    facts: dict[str, Value] = dict.fromkeys(schema.FACTS, "unknown")
    asked = asked_of(ruleset)
    # a fact reads at most the facts before it, so as many rounds as there are facts always suffice
    for _ in schema.FACTS:
        before = dict(facts)
        known = {**state, **facts}
        for fact, claims in asked.claims.items():
            facts[fact] = next((value for when, value in claims if when(known) is True), "unknown")
        if facts == before:
            break
    return facts


def _in_usd(budget: Budget | None) -> Decimal | None:
    if budget is None or budget.currency not in ROUGH_USD:
        return None
    return budget.maximum * ROUGH_USD[budget.currency]

"""How are the conditions of a rule set put to a person without being read anew for each? As functions, made once.

What they say is what `rules.conditions.holds` says; that is the definition, this is the same thing faster.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from weakref import WeakKeyDictionary

from recommender.rules import Rule, RuleSet
from recommender.rules.conditions import OPERATORS, All, AnyOf, Condition, Known, Not, State, Test
from recommender.rules.schema import Effect

Question = Callable[[State], Known]


@dataclass(frozen=True, slots=True)
class Asked:
    """A rule with its conditions as questions; an effect without one of its own has None."""

    rule: Rule
    activities: frozenset[str]
    when: Question
    effects: Sequence[tuple[Effect, Question | None]]


@dataclass(frozen=True, slots=True)
class AskedSet:
    """`claims`: fact → conditions under which it has a value, the smallest rank first."""

    before_the_kind: Sequence[Asked]
    after_the_kind: Sequence[Asked]
    claims: Mapping[str, Sequence[tuple[Question, str]]]


_made: WeakKeyDictionary[RuleSet, AskedSet] = WeakKeyDictionary()


def asked_of(ruleset: RuleSet) -> AskedSet:
    found = _made.get(ruleset)
    if found is None:
        claims = {
            fact: tuple((question(rule.when), value) for rule, value in said) for fact, said in ruleset.claims.items()
        }
        found = AskedSet(tuple(map(asked, ruleset.before_the_kind)), tuple(map(asked, ruleset.after_the_kind)), claims)
        _made[ruleset] = found
    return found


def question(condition: Condition | None) -> Question:
    """The condition as a function of a person's state: true, false or unknown."""
    match condition:
        case None:
            return lambda state: True
        case Test():
            return _test(condition)
        case Not(part):
            return _not(question(part))
        case All(parts):
            return _all([question(part) for part in parts])
        case AnyOf(parts):
            return _not(_all([_not(question(part)) for part in parts]))


def asked(rule: Rule) -> Asked:
    """The rule with its questions."""
    effects = tuple((effect, None if effect.when is None else question(effect.when)) for effect in rule.effects)
    return Asked(rule, frozenset(rule.activities), question(rule.when), effects)


def _test(test: Test) -> Question:
    field, want = test.field, test.value
    if test.op == "present":
        return lambda state: state.get(field) is not None
    if test.op == "absent":
        return lambda state: state.get(field) is None
    compare: Callable[[Any, Any], bool] = OPERATORS[test.op]

    def ask(state: State) -> Known:
        have = state.get(field)
        return None if have is None else compare(have, want)

    return ask


def _not(inner: Question) -> Question:
    def ask(state: State) -> Known:
        value = inner(state)
        return None if value is None else not value

    return ask


def _all(parts: Sequence[Question]) -> Question:
    def ask(state: State) -> Known:
        found: Known = True
        for part in parts:
            value = part(state)
            if value is False:
                return False
            if value is None:
                found = None
        return found

    return ask

"""How are the conditions of a rule set put to a person without being read anew for each? As functions, made once.

What they say is what `rules.conditions.holds` says; that is the definition, this is the same thing faster.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from weakref import WeakKeyDictionary

from recommender.rules import Rule, RuleSet
from recommender.rules.conditions import OPERATORS, All, AnyOf, Condition, Known, Not, State, Test, fields
from recommender.rules.schema import Effect

Question = Callable[[State], Known]


@dataclass(frozen=True, slots=True)
class Asked:
    """A rule with its conditions as questions; an effect without one of its own has None. `is_plain`: its effects hold
    whenever it does."""

    rule: Rule
    activities: frozenset[str]
    when: Question
    effects: Sequence[tuple[Effect, Question | None]]
    is_plain: bool


# Field → the places of the rules that read it.
Readers = Mapping[str, frozenset[int]]


@dataclass(frozen=True, slots=True)
class AskedSet:
    """`claims`: fact → conditions under which it has a value, the smallest rank first; `of_facts` are the fields those
    read. `places`: rule id → where it stands among all. `price_only_advises`: no budget moves a decision. `of_the_kind`
    are the fields of needs that may have a say in the kind."""

    before_the_kind: Sequence[Asked]
    after_the_kind: Sequence[Asked]
    claims: Mapping[str, Sequence[tuple[Question, str]]]
    of_facts: frozenset[str]
    readers_before: Readers
    readers_after: Readers
    places: Mapping[str, int]
    price_only_advises: bool
    of_the_kind: frozenset[str]


_made: WeakKeyDictionary[RuleSet, AskedSet] = WeakKeyDictionary()


def asked_of(ruleset: RuleSet) -> AskedSet:
    found = _made.get(ruleset)
    if found is None:
        found = _made[ruleset] = _asked_set(ruleset)
    return found


def _asked_set(ruleset: RuleSet) -> AskedSet:
    before, after = ruleset.before_the_kind, ruleset.after_the_kind
    said = ruleset.claims
    return AskedSet(
        before_the_kind=tuple(map(asked, before)),
        after_the_kind=tuple(map(asked, after)),
        claims={fact: tuple((question(rule.when), value) for rule, value in them) for fact, them in said.items()},
        of_facts=frozenset(field for them in said.values() for rule, _ in them for field in fields(rule.when)),
        readers_before=_readers(before),
        readers_after=_readers(after),
        places={rule.id: place for place, rule in enumerate(sorted(ruleset.rules, key=lambda rule: rule.precedence))},
        price_only_advises=all(_says_only(rule) for rule in ruleset.rules if "budget_usd" in rule.reads()),
        of_the_kind=_of_the_kind(ruleset),
    )


def _of_the_kind(ruleset: RuleSet) -> frozenset[str]:
    """Fields read by rules that vote on the kind, by those that may silence one of these, and by what derives facts."""
    said = {rule.id: rule for rule in ruleset.rules if rule.votes_on_kind or rule.layer == "reading"}
    while silencers := [r for r in ruleset.rules if r.id not in said and not said.keys().isdisjoint(r.overrides)]:
        said |= {rule.id: rule for rule in silencers}
    read = {field for rule in said.values() for field in rule.reads()}
    return frozenset({"activities", *("budget" if field == "budget_usd" else field for field in read)})


def _readers(rules: Sequence[Rule]) -> Readers:
    """A rule about an activity reads how much of it there is, whatever its conditions ask."""
    found: dict[str, set[int]] = {}
    for place, rule in enumerate(rules):
        for field in {*rule.reads(), *(f"activities.{name}" for name in rule.activities)}:
            found.setdefault(field, set()).add(place)
    return {field: frozenset(places) for field, places in found.items()}


def _says_only(rule: Rule) -> bool:
    return {effect.does for effect in rule.effects} <= {"advise", "note", "neutral"} and not rule.overrides


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
    is_plain = not any(effect.when or effect.activities for effect in rule.effects)
    return Asked(rule, frozenset(rule.activities), question(rule.when), effects, is_plain)


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

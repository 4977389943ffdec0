"""How are the conditions of a rule set put to a person without being read anew for each? As functions, made once.

What they say is what `rules.conditions.holds` says; that is the definition, this is the same thing faster. A rule only
speaks where its condition is surely true, so each function has two answers for the three: a "not" is carried down to
the tests, which are asked whether they are surely true or surely false.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from graphlib import TopologicalSorter
from typing import Any
from weakref import WeakKeyDictionary

from recommender.rules import Rule, RuleSet
from recommender.rules.conditions import NO_VALUE, OPERATORS, SET_OPS, All, AnyOf, Condition, Not, State, Test, fields
from recommender.rules.schema import FACTS, Effect

Question = Callable[[State], bool]


@dataclass(frozen=True, slots=True)
class Asked:
    """A rule with its conditions as questions; an effect without one of its own has None. `is_plain`: its effects hold
    whenever it does."""

    rule: Rule
    activities: frozenset[str]
    when: Question
    effects: Sequence[tuple[Effect, Question | None]]
    is_plain: bool


@dataclass(frozen=True, slots=True)
class Fact:
    """`claims`: conditions under which it has a value, the smallest rank first; `reads` are the fields they ask."""

    name: str
    reads: frozenset[str]
    claims: Sequence[tuple[Question, str]]


# Stands for all uses among those that rules speak for: a rule that names none is about the person as a whole.
EVERY_USE = ""
# Field → use → the places of the rules that read the field and speak for the use.
Readers = Mapping[str, Mapping[str, Sequence[int]]]


@dataclass(frozen=True, slots=True)
class AskedSet:
    """`facts`: each after those it reads. `readers_of_the_kind` are those of `readers_before` that have a say in the
    kind, however remote, `of_the_kind` the uses for which a field of needs has one, `voters` the ids of rules that
    vote on it. `places`: rule id → where it stands among all. `price_only_advises`: no budget moves a decision."""

    before_the_kind: Sequence[Asked]
    after_the_kind: Sequence[Asked]
    facts: Sequence[Fact]
    readers_before: Readers
    readers_after: Readers
    readers_of_the_kind: Readers
    voters: frozenset[str]
    places: Mapping[str, int]
    price_only_advises: bool
    of_the_kind: Mapping[str, frozenset[str]]


_made: WeakKeyDictionary[RuleSet, AskedSet] = WeakKeyDictionary()


def asked_of(ruleset: RuleSet) -> AskedSet:
    found = _made.get(ruleset)
    if found is None:
        found = _made[ruleset] = _asked_set(ruleset)
    return found


def _asked_set(ruleset: RuleSet) -> AskedSet:
    before, after = ruleset.before_the_kind, ruleset.after_the_kind
    with_a_say, facts = _with_a_say_in_the_kind(ruleset), tuple(_facts(ruleset))
    return AskedSet(
        before_the_kind=tuple(map(asked, before)),
        after_the_kind=tuple(map(asked, after)),
        facts=facts,
        readers_before=_readers(enumerate(before)),
        readers_after=_readers(enumerate(after)),
        readers_of_the_kind=_readers((place, rule) for place, rule in enumerate(before) if rule.id in with_a_say),
        voters=frozenset(rule.id for rule in before if rule.votes_on_kind),
        places={rule.id: place for place, rule in enumerate(sorted(ruleset.rules, key=lambda rule: rule.precedence))},
        price_only_advises=all(_says_only(rule) for rule in ruleset.rules if "budget_usd" in rule.reads()),
        of_the_kind=_fields_of_needs(with_a_say.values(), facts),
    )


def _facts(ruleset: RuleSet) -> Iterable[Fact]:
    """In the order in which they follow from each other (the loader refused circles)."""
    claims = ruleset.claims
    reads = {fact: frozenset(field for rule, _ in claims[fact] for field in fields(rule.when)) for fact in FACTS}
    for name in TopologicalSorter({fact: reads[fact] & FACTS.keys() for fact in FACTS}).static_order():
        yield Fact(name, reads[name], tuple((question(rule.when), value) for rule, value in claims[name]))


def _with_a_say_in_the_kind(ruleset: RuleSet) -> dict[str, Rule]:
    """Rules that vote on the kind, those that may silence one of these, and what derives facts."""
    said = {rule.id: rule for rule in ruleset.rules if rule.votes_on_kind or rule.layer == "reading"}
    while silencers := [r for r in ruleset.rules if r.id not in said and not said.keys().isdisjoint(r.overrides)]:
        said |= {rule.id: rule for rule in silencers}
    return said


def _fields_of_needs(rules: Iterable[Rule], facts: Sequence[Fact]) -> dict[str, frozenset[str]]:
    """Of each field the uses of those who read it, or read a fact that follows from it."""
    found: dict[str, set[str]] = {}
    for rule in rules:
        for field in rule.reads() if rule.layer != "reading" else ():
            found.setdefault(field, set()).update(rule.activities or (EVERY_USE,))
    for fact in reversed(facts):
        for field in fact.reads:
            found.setdefault(field, set()).update(found.get(fact.name, ()))
    # another use is heard by everybody; a budget is read in dollars
    found.setdefault("activities", set()).add(EVERY_USE)
    found["budget"] = found.get("budget_usd", set())
    return {field: frozenset(uses) for field, uses in found.items()}


def _readers(rules: Iterable[tuple[int, Rule]]) -> Readers:
    """A rule about an activity reads how much of it there is, whatever its conditions ask."""
    found: dict[str, dict[str, list[int]]] = {}
    for place, rule in rules:
        for field in {*rule.reads(), *(f"activities.{name}" for name in rule.activities)}:
            for use in rule.activities or (EVERY_USE,):
                found.setdefault(field, {}).setdefault(use, []).append(place)
    return found


def _says_only(rule: Rule) -> bool:
    return {effect.does for effect in rule.effects} <= {"advise", "note", "neutral"} and not rule.overrides


def asked(rule: Rule) -> Asked:
    """The rule with its questions."""
    effects = tuple((effect, None if effect.when is None else question(effect.when)) for effect in rule.effects)
    is_plain = not any(effect.when or effect.activities for effect in rule.effects)
    return Asked(rule, frozenset(rule.activities), question(rule.when), effects, is_plain)


def question(condition: Condition | None) -> Question:
    """Whether the condition is surely true of a person's state; what hangs on something unknown is not."""
    return (lambda state: True) if condition is None else _surely(condition, wanted=True)


def _surely(condition: Condition, *, wanted: bool) -> Question:
    """Whether it surely is as `wanted`: true, or false."""
    match condition:
        case Test():
            return _test(condition, wanted=wanted)
        case Not(part):
            return _surely(part, wanted=not wanted)
        case All(parts):
            return reduce(_both if wanted else _one_of, [_surely(part, wanted=wanted) for part in parts])
        case AnyOf(parts):
            return reduce(_one_of if wanted else _both, [_surely(part, wanted=wanted) for part in parts])


def _test(test: Test, *, wanted: bool) -> Question:
    field, want = test.field, test.value
    if test.op in NO_VALUE:
        is_there = (test.op == "present") is wanted
        return lambda state: (state.get(field) is not None) is is_there
    # the two that are asked most need no look at what is unknown: no rule asks for that
    if wanted and test.op == "eq":
        return lambda state: bool(state.get(field) == want)
    if wanted and test.op == "in":
        return lambda state: state.get(field) in want
    compare: Callable[[Any, Any], bool] = OPERATORS[test.op]
    if test.op in SET_OPS:
        want = frozenset(want)

    def ask(state: State) -> bool:
        have = state.get(field)
        return have is not None and compare(have, want) is wanted

    return ask


def _both(one: Question, other: Question) -> Question:
    return lambda state: one(state) and other(state)


def _one_of(one: Question, other: Question) -> Question:
    return lambda state: one(state) or other(state)

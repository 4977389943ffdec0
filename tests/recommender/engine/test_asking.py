"""Conditions as functions say what the definition says: the rule speaks where it is true, and is silent otherwise."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from recommender.answers import needs_from_mapping
from recommender.engine import course_near, course_of, decide, kind_near
from recommender.engine.asking import EVERY_USE, asked_of, question
from recommender.engine.state import state_of
from recommender.rules import conditions, shipped
from recommender.rules.conditions import All, AnyOf, Condition, Not, holds
from tests.recommender.people import mappings

TESTS = st.sampled_from(
    [
        conditions.Test("word", "eq", "a"),
        conditions.Test("word", "ne", "a"),
        conditions.Test("word", "in", ("a", "b")),
        conditions.Test("word", "not_in", ("a", "b")),
        conditions.Test("word", "present"),
        conditions.Test("words", "absent"),
        conditions.Test("words", "contains_any", ("a", "b")),
        conditions.Test("words", "contains_all", ("a", "b")),
        conditions.Test("number", "gte", Decimal(2)),
        conditions.Test("number", "lte", Decimal(2)),
        conditions.Test("number", "between", (Decimal(1), Decimal(2))),
    ]
)
CONDITIONS = st.recursive(
    TESTS,
    lambda inner: st.one_of(
        inner.map(Not),
        st.lists(inner, min_size=1, max_size=3).map(lambda parts: All(tuple(parts))),
        st.lists(inner, min_size=1, max_size=3).map(lambda parts: AnyOf(tuple(parts))),
    ),
    max_leaves=8,
)
STATES = st.fixed_dictionaries(
    {
        "word": st.sampled_from([None, "a", "b", "c"]),
        "words": st.sampled_from([None, frozenset("a"), frozenset("ab"), frozenset("c")]),
        "number": st.sampled_from([None, Decimal(0), Decimal(2), Decimal(3)]),
    }
)


@settings(max_examples=400, deadline=None)
@given(CONDITIONS, STATES)
def test_a_condition_is_asked_as_it_is_defined(condition: Condition, state: dict[str, Any]) -> None:
    assert question(condition)(state) is (holds(condition, state) is True)


@settings(max_examples=60, deadline=None)
@given(mappings())
def test_so_is_every_condition_of_our_rules(data: dict[str, Any]) -> None:
    state = state_of(needs_from_mapping(data), shipped())
    for rule in shipped().rules:
        assert question(rule.when)(state) is (holds(rule.when, state) is True), rule.id


@settings(max_examples=60, deadline=None)
@given(mappings(), mappings())
def test_from_whomever_one_comes_the_kind_and_the_decision_are_the_same(
    mine: dict[str, Any], yours: dict[str, Any]
) -> None:
    rules = shipped()
    near, needs = course_of(needs_from_mapping(mine), rules), needs_from_mapping(yours)
    alone = course_of(needs, rules)
    assert course_near(near, needs).decision == alone.decision
    assert kind_near(near, needs) == decide(needs, rules).kind


@pytest.mark.parametrize("place", range(6))
def test_facts_follow_from_facts_before_them(place: int) -> None:
    facts = asked_of(shipped()).facts
    known = {fact.name for fact in facts}
    after = {fact.name for fact in facts[place:]}
    assert len(facts) == 6
    assert not facts[place].reads & known & after


def test_a_field_is_heard_for_the_uses_of_whoever_reads_it_or_what_follows_from_it() -> None:
    of_the_kind = asked_of(shipped()).of_the_kind
    for rule in shipped().before_the_kind:
        for field in rule.reads() if rule.votes_on_kind else ():
            assert of_the_kind[field] >= {*(rule.activities or (EVERY_USE,))}, (rule.id, field)
    told = [fact for fact in asked_of(shipped()).facts if of_the_kind.get(fact.name)]
    assert told
    for fact in told:
        for field in fact.reads:
            assert of_the_kind[field] >= of_the_kind[fact.name], (fact.name, field)

from __future__ import annotations

from typing import Any

from hypothesis import given, settings

from recommender.answers import needs_from_mapping
from recommender.engine import decide
from recommender.explain import reasons, trace
from recommender.rules import load
from tests.recommender.people import mappings


def told(**needs: Any) -> list[str]:
    return [rule.rule_id for rule in reasons(decide(needs_from_mapping(needs), load()), load())]


@settings(max_examples=60, deadline=None)
@given(mappings())
def test_there_are_at_most_four_reasons_and_each_is_a_rule_that_fired(data: dict[str, Any]) -> None:
    decision = decide(needs_from_mapping(data), load())
    given_reasons = reasons(decision, load())
    assert 1 <= len(given_reasons) <= 4
    assert set(given_reasons) <= set(decision.fired)


@settings(max_examples=60, deadline=None)
@given(mappings())
def test_no_reason_speaks_against_the_answer(data: dict[str, Any]) -> None:
    decision = decide(needs_from_mapping(data), load())
    against = {"headset": -1, "headphones": 1}.get(decision.kind, 0)
    assert all(rule.contribution * against <= 0 for rule in reasons(decision, load()))


def test_what_forces_the_kind_comes_first() -> None:
    assert told(activities={"call_centre": 1}, wear_hours_per_day=8)[0] == "UHS-3"


def test_then_the_votes_by_their_weight() -> None:
    assert told(activities={"music": 0.3, "movies_tv": 0.7})[:2] == ["UHP-3", "UHP-1"]


def test_both_sides_are_told_when_both_kinds_are_shown() -> None:
    said = told(activities={"live_performance": 0.5, "audio_editing_mixing": 0.5}, mic_need="required")
    assert {"UHS-7", "UHP-5"} <= set(said)


def test_a_child_hears_of_the_volume_limit() -> None:
    assert "EXT-2" in told(activities={"kids_listening": 1}, user={"age": 6})


def test_what_a_remark_rules_out_in_passing_is_no_reason() -> None:
    assert "OWN-13" not in told(activities={"video_creation": 1})
    assert "OWN-13" not in told(activities={"phone_calls": 1}, platforms=["phone"])


def test_the_trace_shows_what_each_rule_asked_and_what_the_needs_answered() -> None:
    needs = needs_from_mapping({"activities": {"video_meetings": 1}, "wear_hours_per_day": 6, "mic_need": "required"})
    found = trace(needs, decide(needs, load()), load())
    step = next(step for step in found.steps if step.rule.rule_id == "EXT-4")
    assert (step.readings[0].field, step.readings[0].op, step.readings[0].wanted) == ("wear_hours_per_day", "gte", "4")
    assert step.readings[0].have == "6"
    assert ("speech_need", "required") in found.facts
    assert found.rules_version == load().version


def test_the_trace_leaves_open_what_is_unknown() -> None:
    needs = needs_from_mapping({"activities": {"gaming_voice": 1}, "connection": "wireless"})
    found = trace(needs, decide(needs, load()), load())
    readings = [reading for step in found.steps for reading in step.readings if reading.field == "environment"]
    assert all(reading.have == "" for reading in readings)
    assert len(found.steps) == len(decide(needs, load()).fired)

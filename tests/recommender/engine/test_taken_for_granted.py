"""What nobody said and we take for granted is said as that, and asked for; what was said in another way is heard."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings

from recommender.answers import needs_from_mapping
from recommender.decision import Decision
from recommender.engine import decide
from recommender.explain import reasons
from recommender.rules import load
from tests.recommender.people import mappings

OWN_MICROPHONE = {"UHP-4", "EXT-14"}


def decision(data: dict[str, Any]) -> Decision:
    return decide(needs_from_mapping(data), load())


def cited(found: Decision) -> set[str]:
    return {rule.rule_id for rule in found.fired}


@settings(max_examples=200, deadline=None)
@given(mappings())
def test_no_rule_of_an_own_microphone_is_cited_without_saying_that_its_use_is_assumed(data: dict[str, Any]) -> None:
    found = decision(data)
    if OWN_MICROPHONE & cited(found):
        assert ("OWN-36" in cited(found)) == (data.get("will_use_separate_mic") is None)


@pytest.mark.parametrize("use", ["gaming_voice", "video_meetings", "podcast_hosting"])
def test_whoever_owns_a_microphone_is_asked_whether_it_stays_and_told_what_we_take_for_granted(use: str) -> None:
    owner = {"activities": [use], "has_separate_mic": True}
    found = decision(owner)
    assert (found.kind, found.outcome, found.question) == ("headphones", "match", "separate_mic")
    assert "OWN-36" in {rule.rule_id for rule in reasons(found, load())}
    told = decision({**owner, "will_use_separate_mic": True})
    assert (told.kind, told.question) == ("headphones", None)
    assert "OWN-36" not in cited(told)


def test_a_courtroom_s_ban_on_microphones_is_said_to_be_our_guess() -> None:
    listener = {"activities": ["transcription"], "environment": ["courtroom"]}
    assert "OWN-37" in {rule.rule_id for rule in reasons(decision(listener), load())}
    assert "OWN-37" not in cited(decision({**listener, "mic_need": "forbidden"}))


@pytest.mark.parametrize(
    ("use", "cites", "silenced"),
    [
        ("gaming_voice", {"UHP-4", "EXT-14"}, {"UHS-1", "VER-1", "FAQ-1"}),
        ("video_meetings", {"EXT-14"}, {"UHS-2", "FAQ-1"}),
        ("podcast_hosting", {"EXT-14", "UHP-5"}, {"UHS-7"}),
    ],
)
def test_no_microphone_needed_means_the_own_one_where_it_stays_in_use(
    use: str, cites: set[str], silenced: set[str]
) -> None:
    speaker = {"activities": [use], "has_separate_mic": True, "will_use_separate_mic": True}
    for need in ("none", "required"):
        found = decision({**speaker, "mic_need": need})
        assert found.kind == "headphones"
        assert cites <= cited(found)
        assert silenced <= {loss.rule_id for loss in found.overridden}


def test_a_service_line_without_a_need_to_speak_is_none_of_those() -> None:
    silent = {"activities": ["call_centre", "gaming_voice"], "will_use_separate_mic": True, "mic_need": "none"}
    assert decision(silent).kind == "headphones"
    assert "UHS-3" not in cited(decision(silent))


def test_calls_too_rare_to_be_a_use_ask_for_a_small_microphone_only() -> None:
    listener = decision({"activities": ["music"], "mic_need": "occasional"})
    assert "EXT-15" in cited(listener)
    assert "mic_builtin" in listener.nice_to_have
    assert "mic_builtin" not in listener.must_have
    assert "EXT-15" not in cited(decision({"activities": ["music", "gaming_voice"], "mic_need": "occasional"}))


def test_in_a_cabin_s_roar_calm_comes_before_the_size_of_the_bag() -> None:
    passenger = {"activities": ["travel_passenger"], "portability": "high", "isolation": "high"}
    flying, riding = (decision({**passenger, "environment": [where]}) for where in ("aeroplane_cabin", "train"))
    assert (flying.types[0], riding.types[0]) == ("over-ear", "in-ear")
    assert "compact" not in flying.must_have
    assert "compact" in riding.must_have


def test_cups_leave_room_for_hearing_aids_in_a_headset_too() -> None:
    caller = decision({"activities": ["video_meetings"], "user": {"hearing_aids": True}})
    assert caller.kind == "headset"
    assert {"HPT-1", "EXT-11"} <= cited(caller)
    assert "HPT-1" not in cited(decision({"activities": ["video_meetings"], "wear_hours_per_day": 8}))


@pytest.mark.parametrize(
    ("rest", "is_closed"),
    [
        ({"environment": ["studio"]}, False),
        ({"environment": ["studio"], "has_separate_mic": True, "will_use_separate_mic": True}, True),
        ({"environment": ["quiet_office"]}, False),
        ({"environment": ["shared_home"]}, True),
    ],
)
def test_a_room_is_shared_or_has_an_open_microphone_only_where_that_was_said(
    rest: dict[str, Any], is_closed: bool
) -> None:
    mixing = decision({"activities": ["audio_editing_mixing"], **rest})
    assert ("closed_back" in mixing.must_have) == is_closed
    assert ("open_back" in mixing.excluded) == is_closed


@pytest.mark.parametrize(
    ("rest", "is_condition"),
    [
        ({"connection": "either"}, False),
        ({"connection": "either", "platforms": ["pc", "phone"]}, False),
        ({"connection": "either", "platforms": ["phone"]}, True),
        ({"connection": "wireless"}, True),
        ({}, True),
    ],
)
def test_who_telephones_and_takes_a_cable_as_well_is_held_to_no_radio(rest: dict[str, Any], is_condition: bool) -> None:
    calling = decision({"activities": ["phone_calls"], **rest})
    assert ({"bluetooth", "hands_free"} <= set(calling.must_have)) == is_condition
    at_the_wheel = decision({"activities": ["phone_calls", "driving"], **rest})
    assert {"bluetooth", "hands_free"} <= set(at_the_wheel.must_have)


def test_one_free_ear_is_enough_at_the_wheel_and_what_keeps_a_desk_in_touch_with_its_room() -> None:
    wary: dict[str, Any] = {"awareness": "required"}
    driver = decision({"activities": ["phone_calls", "driving"], **wary})
    assert "single_ear" in driver.must_have
    assert "awareness" not in driver.must_have
    assert {"single_ear", "awareness"} <= set(decision({"activities": ["driving", "exercise"], **wary}).must_have)
    desk = {"activities": ["phone_calls"], "platforms": ["desk_phone"]}
    assert "single_ear" in decision({**desk, **wary}).must_have
    assert "single_ear" not in decision(desk).must_have

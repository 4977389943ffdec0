"""The clashes of the rule base, A1 to A22, each with the one that wins."""

from __future__ import annotations

from typing import Any

import pytest

from recommender.answers import needs_from_mapping
from recommender.decision import Decision
from recommender.engine import decide
from recommender.explain import reasons
from recommender.rules import load


def decision(**needs: Any) -> Decision:
    return decide(needs_from_mapping(needs), load())


def fired(found: Decision) -> set[str]:
    return {rule.rule_id for rule in found.fired}


def defeated(found: Decision) -> dict[str, str]:
    return {loss.rule_id: loss.by for loss in found.overridden}


def test_a1_the_gamers_own_microphone_defeats_the_gaming_headset() -> None:
    found = decision(activities={"gaming_voice": 1}, has_separate_mic=True, will_use_separate_mic=True)
    assert found.kind == "headphones"
    assert {"UHS-1", "VER-1", "FAQ-1"} <= defeated(found).keys()
    assert defeated(found)["UHS-1"] == "UHP-4"
    assert all(loss.reason for loss in found.overridden)


def test_a1_without_voice_the_reason_for_a_headset_is_gone() -> None:
    found = decision(activities={"gaming_solo": 1})
    assert found.kind == "headphones"
    assert not {"UHS-1", "HST-2", "HSC-4"} & fired(found)


def test_a1_not_knowing_gives_a_headset_and_a_question() -> None:
    found = decision(activities={"gaming_unknown": 1})
    assert (found.kind, found.outcome, found.question) == ("headset", "match", "gaming_voice"), "answered, and asked"


@pytest.mark.parametrize("budget", [8, 60, 900])
def test_a2_the_price_clause_never_votes(budget: int) -> None:
    found = decision(activities={"music": 1}, sound_priority="top", budget={"max": budget, "currency": "USD"})
    assert found.kind == "headphones"
    assert "PRI-2" in fired(found)


def test_a3_mixing_is_for_headphones_and_the_stage_for_a_headset() -> None:
    assert decision(activities={"audio_editing_mixing": 1}).kind == "headphones"
    assert decision(activities={"live_performance": 1}, mic_need="required").kind == "headset"
    own = decision(activities={"live_performance": 1}, has_separate_mic=True, will_use_separate_mic=True)
    assert (own.kind, own.types[0]) == ("headphones", "in-ear")


def test_a3_equal_halves_are_either() -> None:
    found = decision(activities={"live_performance": 0.5, "audio_editing_mixing": 0.5}, mic_need="required")
    assert (found.kind, found.outcome, found.question) == ("either", "clarify", "priority")
    assert {"UHS-7", "UHP-5"} <= fired(found)


def test_a4_noise_for_the_listener_and_noise_for_the_other_side_are_two_things() -> None:
    listener = decision(activities={"travel_passenger": 1}, environment=["aeroplane_cabin"], isolation="high")
    talker = decision(activities={"phone_calls": 1}, environment=["noisy"], mic_need="required")
    pilot = decision(activities={"aviation_pilot": 1})
    assert "anc" in listener.must_have
    assert "mic_noise_cancelling" not in listener.must_have
    assert "mic_noise_cancelling" in talker.must_have
    assert "anc" not in talker.must_have
    assert "noise_reduction" in pilot.must_have


def test_a5_portability_says_nothing_when_speech_is_needed() -> None:
    found = decision(activities={"commuting": 0.5, "phone_calls": 0.5}, mic_need="required", portability="high")
    assert found.kind == "headset"
    assert "POR-2" not in fired(found)


def test_a6_and_a21_comfort_moves_types_and_features_but_not_the_kind() -> None:
    short, long = (decision(activities={"music": 1}, wear_hours_per_day=hours) for hours in (1, 8))
    assert short.kind == long.kind
    assert short.margin == long.margin
    assert "comfort_long_wear" in long.must_have
    assert "COM-2" in fired(long)


def test_a7_a_headset_needs_a_microphone_and_rare_calls_do_not() -> None:
    assert "mic_builtin" in decision(activities={"video_meetings": 1}, mic_need="required").must_have
    rare = decision(activities={"music": 0.9, "phone_calls": 0.1}, mic_need="occasional")
    assert rare.kind == "headphones"
    assert "mic_builtin" in rare.nice_to_have


def test_a8_the_film_maker_needs_some_microphone() -> None:
    with_mic = decision(activities={"video_creation": 1}, has_separate_mic=True, will_use_separate_mic=True)
    without = decision(activities={"video_creation": 1}, has_separate_mic=False, mic_need="required")
    assert with_mic.kind == "headphones"
    assert (without.kind, without.question) == ("either", "separate_mic")


def test_a9_a_daily_need_to_talk_is_a_requirement_and_fidelity_a_wish() -> None:
    found = decision(activities={"music": 0.7, "phone_calls": 0.3}, mic_need="required", sound_priority="top")
    assert found.kind == "headset"
    assert "high_fidelity" in found.nice_to_have


@pytest.mark.parametrize("other", ["audio_editing_mixing", "studio_tracking", "kids_listening"])
def test_a3_equal_halves_that_need_two_devices_are_left_open_and_asked_about(other: str) -> None:
    found = decision(activities={"video_meetings": 0.5, other: 0.5}, mic_need="required")
    assert (found.kind, found.outcome, found.question) == ("either", "clarify", "priority")
    assert decision(activities={"video_meetings": 0.51, other: 0.49}, mic_need="required").kind == "headset"
    # a hard use comes before any tie
    assert decision(activities={"call_centre": 0.5, other: 0.5}, mic_need="required").kind == "headset"


def test_a10_wireless_and_noise_cancelling_are_facets_beside_the_form() -> None:
    found = decision(
        activities={"travel_passenger": 1}, environment=["aeroplane_cabin"], isolation="high", connection="wireless"
    )
    assert found.facets == ("wireless", "noise-cancelling")
    assert found.types[0] == "over-ear"


@pytest.mark.parametrize(("hours", "first"), [(2, "business"), (3, "business"), (4, "call-centre"), (8, "call-centre")])
def test_a11_four_hours_of_calls_make_a_call_centre(hours: int, first: str) -> None:
    assert decision(activities={"customer_support": 1}, wear_hours_per_day=hours).types[0] == first


def test_a12_safety_stands_above_the_wish_for_isolation() -> None:
    found = decision(activities={"commuting": 1}, environment=["traffic", "noisy"], isolation="high")
    assert "anc" not in found.must_have
    assert "anc_without_transparency" in found.excluded
    assert "awareness" in found.must_have


def test_a13_price_bands_only_advise() -> None:
    found = decision(activities={"call_centre": 1}, budget={"max": 20, "currency": "USD"})
    assert "budget_below_typical" in found.advisories
    assert found.outcome == "match"


def test_a14_a_stated_wish_beats_the_preference_for_a_cable() -> None:
    assert "wired" in decision(activities={"music": 1}, sound_priority="top").nice_to_have
    wireless = decision(activities={"music": 1}, sound_priority="top", connection="wireless")
    assert "wired" not in {*wireless.nice_to_have, *wireless.must_have}
    assert "wireless" in wireless.must_have


def test_a15_what_an_adapter_bridges_is_a_wish_and_what_none_bridges_a_condition() -> None:
    large_jack = decision(activities={"audio_editing_mixing": 1}, connectors=["jack_6_35mm"])
    assert "jack_6_35mm" in large_jack.nice_to_have
    assert "FAQ-4" in fired(large_jack)
    xbox = decision(activities={"gaming_voice": 1}, platforms=["xbox"], connection="wireless")
    assert "platform_xbox" in xbox.must_have
    assert "bluetooth_only" in xbox.excluded


def test_a16_the_verdict_gives_way_to_anything_more_exact() -> None:
    found = decision(activities={"music": 1}, sound_priority="top")
    verdicts = [rule for rule in found.fired if rule.layer == "verdict"]
    assert verdicts
    assert all(rule.contribution == 0 for rule in verdicts)
    assert not [rule for rule in reasons(found, load()) if rule.layer == "verdict"]


def test_a17_dictating_is_speaking_and_transcribing_is_listening() -> None:
    assert decision(activities={"dictation": 1}).kind == "headset"
    typing = decision(activities={"transcription": 1}, mic_need="none")
    assert (typing.kind, typing.outcome) == ("either", "match")
    assert decision(activities={"transcription": 1}, mic_need="forbidden").kind == "headphones"


def test_a18_a_headset_chosen_for_talk_is_not_punished_for_music() -> None:
    found = decision(activities={"video_meetings": 0.5, "music": 0.5}, mic_need="required")
    assert found.kind == "headset"
    assert "HSC-1" in fired(found)
    assert not [word for word in found.excluded if word in ("stereo", "high_fidelity")]


def test_a19_a_passenger_is_no_pilot() -> None:
    passenger = decision(activities={"travel_passenger": 1}, environment=["aeroplane_cabin"])
    assert passenger.kind == "headphones"
    assert "type:aviation" in passenger.excluded
    assert not {"UHS-4", "HST-4"} & fired(passenger)


@pytest.mark.parametrize("extra", [{"wear_hours_per_day": 3}, {"user": {"age": 15}}, {"hearing": {"limit": "strict"}}])
def test_a20_long_and_young_ears_are_warned(extra: dict[str, Any]) -> None:
    assert "hearing_general" in decision(activities={"music": 1}, **extra).advisories
    assert "hearing_general" not in decision(activities={"music": 1}, wear_hours_per_day=1).advisories


def test_a22_every_reason_says_whether_it_is_the_guides_or_ours() -> None:
    found = decision(activities={"video_meetings": 1}, user={"age": 9}, wear_hours_per_day=5)
    assert {rule.basis for rule in found.fired} == {"seed", "editorial", "safety"}
    assert all(rule.section for rule in found.fired)


@pytest.mark.parametrize("activity", ["phone_calls", "call_centre", "video_meetings", "gaming_voice"])
def test_where_microphones_are_forbidden_a_wish_to_talk_does_not_bring_one(activity: str) -> None:
    """Who rules a microphone out outranks hard uses and unmet speech need (the order of precedence in rules.md 1b);
    there is one answer then, and nothing to ask."""
    found = decision(activities={activity: 1}, mic_need="forbidden")
    assert (found.kind, found.outcome, found.question) == ("headphones", "match", None)
    assert "mic_builtin" in found.excluded


def test_only_a_pilot_without_a_microphone_is_asked_which_of_the_two_it_is() -> None:
    """A radio on board is required as hard as microphones are refused: two rules for two kinds (rules.md 3.2, 4)."""
    found = decision(activities={"aviation_pilot": 1}, mic_need="forbidden")
    assert (found.kind, found.outcome, found.question) == ("either", "clarify", "mic_forbidden")

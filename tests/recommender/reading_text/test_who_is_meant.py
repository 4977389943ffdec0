"""A word may name what is done, or only who is at the other end, where one is, or what stands on the desk."""

from __future__ import annotations

import pytest

from recommender.engine import decide
from recommender.reading_text import needs_from_text
from recommender.rules import load


def done(text: str) -> dict[str, float]:
    return {activity.name: float(activity.weight) for activity in needs_from_text(text).activities}


@pytest.mark.parametrize(
    ("text", "device"),
    [
        ("I answer the phone at a reception desk all morning", "desk_phone"),
        ("On the phone to suppliers in my office", "desk_phone"),
        ("On the phone to suppliers while I drive", "phone"),
        ("Reception desk, but patients ring me on my mobile", "phone"),
    ],
)
def test_the_telephone_on_the_desk_is_not_the_one_in_the_pocket(text: str, device: str) -> None:
    assert device in needs_from_text(text).platforms
    assert len({"phone", "desk_phone"}.intersection(needs_from_text(text).platforms)) == 1


def test_a_tradesman_who_is_rung_is_no_crew() -> None:
    rung = done("Roofer on a scaffold, suppliers ring my mobile")
    assert "phone_calls" in rung
    assert "industrial_comms" not in rung
    assert "industrial_comms" in done("Roofer on a scaffold, we talk over the radio to the crane driver")


def test_whoever_is_spoken_to_is_somebody_else() -> None:
    assert "driving" not in done("Planner in an office, phone calls with drivers all day")
    assert "driving" in done("Lorry driver, phone calls with the office all day")


@pytest.mark.parametrize("title", ["rust", "the forest", "halo"])
def test_a_title_that_is_an_everyday_word_is_a_game_only_where_somebody_plays(title: str) -> None:
    assert not any(name.startswith("gaming") for name in done(f"I walk through {title} with jazz"))
    assert any(name.startswith("gaming") for name in done(f"I play {title} with jazz on"))


def test_a_scene_is_no_activity_where_something_is_done_in_it() -> None:
    assert done("Jazz in the kitchen") == {"music": 1.0}
    assert set(done("In the kitchen")) == {"multitasking_housework", "music"}


def test_two_halves_are_exact_only_where_somebody_says_so() -> None:
    assert decide(needs_from_text("Teams meetings and editing audio"), load()).kind == "headset"
    half = needs_from_text("Half my week is Teams meetings, the other half is editing audio")
    assert {activity.weight for activity in half.activities} == {activity.weight for activity in half.activities[:1]}
    assert decide(half, load()).kind == "either"
    assert decide(needs_from_text("Four hours of meetings and four hours of editing audio"), load()).kind == "either"


@pytest.mark.parametrize(
    ("text", "there", "absent"),
    [
        ("Swimming no, running yes", "exercise", "swimming"),
        ("I narrate nothing, I hear the radio", "radio_listening", "voice_recording"),
        ("Podcasts w/o wires", "podcasts_audiobooks", "phone_calls"),
    ],
)
def test_a_denial_may_stand_behind(text: str, there: str, absent: str) -> None:
    assert there in done(text)
    assert absent not in done(text)


def test_short_signs_are_words() -> None:
    assert needs_from_text("Podcasts w/o wires").connection == "wireless"
    assert needs_from_text("Harp practice. 60 euros, cable").connection == "wired"


def test_a_price_is_no_limit_of_loudness() -> None:
    assert needs_from_text("Jazz, max 80 euro please").hearing_limit is None
    assert needs_from_text("Jazz, max 80 db please").hearing_limit == "strict"


def test_one_word_of_a_short_list_names_a_feature() -> None:
    assert needs_from_text("I mix folk. Neutral and closed. 160 euros").features == ("closed_back",)
    assert needs_from_text("I mix folk in the open air").features == ()


def test_a_class_at_school_tells_an_age() -> None:
    assert needs_from_text("Grade 2 pupil who listens to stories").age == 7

"""Shapes, ears, folding, wet use and makers: what is asked for, what is refused, and what was only had before."""

from __future__ import annotations

from typing import Any

import pytest

from recommender.answers import needs_as_mapping
from recommender.engine import decide
from recommender.reading_text import needs_from_text
from recommender.rules import load


@pytest.mark.parametrize(
    ("text", "field", "value"),
    [
        ("Music, in-ear please", "forms", ["in_ear"]),
        ("Over-ear or on-ear, for music", "forms", ["over_ear", "on_ear"]),
        ("Pads that rest on the ear, for music", "forms", ["on_ear"]),
        ("Cups not buds, for music", "avoid_forms", ["in_ear"]),
        ("Music, but nothing in the ear canal", "avoid_forms", ["in_ear"]),
        ("I hate over-ears, music", "avoid_forms", ["over_ear"]),
        ("Earbuds fall out of my ears. Music.", "avoid_forms", ["in_ear"]),
        ("Over-ears make me sweat, so buds please. Soul.", "forms", ["in_ear"]),
        ("My old earbuds broke. Music.", "forms", []),
        ("My earbuds died. Music.", "avoid_forms", []),
        ("Foldable, for music", "foldable", True),
        ("They have to fold flat, music", "foldable", True),
        ("I fold laundry and hear music", "foldable", None),
        ("Gym, I sweat a lot, music", "water_resistant", True),
        ("Rain sounds, to fall asleep", "water_resistant", None),
        ("My ears sweat in meetings", "water_resistant", None),
        ("Mono headset for meetings", "ears", "one"),
        ("For both ears please? A stereo headset for calls", "ears", "two"),
        ("Music, anything but Sony", "avoid_brands", ["Sony"]),
        ("Music, no Beats and no Bose", "avoid_brands", ["Beats", "Bose"]),
        ("I can't stand Razer. Games with friends.", "avoid_brands", ["Razer"]),
        ("My Sony has no mic. Meetings.", "avoid_brands", []),
        ("I love my Bose. Music.", "avoid_brands", []),
    ],
)
def test_what_is_wished_is_told_from_what_is_refused_and_from_what_was_had(text: str, field: str, value: Any) -> None:
    assert needs_as_mapping(needs_from_text(text))[field] == value


def test_a_wish_decides_the_shape_and_never_the_kind() -> None:
    plain, wish = (decide(needs_from_text(f"Music. 80 euros.{more}"), load()) for more in ("", " In-ear only."))
    assert wish.types == ("in-ear",)
    assert (plain.kind, wish.kind) == ("headphones", "headphones")


def test_room_for_hearing_aids_comes_before_the_wish_for_buds() -> None:
    decision = decide(needs_from_text("Films with my hearing aids in, in-ear please"), load())
    assert decision.types[0] == "over-ear"
    assert "over-ear" not in decision.excluded


def test_what_was_planned_is_not_what_is() -> None:
    needs = needs_from_text("I was going to keep my desk mic for Valorant, but there is no room on the desk.")
    assert (needs.has_separate_mic, needs.will_use_separate_mic) == (True, False)
    assert needs.activities[0].name == "gaming_voice"


def test_a_microphone_they_used_to_have_is_missed_and_not_unwanted() -> None:
    needs = needs_from_text("I used to have a desk mic for Discord. It broke. Games with friends.")
    assert needs.mic_need == "required"
    assert needs.will_use_separate_mic is False


def test_who_asks_what_the_words_mean_has_said_nothing_of_a_microphone() -> None:
    assert needs_from_text("Do headphones with microphone count as a headset?").mic_need is None

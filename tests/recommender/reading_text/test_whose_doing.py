"""Whose doing is it? What others do, a place, a device's name or a way of telling is not done by the one who asks."""

from __future__ import annotations

import pytest

from recommender.reading_text import needs_from_text


def done(text: str) -> set[str]:
    return {activity.name for activity in needs_from_text(text).activities}


@pytest.mark.parametrize(
    ("theirs", "ours"),
    [
        ("My flatmate is a gamer and he is loud. I just want Chopin", "I am a gamer and my flatmate is loud"),
        (
            "Do I need a gaming headset to watch anime? I never play anything",
            "A gaming headset for anime and for games",
        ),
        ("Gaming laptop, but only for drawing and Coltrane", "Gaming laptop, but only for games and Coltrane"),
        ("I build soundscapes for games", "I play games and build soundscapes"),
    ],
)
def test_a_game_is_played_only_by_whoever_plays_it(theirs: str, ours: str) -> None:
    assert not any(name.startswith("gaming") for name in done(theirs))
    assert any(name.startswith("gaming") for name in done(ours))


@pytest.mark.parametrize(
    ("elsewhere", "here", "activity"),
    [
        ("Window seat, the pilot's announcements are all I hear", "I am the pilot of a window seat", "aviation_pilot"),
        (
            "Receptionist at a recording studio, phones all day",
            "Recording studio, I lay down vocals",
            "studio_tracking",
        ),
        ("Series on the phone on long bus rides", "On the phone to my sister on long bus rides", "phone_calls"),
        ("I sold the broadcast mic and play Helldivers", "I broadcast football and play Helldivers", "broadcasting"),
        (
            "I already own earbuds for calls; now I want opera",
            "I own opera records and want it for calls",
            "phone_calls",
        ),
    ],
)
def test_what_others_do_what_is_a_place_and_what_only_names_a_device_is_left_out(
    elsewhere: str, here: str, activity: str
) -> None:
    assert activity not in done(elsewhere)
    assert activity in done(here)


def test_a_telephone_that_tells_how_is_no_device() -> None:
    assert "phone" not in needs_from_text("I sell insurance by phone from the kitchen table").platforms
    assert "phone" in needs_from_text("I sell insurance on my phone while I walk to clients").platforms


def test_a_brothers_headset_asks_for_no_microphone() -> None:
    assert needs_from_text("My brother swears by his headset with the boom. I only hear Pink Floyd").mic_need is None
    assert needs_from_text("I need a headset with a boom for Pink Floyd").mic_need == "required"


def test_engines_are_heard_by_whoever_flies_along_but_are_no_matter_for_a_child() -> None:
    assert needs_from_text("Window seat, every second week to Denver").isolation == "high"
    assert needs_from_text("Window seat to Denver for my six-year-old, cartoons").isolation is None


def test_noise_around_talk_is_in_the_voice_too() -> None:
    assert "noisy" in needs_from_text("Telehealth nurse, kids shouting in the next room").environment
    assert "noisy" not in needs_from_text("I read novels, kids shouting in the next room").environment


def test_accents_do_not_matter() -> None:
    assert done("Dvořák in the evening") == done("Dvorak in the evening") == {"music"}


def test_an_hour_a_day_is_no_stretch_of_hours() -> None:
    assert needs_from_text("True crime, an hour a day").wear_hours_per_day == 1
    assert needs_from_text("True crime, hours a day").wear_hours_per_day == 5


def test_who_delivers_by_bicycle_keeps_both_ears() -> None:
    assert "driving" not in done("Delivering pizza by bicycle, the shop rings me")
    assert "driving" in done("Delivering pizza by van, the shop rings me")

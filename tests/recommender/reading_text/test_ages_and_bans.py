"""Ages that stand alone in front, and microphones that a rule keeps out."""

from __future__ import annotations

import pytest

from recommender.reading_text import needs_from_text


@pytest.mark.parametrize("text", ["Eight, shy, and his lessons are online", "8, and her stories come from a tablet"])
def test_a_number_in_front_of_a_child_is_an_age(text: str) -> None:
    assert needs_from_text(text).age == 8


@pytest.mark.parametrize("text", ["Eight, nine calls a day", "Eight, and I love opera", "Eight of us, and he sings"])
def test_other_numbers_in_front_are_none(text: str) -> None:
    assert needs_from_text(text).age is None


@pytest.mark.parametrize("text", ["The rule is simple: no microphones. Music.", "Vault, no mic inside. Music."])
def test_what_a_rule_keeps_out_is_forbidden(text: str) -> None:
    assert needs_from_text(text).mic_need == "forbidden"


@pytest.mark.parametrize("text", ["No microphone for me. Music.", "My brother in law gave me one with no mic. Music."])
def test_what_is_only_not_wanted_is_not(text: str) -> None:
    assert needs_from_text(text).mic_need == "none"


@pytest.mark.parametrize(
    "ban", ["recorders are not admitted", "no microphones allowed inside", "nothing that could record"]
)
def test_bans_in_other_words(ban: str) -> None:
    assert needs_from_text(f"Reading room, {ban}. I listen to speeches.").mic_need == "forbidden"

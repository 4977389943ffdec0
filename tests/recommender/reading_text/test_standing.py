"""What a text scraps, and what somebody is given for work, is not asked for."""

from __future__ import annotations

import pytest

from recommender.reading_text import needs_from_text


def activities(text: str) -> set[str]:
    return {activity.name for activity in needs_from_text(text).activities}


@pytest.mark.parametrize("turn", ["Scrap that,", "No wait, strike that:", "Er, scratch that.", "Forget that idea."])
def test_what_comes_before_a_change_of_mind_is_not_asked_for(turn: str) -> None:
    assert activities(f"Earbuds for jogging. {turn} I dictate reports.") == {"dictation"}


def test_the_figures_said_before_a_change_of_mind_still_count() -> None:
    needs = needs_from_text("Jazz, 90 euros, I am 70 years old. Scrap that, I dictate reports.")
    assert needs.budget is not None
    assert needs.budget.maximum == 90
    assert needs.age == 70


def test_a_change_of_mind_that_names_nothing_else_takes_nothing_away() -> None:
    assert activities("Jazz at home, 60 pounds. Scrap that, 80 pounds.") == {"music"}


@pytest.mark.parametrize(
    "given",
    [
        "The airline gives me my headset.",
        "What I wear there is kit supplied by the firm.",
        "On shift I use what they issue.",
        "At work I am kitted out.",
    ],
)
def test_nothing_is_bought_for_the_work_one_is_given_a_headset_for(given: str) -> None:
    assert activities(f"Airline captain. {given} I want opera on the sofa.") == {"music"}


def test_what_was_said_of_leisure_stays_whoever_pays_for_the_work() -> None:
    assert activities("I love opera. The airline gives me my headset in the cockpit.") == {"music"}


@pytest.mark.parametrize(
    "text",
    [
        "Call centre. They give us headsets, useless ones. Something for jazz too.",
        "The company gives me a hundred euros for a headset. I work in a call centre and like jazz.",
        "They pay me well in the call centre. I like jazz too.",
    ],
)
def test_who_is_given_rubbish_or_money_buys_for_the_same_work(text: str) -> None:
    assert {"call_centre", "music"} <= activities(text)


def test_who_is_given_all_of_it_and_asks_for_nothing_else_is_still_heard() -> None:
    assert activities("Pilot. The airline gives me my headset.") == {"aviation_pilot"}

"""Keep what you have, or add a microphone: real answers, where rules of ours say so."""

from __future__ import annotations

from typing import Any

import pytest

from recommender.answers import needs_from_mapping
from recommender.counterfactuals import winner_of
from recommender.engine import cited, course_of
from recommender.keeping import Option, options_of
from recommender.ranking import Catalogue
from recommender.rules import shipped
from tests.recommender.made import product

PAIR = product(1, price="40", high_fidelity=True)
SET = product(2, kind="headset", types=("business",), mic_grade="communication", price="120")
CATALOGUE = Catalogue([PAIR, SET])
DESK: dict[str, Any] = {"activities": ["video_meetings"], "platforms": ["pc"], "environment": ["quiet_home"]}


def _options(**needs: Any) -> dict[str, Option]:
    read = needs_from_mapping(needs)
    course = course_of(read, shipped())
    decision = cited(course)
    winner = winner_of(decision, read, CATALOGUE)
    return {one.key: one for one in options_of(course, decision, CATALOGUE, winner=winner)}


def test_a_desk_in_peace_may_add_a_microphone_which_is_counted_into_the_budget() -> None:
    option = _options(**DESK, budget={"max": 150, "currency": "USD"})["add_microphone"]
    assert (option.product, option.is_within, option.is_cheaper) == (PAIR, True, True)
    assert option.rule_id == "OWN-32"


def test_where_both_together_cost_too_much_that_is_said() -> None:
    assert _options(**DESK, budget={"max": 80, "currency": "USD"})["add_microphone"].product is None


def test_without_a_budget_nothing_is_claimed_about_one() -> None:
    assert _options(**DESK)["add_microphone"].is_within is None


@pytest.mark.parametrize(
    "change",
    [
        {"environment": ["open_office"]},
        {"portability": "high"},
        {"platforms": ["phone"]},
        {"activities": ["call_centre"]},
        {"mic_need": "none"},
    ],
)
def test_where_a_desk_microphone_does_not_do_none_is_offered(change: dict[str, Any]) -> None:
    assert "add_microphone" not in _options(**{**DESK, **change})


def test_who_owns_a_microphone_is_told_to_keep_it() -> None:
    option = _options(activities=["gaming_voice"], has_separate_mic=True, will_use_separate_mic=False)[
        "keep_microphone"
    ]
    assert option.product == PAIR
    assert option.microphone is None


def test_who_needs_headphones_may_keep_a_pair_that_does() -> None:
    assert "keep_headphones" in _options(activities=["music"])
    assert "keep_headphones" not in _options(activities=["call_centre"])

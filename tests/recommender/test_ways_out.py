"""Where nothing fits and nothing may be given up: what is missing is named, and other answers that help are found."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from recommender.advice import Advice, advise
from recommender.answers import needs_from_mapping
from recommender.pages.changes import edit_words
from recommender.ranking import Catalogue
from recommender.rules import shipped
from tests.recommender.made import product

NOW = datetime(2026, 11, 26, 12, tzinfo=UTC)
PAIR = product(1, wireless=True, mic_grade="none", child_size=False, volume_limited=False)
SET = product(2, kind="headset", types=("business",), mic_grade="communication", ears="two", hearing_protection=False)


def _advised(*products: Any, **needs: Any) -> Advice:
    return advise(needs_from_mapping(needs), Catalogue(products), shipped(), now=NOW)


def test_what_keeps_a_child_safe_is_named_and_not_dropped() -> None:
    advice = _advised(PAIR, activities=["music"], user={"age": 6})
    assert not advice.shortlists[0].repairs
    assert advice.way_out is not None
    assert advice.way_out.missing == ("child_size", "volume_limited")
    assert advice.way_out.edits == ()


def test_another_answer_that_leads_to_a_product_is_found() -> None:
    advice = _advised(PAIR, activities=["video_meetings"], mic_need="required")
    assert advice.way_out is not None
    for edit in advice.way_out.edits:
        again = advise(edit.applied(advice.needs), Catalogue([PAIR]), shipped(), now=NOW)
        assert any(one.confirmed or one.unconfirmed for one in again.shortlists), edit.key
    assert "mic:never" in [edit.key for edit in advice.way_out.edits]


def test_who_finds_something_or_may_give_something_up_is_told_of_no_way_out() -> None:
    assert _advised(PAIR, activities=["music"]).way_out is None
    relaxed = _advised(PAIR, activities=["music"], budget={"max": 20, "currency": "USD"})
    assert relaxed.shortlists[0].repairs
    assert relaxed.way_out is None


def test_an_empty_catalogue_has_no_way_out() -> None:
    assert _advised(activities=["music"]).way_out is None


def test_two_answers_at_once_are_one_sentence() -> None:
    words = edit_words("mic:own + connection:wired")
    assert words == "If you used a microphone of your own and if it had to have a cable"

"""The whole advice: outcome, reasons, what would flip it, and what never does."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from recommender.advice import Advice, advise
from recommender.answers import needs_from_mapping
from recommender.engine import decide
from recommender.facts import CandidateFacts
from recommender.rules import load
from tests.recommender.made import product

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)
GAMER: dict[str, Any] = {
    "activities": ["gaming_voice"],
    "has_separate_mic": False,
    "will_use_separate_mic": False,
}
HEADSET = product(
    1, kind="headset", types=("gaming",), mic_grade="communication", wireless=False, radios=frozenset(), price="80"
)


def _advice(needs: dict[str, Any], *catalogue: CandidateFacts, **options: Any) -> Advice:
    return advise(needs_from_mapping(needs), catalogue, load(), now=NOW, **options)


def test_something_that_fits_is_a_match_with_reasons() -> None:
    advice = _advice(GAMER, HEADSET)
    assert advice.outcome == "match"
    assert advice.shortlists[0].confirmed[0].product == HEADSET
    assert 1 <= len(advice.reasons) <= 4


def test_nothing_that_fits_is_relaxed_with_a_way_out() -> None:
    advice = _advice({**GAMER, "budget": {"max": 18, "currency": "USD"}}, HEADSET)
    assert advice.outcome == "relaxed"
    (repair,) = advice.shortlists[0].repairs
    assert repair.best == HEADSET


def test_without_needs_there_is_a_question_and_no_product() -> None:
    advice = _advice({}, HEADSET)
    assert advice.outcome == "clarify"
    assert advice.shortlists == ()


def test_a_draw_lists_both_kinds() -> None:
    advice = _advice({"activities": ["video_creation"]}, HEADSET, product(2))
    assert [shortlist.kind for shortlist in advice.shortlists] == ["headset", "headphones"]


def test_a_microphone_that_stays_in_use_flips_voice_gaming_and_leaving_it_flips_back() -> None:
    """MC-13."""
    own = {**GAMER, "has_separate_mic": True, "will_use_separate_mic": True}
    kinds = [_advice(needs).decision.kind for needs in (GAMER, own, {**own, "will_use_separate_mic": False})]
    assert kinds == ["headset", "headphones", "headset"]
    assert {"UHS-1", "VER-1"} <= {item.rule_id for item in _advice(own).decision.overridden}


@pytest.mark.parametrize(
    "needs",
    [
        GAMER,
        {"activities": ["music", "gaming_voice"], "mic_need": "required"},
        {"activities": ["call_centre"], "mic_need": "required"},
        {"activities": ["music"]},
        {"activities": ["video_creation"]},
    ],
)
def test_every_flip_that_is_promised_happens(needs: dict[str, Any]) -> None:
    advice = _advice(needs)
    for flip in advice.flips:
        assert flip.kind != advice.decision.kind
        assert decide(replace(advice.needs, **flip.changes), load()).kind == flip.kind


def test_a_demand_given_up_is_dropped_but_never_the_microphone() -> None:
    office = replace(HEADSET, types=("business",))
    assert not _advice(GAMER, office).shortlists[0].confirmed
    advice = _advice(GAMER, office, given_up=["type", "mic_builtin"])
    assert advice.shortlists[0].given_up == {"type"}
    assert advice.shortlists[0].confirmed[0].product == office
    assert not _advice(GAMER, replace(HEADSET, mic_grade="none"), given_up=["mic_builtin"]).shortlists[0].confirmed


def test_every_product_of_a_headset_answer_has_a_communication_microphone() -> None:
    """Kind conservation: an inline microphone makes no headset, whatever a shop calls it (A7)."""
    called_so = replace(HEADSET, slug="called-so", mic_grade="incidental")
    shortlist = _advice(GAMER, HEADSET, called_so).shortlists[0]
    assert [pick.product.slug for pick in (*shortlist.confirmed, *shortlist.unconfirmed)] == [HEADSET.slug]


def test_where_microphones_are_forbidden_nothing_with_one_is_named() -> None:
    needs = {"activities": ["transcription"], "mic_need": "forbidden"}
    silent, with_mic, unknown = (
        replace(product(number), mic_grade=grade) for number, grade in ((1, "none"), (2, "incidental"), (3, None))
    )
    shortlist = _advice(needs, silent, with_mic, unknown).shortlists[0]
    assert [pick.product.id for pick in (*shortlist.confirmed, *shortlist.unconfirmed)] == [1]


def test_the_budget_moves_products_and_never_the_kind() -> None:
    """MC-16."""
    advices = [_advice({**GAMER, "budget": {"max": amount, "currency": "USD"}}, HEADSET) for amount in (1, 79, 80, 900)]
    assert {advice.decision.kind for advice in advices} == {"headset"}
    assert [advice.outcome for advice in advices] == ["relaxed", "relaxed", "match", "match"]


def test_the_same_question_gets_the_same_answer() -> None:
    assert _advice(GAMER, HEADSET) == _advice(GAMER, HEADSET)


def test_what_a_product_lacks_and_what_is_not_known_are_two_things() -> None:
    pick = (
        _advice(GAMER, replace(HEADSET, mic_noise_cancelling=False, comfort_long_wear=None)).shortlists[0].confirmed[0]
    )
    assert "mic_noise_cancelling" in pick.lacks
    assert "comfort_long_wear" in pick.not_confirmed
    assert pick.utility.low < pick.utility.high
    assert pick.utility.coverage < Decimal(1)

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviews.own_weights import HEAVIEST, on_scale, read, rerank, spelt
from reviews.scoring import overall

OURS = {"sound": 50, "comfort": 30, "carrying": 20, "extras": 0}
KEYS = tuple(OURS)
WEIGHTS = st.fixed_dictionaries({key: st.integers(0, HEAVIEST) for key in KEYS}).filter(lambda one: any(one.values()))
SCORES = st.dictionaries(
    st.integers(1, 6),
    st.dictionaries(st.sampled_from(KEYS), st.integers(0, 100).map(lambda tenths: Decimal(tenths) / 10)),
    max_size=6,
)


def test_ours_are_shown_on_the_reader_s_scale() -> None:
    assert on_scale(OURS) == {"sound": 10, "comfort": 6, "carrying": 4, "extras": 0}
    assert on_scale({"a": 100, "b": 1}) == {"a": 10, "b": 1}
    assert on_scale({"a": 0}) == {"a": 0}


def test_nothing_written_means_ours_and_is_spelt_as_nothing() -> None:
    found = read([], OURS)
    assert found.is_ours
    assert found.spelling == ""


def test_what_differs_is_spelt_in_the_method_s_order() -> None:
    assert read(["comfort.9,sound.3"], OURS).spelling == "sound.3,comfort.9"
    assert read(["sound.10,comfort.9"], OURS).spelling == "comfort.9"


def test_the_numbers_of_a_form_are_taken_in_order() -> None:
    assert read(["3", "6", "4", "0"], OURS).spelling == "sound.3"


@pytest.mark.parametrize(
    ("written", "says"),
    [
        (["noise.5"], "“noise.5” weighs no criterion"),
        (["sound.11"], "from 0 to 10"),
        (["sound.-1"], "weighs no criterion"),
        (["3", "4"], "2 weights are given for 4 criteria"),
        (["0", "0", "0", "0"], "Everything was weighed 0"),
        (["sound.٥"], "weighs no criterion"),
        (["<script>"], "weighs no criterion"),
    ],
)
def test_what_makes_no_sense_is_said_and_ours_stands(written: list[str], says: str) -> None:
    found = read(written, OURS)
    assert says in found.problems[0]
    assert found.is_ours


@given(WEIGHTS)
def test_an_address_gives_back_the_weights_it_was_made_of(weights: dict[str, int]) -> None:
    found = read([spelt(weights, on_scale(OURS))], OURS)
    assert found.weights == weights
    assert found.problems == ()
    assert read([str(weights[key]) for key in KEYS], OURS) == found


@given(SCORES, WEIGHTS)
def test_overalls_are_those_of_scoring_and_missing_scores_are_never_zero(
    scores: dict[int, dict[str, Decimal]], yours: dict[str, int]
) -> None:
    found = rerank(scores, OURS, yours)
    for one in found.standings:
        assert one.yours == overall(scores[one.product_id], yours).value
        assert one.ours == overall(scores[one.product_id], OURS).value
    ranked = {one.product_id for one in found.standings}
    apart = {one.product_id for one in found.apart}
    assert ranked | apart == set(scores)
    assert not ranked & apart
    for other in found.apart:
        assert other.missing
        assert all(key not in scores[other.product_id] for key in other.missing)
        assert all(yours[key] or OURS[key] for key in other.missing)


@given(SCORES, WEIGHTS)
def test_the_order_is_by_the_reader_s_weights_and_what_moved_is_a_weight_that_changed(
    scores: dict[int, dict[str, Decimal]], yours: dict[str, int]
) -> None:
    standings = rerank(scores, OURS, yours).standings
    assert [one.yours for one in standings] == sorted((one.yours for one in standings), reverse=True)
    total, ours = sum(yours.values()), sum(OURS.values())
    for one in standings:
        assert bool(one.moved_by) <= bool(one.places)
        if one.moved_by:
            assert yours[one.moved_by] * ours != OURS[one.moved_by] * total


@given(SCORES)
def test_our_own_weights_move_nobody(scores: dict[int, dict[str, Decimal]]) -> None:
    assert all(one.places == 0 and one.moved_by == "" for one in rerank(scores, OURS, OURS).standings)


def test_what_moved_a_product_is_the_weight_that_pulled_hardest() -> None:
    scores = {
        1: {"sound": Decimal(9), "comfort": Decimal(5), "carrying": Decimal(5), "extras": Decimal(5)},
        2: {"sound": Decimal(6), "comfort": Decimal(9), "carrying": Decimal(5), "extras": Decimal(5)},
    }
    found = rerank(scores, OURS, {"sound": 2, "comfort": 10, "carrying": 4, "extras": 0}).standings
    assert [(one.product_id, one.places, one.moved_by) for one in found] == [(2, 1, "comfort"), (1, -1, "comfort")]

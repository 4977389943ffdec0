"""Overalls are means that keep the rules of means, whatever scores and weights come."""

from __future__ import annotations

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from reviews.scoring import LEAST_COVERED, moves, out_of_order, overall, ranks, shares

KEYS = ("sound", "comfort", "battery", "calls", "carrying")
scores_of_all = st.fixed_dictionaries({key: st.decimals(0, 10, places=1) for key in KEYS})
weights_of_all = st.fixed_dictionaries({key: st.integers(0, 100) for key in KEYS}).filter(lambda w: any(w.values()))
D = Decimal


@given(scores_of_all, weights_of_all, st.permutations(KEYS))
def test_the_order_of_criteria_makes_no_difference(
    scores: dict[str, Decimal], weights: dict[str, int], order: list[str]
) -> None:
    shuffled = overall({key: scores[key] for key in order}, {key: weights[key] for key in order})
    assert shuffled.value == overall(scores, weights).value


@given(scores_of_all, weights_of_all, st.integers(2, 50))
def test_weights_that_all_grow_by_a_factor_make_no_difference(
    scores: dict[str, Decimal], weights: dict[str, int], factor: int
) -> None:
    grown = {key: weight * factor for key, weight in weights.items()}
    assert overall(scores, grown) == overall(scores, weights)
    assert shares(list(grown.values())) == shares(list(weights.values()))


@given(scores_of_all, weights_of_all, st.sampled_from(KEYS), st.decimals(0, 10, places=1))
def test_a_better_score_never_makes_it_worse(
    scores: dict[str, Decimal], weights: dict[str, int], key: str, value: Decimal
) -> None:
    better = {**scores, key: max(value, scores[key])}
    before, after = overall(scores, weights).value, overall(better, weights).value
    assert before is not None
    assert after is not None
    assert after >= before


@given(scores_of_all, weights_of_all)
def test_it_lies_between_the_lowest_and_the_highest_score_that_counts(
    scores: dict[str, Decimal], weights: dict[str, int]
) -> None:
    counting = [scores[key] for key, weight in weights.items() if weight]
    value = overall(scores, weights).value
    assert value is not None
    assert min(counting) <= value <= max(counting)
    assert value == round(value, 1)


@given(st.lists(st.integers(0, 100), min_size=1, max_size=15).filter(any))
def test_shares_are_whole_and_add_up_to_a_hundred(weights: list[int]) -> None:
    found = shares(weights)
    assert sum(found) == 100
    assert all(abs(share - 100 * weight / sum(weights)) < 1 for share, weight in zip(found, weights, strict=True))


def test_halves_go_up() -> None:
    assert overall({"a": D("7.0"), "b": D("7.1")}, {"a": 1, "b": 1}).value == D("7.1")
    assert overall({"a": D("7.0"), "b": D("7.0"), "c": D("7.1")}, {"a": 1, "b": 1, "c": 1}).value == D("7.0")


def test_what_is_missing_is_named_and_left_out_of_the_mean() -> None:
    found = overall({"sound": D(8), "comfort": D(6)}, {"sound": 50, "comfort": 25, "battery": 25, "rgb": 0})
    assert found.value == D("7.3")
    assert (found.counted, found.wanted, found.missing) == (2, 3, ("battery",))


def test_below_the_least_coverage_there_is_no_overall() -> None:
    weights = {"sound": 60, "comfort": 40}
    assert D("0.6") == LEAST_COVERED
    assert overall({"sound": D(8)}, weights).value == D("8.0")
    assert overall({"sound": D(8)}, {"sound": 59, "comfort": 41}).value is None
    assert overall({"comfort": D(8)}, weights).value is None
    assert overall({}, weights).value is None
    assert overall({"sound": D(8)}, {"sound": 0}).value is None


def test_equal_overalls_share_a_rank_and_none_has_none() -> None:
    assert ranks({"a": D(8), "b": D(9), "c": D(8), "d": None, "e": D(7)}) == {"a": 2, "b": 1, "c": 2, "d": None, "e": 4}


def test_who_moves_is_told_in_the_new_order() -> None:
    found = moves({1: D(9), 2: D(8), 3: D(7), 4: D(6)}, {1: D("7.5"), 2: D(8), 3: D(7)})
    assert [(one.product_id, one.rank_before, one.rank_after, one.places) for one in found] == [
        (2, 2, 1, 1),
        (1, 1, 2, -1),
        (3, 3, 3, 0),
        (4, 4, None, 0),
    ]
    assert [one.changes for one in found] == [True, True, False, True]


def test_a_list_that_does_not_follow_the_scores_is_told_by_neighbours() -> None:
    assert out_of_order([1, 2, 3, 4], {1: D(9), 2: None, 3: D("9.1"), 4: D(8)}) == ((1, 3),)
    assert out_of_order([1, 3], {1: D(9), 3: D(9)}) == ()

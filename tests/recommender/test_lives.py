"""Answers for people who were written down before anybody looked at what our rules make of them."""

from __future__ import annotations

import pytest

from recommender.engine import decide
from recommender.rules import load
from tests.recommender.lives import LIVES, is_right_in_all, needs_on, shares


@pytest.mark.parametrize(
    ("track", "kind", "whole"),
    [("structured", 1.0, 0.927), ("masked", 0.954, 0.872), ("text", 1.0, 0.927)],
)
def test_the_share_of_right_answers_stays_where_it_is(track: str, kind: float, whole: float) -> None:
    kinds, wholes = shares(track)
    assert kinds >= kind
    assert wholes >= whole


def test_plain_cases_are_all_told_apart_without_a_word_on_microphones() -> None:
    assert shares("masked", "plain")[0] == 1.0


def test_the_scorer_sees_a_missing_must_and_a_wrong_kind() -> None:
    life = next(life for life in LIVES if life["expected"]["must_have"] and is_right(life))
    expected = dict(life["expected"])
    decision = decide(needs_on("structured", life), load())
    assert not is_right_in_all(decision, {**expected, "must_have": [*expected["must_have"], "never_had"]})
    assert not is_right_in_all(decision, {**expected, "kind": "either"})
    assert not is_right_in_all(decision, {**expected, "must_not_cite": [decision.fired[0].rule_id]})
    assert not is_right_in_all(decision, {**expected, "outcome": "relax_expected"})


def is_right(life: object) -> bool:
    assert isinstance(life, dict)
    return is_right_in_all(decide(needs_on("structured", life), load()), life["expected"])

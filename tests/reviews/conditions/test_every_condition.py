"""The contract that every condition keeps, and what a new one is held to without a test of its own."""

from __future__ import annotations

from pathlib import Path

import pytest

from reviews import conditions
from reviews.conditions import CONDITIONS
from reviews.conditions.base import Condition, State
from tests.reviews.conditions.facts import facts, watched

pytestmark = pytest.mark.parametrize("condition", CONDITIONS.values(), ids=CONDITIONS)


def test_its_example_fits_and_is_kept_as_it_is_stored(condition: Condition) -> None:
    stored, problems = condition.fit(condition.example)
    assert not problems
    assert condition.fit(stored) == (stored, [])


def test_what_nothing_is_known_about_is_never_called_broken(condition: Condition) -> None:
    least, _ = condition.others
    stored, _ = condition.fit(condition.example)
    outcome = condition.judge(stored, facts(watched(), *(watched(name=f"Other {n}") for n in range(least))))
    if condition.key in ("still_made", "available_at"):  # a status and a list of offers are always known
        pytest.skip("says itself what is known")
    assert outcome.state is State.UNKNOWN
    assert outcome.reason.endswith(".")


def test_says_what_has_to_stay_true_behind_a_name(condition: Condition) -> None:
    stored, _ = condition.fit(condition.example)
    said = condition.says(stored)
    assert said == said.strip()
    assert said[0].islower()
    assert not said.endswith(".")


def test_refuses_a_number_of_products_that_it_cannot_compare(condition: Condition) -> None:
    least, most = condition.others
    assert condition.count_problem(0)
    assert not condition.count_problem(least + 1)
    assert not condition.count_problem(most + 1)
    assert condition.count_problem(most + 2)


def test_has_a_file_of_its_name(condition: Condition) -> None:
    assert (Path(conditions.__path__[0]) / f"{condition.key}.py").is_file()
    assert len(condition.key) <= 30

from __future__ import annotations

from decimal import Decimal
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from reviews.blocks.scores import Scores, overall
from tests.reviews.blocks.facts import here, product

ROWS = st.lists(
    st.fixed_dictionaries(
        {
            "score": st.integers(0, 100).map(lambda tenths: str(Decimal(tenths) / 10)),
            "weight": st.integers(1, 100).map(str),
        }
    ),
    min_size=1,
    max_size=15,
)


def row(criterion: str, score: str, weight: str) -> dict[str, Any]:
    return {"criterion": criterion, "score": score, "weight": weight, "note": ""}


def test_the_overall_is_the_weighted_mean() -> None:
    assert overall([row("Sound", "9.0", "75"), row("Comfort", "5.0", "25")]) == Decimal("8.0")


def test_halves_go_up() -> None:
    assert overall([row("A", "7.0", "1"), row("B", "7.1", "1")]) == Decimal("7.1")


@given(ROWS)
def test_the_overall_lies_between_the_lowest_and_the_highest_score(rows: list[dict[str, str]]) -> None:
    scores = [Decimal(one["score"]) for one in rows]
    assert min(scores) <= overall(rows) <= max(scores)


def test_an_overall_cannot_be_typed() -> None:
    _, problems = Scores().fit({"rows": [row("A", "7", "1")], "overall": "9.9"}, product_count=1)
    assert "overall: is not a field here" in str(problems[0])


def test_one_criterion_is_scored_once() -> None:
    _, problems = Scores().fit({"rows": [row("Sound", "7", "1"), row("sound", "8", "1")]}, product_count=1)
    assert str(problems[0]) == "“sound” is scored twice: make it one row."


def test_weights_are_shown_as_shares() -> None:
    view = Scores().build({"rows": [row("A", "7.0", "30"), row("B", "8.0", "10")]}, [product()], here())
    assert [one.share for one in view.rows] == [75, 25]

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.template.loader import render_to_string
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
    found = overall(rows)
    assert found is not None
    assert min(scores) <= found <= max(scores)


def test_an_overall_cannot_be_typed() -> None:
    _, problems = Scores().fit({"rows": [row("A", "7", "1")], "overall": "9.9"}, product_count=1)
    assert "overall: is not a field here" in str(problems[0])


def test_one_criterion_is_scored_once() -> None:
    _, problems = Scores().fit({"rows": [row("Sound", "7", "1"), row("sound", "8", "1")]}, product_count=1)
    assert str(problems[0]) == "“sound” is scored twice: make it one row."


def test_weights_are_shown_as_shares() -> None:
    view = Scores().build({"rows": [row("A", "7.0", "30"), row("B", "8.0", "10")]}, [product()], here())
    assert [one.share for one in view.rows] == [75, 25]


FROZEN = {
    "method": 2,
    "label": "Commuting",
    "rows": [
        {
            "criterion": "Quiet",
            "score": "9.0",
            "weight": 35,
            "note": "Cancelling.",
            "source_url": "https://maker.example/",
        },
        {"criterion": "Carrying", "score": "8.0", "weight": 25, "note": ""},
        {"criterion": "Comfort", "score": None, "weight": 15, "note": ""},
    ],
}


def test_rows_by_the_method_are_those_that_were_frozen() -> None:
    view = Scores().build({"use_case": "commuting", "rows": [], "frozen": FROZEN}, [product()], here())
    assert view.overall == Decimal("8.6")
    assert view.missing == ("Comfort",)
    assert sum(row.share for row in view.rows) == 100
    assert view.method is not None
    assert (view.method.number, view.method.use_case, view.method.url) == (2, "Commuting", "/method/2/")


def test_nothing_frozen_yet_is_no_score() -> None:
    view = Scores().build({"use_case": "commuting", "rows": []}, [product()], here())
    assert (view.overall, view.rows, view.method) == (None, (), None)
    assert "No overall score" in render_to_string("blocks/scores.html", {"block": view})


def test_the_method_s_rows_name_version_source_and_what_is_missing() -> None:
    view = Scores().build({"use_case": "commuting", "rows": [], "frozen": FROZEN}, [product()], here())
    html = render_to_string("blocks/scores.html", {"block": view})
    assert '<a href="/method/2/">Method 2</a>, weighted for Commuting' in html
    assert 'href="https://maker.example/"' in html
    assert "1 of 3 criteria is not scored and left out: Comfort." in html
    assert "Not scored" in html


def test_scores_are_typed_or_taken_from_the_method_not_both() -> None:
    rows = [row("A", "7", "1")]
    assert "remove the rows" in str(Scores().fit({"use_case": "x", "rows": rows}, product_count=1)[1][0])
    assert "add a row for each" in str(Scores().fit({}, product_count=1)[1][0])
    assert Scores().fit({"use_case": "x", "frozen": FROZEN}, product_count=1) == (
        {"title": "", "use_case": "x", "rows": []},
        [],
    )


def test_a_block_of_typed_rows_is_stored_as_before_there_was_a_method() -> None:
    stored, problems = Scores().fit({"title": "", "rows": [row("A", "7", "1")]}, product_count=1)
    assert problems == []
    assert "use_case" not in stored

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from reviews.block_fields import (
    Choice,
    Choices,
    Field,
    Lines,
    LongText,
    Number,
    RichText,
    Rows,
    Text,
    UnfitError,
    fit,
    rich_texts,
)

SCORE = Number(name="n", label="Score", minimum=Decimal(0), maximum=Decimal(10), places=1)


def refusal(field: Field, value: Any) -> str:
    with pytest.raises(UnfitError) as caught:
        field.cleaned(value)
    return str(caught.value)


def test_a_line_is_one_line_without_edges_or_zero_bytes() -> None:
    assert Text(name="t", label="T").cleaned("  a\n b\x00 ") == "a b"


def test_a_text_that_is_too_long_says_both_lengths() -> None:
    assert refusal(Text(name="t", label="Title", max_length=3), "four") == "Title: is 4 characters long; 3 fit."
    assert refusal(LongText(name="t", label="Text", max_length=3), "four") == "Text: is 4 characters long; 3 fit."


@pytest.mark.parametrize("empty", [None, "", "   ", []])
def test_a_required_field_left_empty_is_missing(empty: Any) -> None:
    assert refusal(Lines(name="l", label="Pros"), empty or None) == "Pros: is missing."
    if not isinstance(empty, list):
        assert refusal(Text(name="t", label="Title"), empty) == "Title: is missing."


def test_an_optional_field_left_empty_is_stored_empty() -> None:
    assert Text(name="t", label="T", required=False).cleaned(None) == ""
    assert Lines(name="l", label="L", required=False).cleaned("") == []


@pytest.mark.parametrize(
    ("given", "kept"), [(8, "8.0"), (7.5, "7.5"), ("10", "10.0"), (Decimal(0), "0.0"), ("1e1", "10.0")]
)
def test_numbers_are_kept_as_text_with_their_places(given: Any, kept: str) -> None:
    assert SCORE.cleaned(given) == kept


@pytest.mark.parametrize(
    ("given", "words"),
    [
        (11, "must be between 0 and 10, not 11."),
        ("-1", "must be between 0 and 10, not -1."),
        ("7.55", "takes at most 1 decimal place(s), not 7.55."),
        ("7,5", "'7,5' is not a number; write it like 7.5."),
        ("NaN", "must be between 0 and 10, not NaN."),
        ("Infinity", "must be between 0 and 10, not Infinity."),
        ("1e999999", "must be between 0 and 10, not 1e999999."),
        (True, "must be a number, not yes or no."),
        ([1], "must be a number, not a list."),
    ],
)
def test_numbers_that_do_not_fit_are_told_why(given: Any, words: str) -> None:
    assert refusal(SCORE, given) == f"Score: {words}"


def test_lines_come_from_a_text_area_or_a_list() -> None:
    field = Lines(name="l", label="Pros", minimum=1, maximum=2)
    assert field.cleaned(" a \r\n\n b") == ["a", "b"]
    assert field.cleaned(["a"]) == ["a"]
    assert refusal(field, "a\nb\nc") == "Pros: has 3 lines; it takes 1 to 2."
    assert refusal(field, ["a", 7]) == "Pros: must be text, not a number."


def test_choices_keep_their_order_and_refuse_what_is_not_offered() -> None:
    options = (("a", "A"), ("b", "B"))
    assert Choices(name="c", label="C", options=options).cleaned(["b", "a", "b"]) == ["b", "a"]
    assert (
        refusal(Choices(name="c", label="Specs", options=options), ["x"])
        == "Specs: 'x' cannot be chosen; known are a, b."
    )
    assert refusal(Choices(name="c", label="Specs", options=options), [["a"]]).startswith("Specs: ['a'] cannot")
    assert refusal(Choice(name="c", label="Kind", options=options), "x") == "Kind: 'x' is not one of a, b."


def test_rows_drop_the_empty_ones_and_name_row_and_column_of_a_wrong_one() -> None:
    rows = Rows(name="r", label="Criteria", columns=(Text(name="what", label="Criterion"), SCORE), minimum=1, maximum=2)
    assert rows.cleaned([{"what": "", "n": ""}, {"what": "Sound", "n": 8}]) == [{"what": "Sound", "n": "8.0"}]
    with pytest.raises(UnfitError) as caught:
        rows.cleaned([{"what": "Sound", "n": 8}, {"what": "Fit", "n": 80}])
    (problem,) = caught.value.problems
    assert problem.path == ("r", 2, "n")
    assert str(problem) == "Criteria, row 2, Score: must be between 0 and 10, not 80."
    assert refusal(rows, ["no row"]).startswith("Criteria, row 1: must be a set of fields, not text.")
    assert refusal(rows, [{"what": str(i), "n": 1} for i in range(3)]) == "Criteria: has 3 rows; it takes 1 to 2."


def test_all_problems_are_told_at_once_and_good_fields_are_kept() -> None:
    fields = (Text(name="a", label="A"), Text(name="b", label="B"), SCORE)
    stored, problems = fit(fields, {"a": "fine", "n": "x", "c": 1})
    assert stored == {"a": "fine"}
    assert [str(problem) for problem in problems] == [
        "c: is not a field here; known are a, b, n.",
        "B: is missing.",
        "Score: 'x' is not a number; write it like 7.5.",
    ]


def test_formatted_texts_are_found_inside_rows_too() -> None:
    fields = (RichText(name="a", label="A"), Rows(name="r", label="R", columns=(RichText(name="b", label="B"),)))
    assert rich_texts(fields, {"a": "<p>1</p>", "r": [{"b": "<p>2</p>"}, {}]}) == ["<p>1</p>", "<p>2</p>"]

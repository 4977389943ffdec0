"""Two spellings of one name meet, and how far two words are apart is counted right."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.facets.words import digits_of, edits, folded, letters, pieces, plain, runs, typed

short = st.text("abé12- ", max_size=6)


@given(st.text(max_size=40))
def test_folding_twice_changes_nothing_more(text: str) -> None:
    assert folded(folded(text)) == folded(text)


@given(st.text(st.characters(codec="ascii"), max_size=30))
def test_the_pieces_put_together_are_the_folded_name(text: str) -> None:
    assert "".join(pieces(text)) == folded(text)


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("WH-1000XM5", ("wh", "1000", "xm", "5")),
        ("QuietComfort 45", ("quiet", "comfort", "45")),
        ("iPhone", ("i", "phone")),
        ("Q20+", ("q", "20", "plus")),
        ("Mémoire²", ("memoire", "2")),
        ("80 Ω", ("80", "ω")),
    ],
)
def test_a_name_falls_apart_where_its_sort_of_sign_changes(text: str, parts: tuple[str, ...]) -> None:
    assert pieces(text) == parts


def test_a_run_says_where_its_pieces_end() -> None:
    assert runs("HD 600") == {"hd600": 1 << 2 | 1 << 5, "600": 1 << 3}


def test_quotation_marks_hold_words_together_and_say_that_they_are_literal() -> None:
    words = typed('sony "wh-1000 xm5" in-ear "')
    assert [(word.word, word.is_literal) for word in words] == [
        ("sony", False),
        ("wh1000", True),
        ("xm5", True),
        ("inear", False),
    ]
    assert words[3].parts == ("in", "ear")


def apart(one: str, other: str) -> int:
    """The same by definition: the cheapest way over all alignments, neighbours swapped at one's cost."""
    far = [[0] * (len(other) + 1) for _ in range(len(one) + 1)]
    for i in range(len(one) + 1):
        for j in range(len(other) + 1):
            ways = [i + j] if not i or not j else []
            if i and j:
                ways += [far[i - 1][j] + 1, far[i][j - 1] + 1, far[i - 1][j - 1] + (one[i - 1] != other[j - 1])]
            if i > 1 and j > 1 and one[i - 1] == other[j - 2] and one[i - 2] == other[j - 1]:
                ways.append(far[i - 2][j - 2] + 1)
            far[i][j] = min(ways)
    return far[-1][-1]


@given(short, short, st.integers(0, 3))
def test_edits_are_counted_up_to_the_limit(one: str, other: str, limit: int) -> None:
    assert edits(one, other, limit) == min(apart(one, other), limit + 1)


@given(short, short, st.integers(0, 3))
def test_the_nearest_beginning_is_found(one: str, other: str, limit: int) -> None:
    nearest = min(apart(one, other[:length]) for length in range(len(other) + 1))
    assert edits(one, other, limit, is_beginning=True) == min(nearest, limit + 1)


@given(short, short)
def test_words_whose_signs_differ_much_are_far_apart(one: str, other: str) -> None:
    assert (letters(one) ^ letters(other)).bit_count() <= 2 * apart(one, other)


def test_numbers_are_told_apart() -> None:
    assert digits_of("wh1000xm5") == "1000 5"
    assert plain("é") == "e"

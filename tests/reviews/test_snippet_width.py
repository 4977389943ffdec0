from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviews.snippet_width import DESCRIPTION, TITLE, Line, measured, pixels


@pytest.mark.parametrize(
    ("text", "size", "wide"),
    [
        ("", 20, 0),
        ("iiiiiiiiii", 20, 45),  # 455/2048 of the size each
        ("WWWWWWWWWW", 20, 189),
        ("0123456789", 20, 112),
        ("é", 20, 12),
        ("耳机", 20, 40),  # as wide as high
        ("e\u0301", 20, 12),  # an accent of its own takes no room
        ("🎧", 14, 14),
    ],
)
def test_a_text_is_as_wide_as_arial_draws_it(text: str, size: int, wide: int) -> None:
    assert pixels(text, size) == wide


def test_what_fits_is_shown_whole() -> None:
    found = measured("Sony WH-1000XM5 review", TITLE)
    assert (found.shown, found.is_cut) == ("Sony WH-1000XM5 review", False)


def test_what_does_not_fit_ends_after_a_whole_word() -> None:
    found = measured("headphones " * 9, TITLE)
    assert found.is_cut
    assert set(found.shown.split()) == {"headphones", "..."}


def test_a_single_endless_word_is_cut_within() -> None:
    found = measured("w" * 200, TITLE)
    assert found.shown.endswith("w ...")
    assert pixels(found.shown, TITLE.size) <= TITLE.room


@given(st.text(max_size=300), st.sampled_from([TITLE, DESCRIPTION, Line(size=20, room=40)]))
def test_what_is_shown_always_fits_its_line(text: str, line: Line) -> None:
    found = measured(text, line)
    assert pixels(found.shown, line.size) <= line.room
    assert found.is_cut == (found.shown != found.text)

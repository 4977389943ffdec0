"""A visitor's second click on a link within the hour is a repeat, in whatever order the two come."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from catalog.clicks.repeats import WINDOW, Counted, repeats

MINUTE = 60 * 1_000_000


def click(minute: float, *, visit: int = 1) -> Counted:
    return Counted(int(minute * MINUTE), f"{minute}-{visit}", visit)


def test_the_first_counts_and_the_others_of_its_hour_do_not() -> None:
    assert repeats([click(0), click(1), click(59)], []) == {"1-1", "59-1"}


def test_after_an_hour_the_next_counts_again_and_repeats_do_not_stretch_it() -> None:
    assert repeats([click(0), click(40), click(60), click(80)], []) == {"40-1", "80-1"}


def test_another_visit_is_no_repeat() -> None:
    assert repeats([click(0), click(1, visit=2)], []) == set()


def test_what_was_counted_before_counts_here_too() -> None:
    assert repeats([click(10)], [click(0)]) == {"10-1"}
    assert repeats([click(61)], [click(0)]) == set()


def test_a_click_that_is_shipped_twice_is_not_its_own_repeat() -> None:
    assert repeats([click(0), click(5)], [click(0)]) == {"5-1"}


def test_a_line_that_stands_twice_in_a_batch_is_no_repeat_of_itself() -> None:
    assert repeats([click(0), click(0)], []) == set()


def test_an_earlier_click_that_comes_late_counts_together_with_the_later_one_once() -> None:
    assert repeats([click(0)], [click(30)]) == {"0-1"}
    assert repeats([click(0)], [click(60)]) == set()


clicks = st.lists(
    st.builds(
        lambda minute, visit: click(minute, visit=visit),
        st.integers(0, 300),
        st.integers(1, 2),
    ),
    max_size=30,
    unique_by=lambda one: one.click_id,
)


@given(clicks, st.integers(0, 30))
def test_two_that_count_are_an_hour_apart_however_the_clicks_are_cut_into_batches(
    made: list[Counted], cut: int
) -> None:
    counted: list[Counted] = []
    for batch in (made[:cut], made[cut:]):
        found = repeats(batch, counted)
        counted += [one for one in batch if one.click_id not in found]
    for one in counted:
        others = [other for other in counted if other is not one and other.visit == one.visit]
        assert all(abs(one.at - other.at) >= WINDOW for other in others)
    for one in made:
        near = [other for other in counted if other.visit == one.visit and abs(other.at - one.at) < WINDOW]
        assert near, "a click that nobody counted and that repeats none"

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID, uuid4

import pytest
import uuid_utils
from hypothesis import given
from hypothesis import strategies as st

from catalog.clicks import ids as click_ids

CLICK = UUID("019ac0de-7a11-7bcd-8f01-23456789abcd")


def test_a_click_id_comes_back_from_its_26_letters_and_digits():
    sub_id = click_ids.sub_id(CLICK)

    assert len(sub_id) == 26
    assert sub_id.isalnum()
    assert sub_id.isascii()
    assert sub_id == sub_id.lower()
    assert click_ids.click_id(sub_id) == CLICK


def test_a_report_in_capitals_with_space_around_is_understood():
    assert click_ids.click_id(f"  {click_ids.sub_id(CLICK).upper()}\n") == CLICK


@given(st.integers(0, 2**48 - 1), st.integers(0, 2**12 - 1), st.integers(0, 2**62 - 1))
def test_no_two_ids_share_a_sub_id(milliseconds: int, first: int, second: int):
    made = UUID(int=milliseconds << 80 | 7 << 76 | first << 64 | 0b10 << 62 | second)

    assert click_ids.click_id(click_ids.sub_id(made)) == made


@pytest.mark.parametrize(
    "text",
    [
        "",
        "abc",
        "o" * 26,
        "z" * 26,
        "0" * 26,
        click_ids.sub_id(CLICK) + "0",
        "guide.3.1-ab",
        click_ids.sub_id(UUID("6f9619ff-8b86-4011-b42d-00cf4fc964ff")),
    ],
    ids=["empty", "short", "not a digit of ours", "too large", "zero", "too long", "a placement", "another kind of id"],
)
def test_what_is_no_click_of_ours_is_nothing(text: str):
    assert click_ids.click_id(text) is None


def test_random_ids_are_not_taken_for_clicks():
    assert click_ids.click_id(click_ids.sub_id(uuid4())) is None


def test_the_time_of_the_click_is_in_its_id():
    before = datetime.now(UTC)
    made = click_ids.made_at(UUID(int=uuid_utils.uuid7().int))

    assert abs((made - before).total_seconds()) < 5
    assert click_ids.made_at(CLICK) == datetime(2025, 11, 26, 15, 53, 17, 73000, tzinfo=UTC)

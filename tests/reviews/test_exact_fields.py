from __future__ import annotations

from datetime import date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviews.block_fields import Field, UnfitError
from reviews.exact_fields import Day, Flag, Grid, WebAddress, is_web_address, typed_grid

DAY = Day(name="day", label="Published there on")
GRID = Grid(name="cells", label="Cells")
ADDRESS = WebAddress(name="address", label="Address")


def refusal(field: Field, value: Any) -> str:
    with pytest.raises(UnfitError) as caught:
        field.cleaned(value)
    return str(caught.value)


@pytest.mark.parametrize("said", [True, "on", "yes", "true", "1"])
def test_yes_is_yes_however_it_is_said(said: object) -> None:
    assert Flag(name="f", label="Flag").cleaned(said) is True


@pytest.mark.parametrize("said", [False, "", None, "no", "false", "0"])
def test_what_is_not_said_is_no(said: object) -> None:
    assert Flag(name="f", label="Flag").cleaned(said) is False


def test_what_is_neither_yes_nor_no_is_refused() -> None:
    assert refusal(Flag(name="f", label="Flag"), "perhaps") == "Flag: must be yes or no, not 'perhaps'."
    assert "must be yes or no" in refusal(Flag(name="f", label="Flag"), {"no": "fit"})


def test_a_day_is_stored_as_it_is_written_in_its_standard() -> None:
    assert DAY.cleaned(" 2026-05-31 ") == "2026-05-31"
    assert DAY.cleaned(date(2026, 5, 31)) == "2026-05-31"


@pytest.mark.parametrize("written", ["31.5.2026", "2026-02-30", "20260531", "2026-5-31", "today", "２０２６-05-31"])
def test_what_is_no_day_is_refused_with_an_example(written: str) -> None:
    assert "write it like 2026-05-31" in refusal(DAY, written)


def test_a_moment_is_no_day() -> None:
    assert "must be text" in refusal(DAY, datetime(2026, 5, 31))  # noqa: DTZ001 - it is to be refused


@pytest.mark.parametrize(
    "address",
    [
        "javascript:alert(1)", "//host.example/x", "https:///x", "https://localhost/", "ftp://host.example/",
        "https://user:word@host.example/", "https://host.example/a b", 'https://host.example/"x', "https://[::1/",
        "https://host.example:99999/", "https://-host.example/", "host.example/x",
    ],
)  # fmt: skip
def test_what_cannot_stand_in_a_link_is_no_web_address(address: str) -> None:
    assert not is_web_address(address)
    assert "is not a web address; copy it whole" in refusal(ADDRESS, address)


def test_a_web_address_is_kept_as_it_is() -> None:
    for address in (
        "https://host.example/watch?v=1&t=2#now",
        "http://a.b.example:8080/",
        "https://xn--hst-sna.example/",
    ):
        assert ADDRESS.cleaned(f" {address} ") == address


def test_a_table_is_read_from_lines_with_bars_or_from_a_spreadsheet() -> None:
    wanted = [["", "Quiet", "Loud"], ["Boom", "98 %", "91 %"]]
    assert GRID.cleaned(" | Quiet | Loud\n\nBoom | 98 % | 91 %\n") == wanted
    assert GRID.cleaned("\tQuiet\tLoud\r\nBoom\t98 %\t91 %") == wanted
    assert GRID.cleaned(wanted) == wanted


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("a | b\nc", "row 2 has 1 cell(s), and the first row has 2"),
        ("a | b", "has 1 row(s); it takes 2 to 40"),
        ("a\nb", "Put | between the cells of a row"),
        (" | \n | ", "no cell has a word in it"),
        (f"a | {'x' * 201}\nb | c", "row 1: a cell is 201 characters long; 200 fit"),
        ("\n".join(["a | b"] * 41), "has 41 row(s)"),
    ],
    ids=["ragged", "one row", "one column", "empty", "long", "many"],
)
def test_a_table_that_does_not_fit_is_refused_with_its_row(typed: str, said: str) -> None:
    assert said in refusal(GRID, typed)


def test_a_table_of_something_else_is_refused() -> None:
    for wrong in (7, {"a": 1}, ["a", "b"], [["a", 7], ["b", "c"]]):
        assert refusal(GRID, wrong)


CELL = st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=8).map(
    lambda text: " ".join(text.split())
)


@given(
    st.integers(2, 4).flatmap(
        lambda width: st.lists(st.lists(CELL, min_size=width, max_size=width), min_size=2, max_size=5)
    )
)
def test_a_stored_table_is_typed_back_as_it_was(rows: list[list[str]]) -> None:
    if any(map(any, rows)):
        stored = GRID.cleaned(rows)
        assert GRID.cleaned(typed_grid(stored)) == stored

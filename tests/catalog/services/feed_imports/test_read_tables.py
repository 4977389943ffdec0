"""Does one spoilt row of a table spoil only itself?"""

from __future__ import annotations

import io
from contextlib import suppress
from typing import BinaryIO, cast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from catalog.services.feed_imports.errors import ImportError_
from catalog.services.feed_imports.layout import BrokenRow, FeedRow, Layout
from catalog.services.feed_imports.tables import table_rows
from catalog.services.feed_imports.trees import json_items, xml_items


def read(text: str | bytes, *, width: int = 3, delimiter: str = ",") -> list[FeedRow]:
    content = text if isinstance(text, bytes) else text.encode()
    layout = Layout(format="csv", delimiter=delimiter)
    return list(table_rows(cast(BinaryIO, io.BytesIO(content)), layout, width=width))


@pytest.mark.parametrize(
    "spoilt",
    ['1,"inch 27",x', '1,"27 inch,x', '1,27" inch,x', '1,x"'],
    ids=["whole", "never closed", "inside", "at the end"],
)
def test_a_stray_quotation_mark_spoils_its_own_row_only(spoilt: str) -> None:
    found = read(f"a,b,c\n0,b,c\n{spoilt}\n2,b,c\n3,b,c\n")
    assert found[0] == ["0", "b", "c"]
    assert found[2:] == [["2", "b", "c"], ["3", "b", "c"]]


def test_two_stray_marks_do_not_swallow_the_rows_between_them() -> None:
    found = read('a,b,c\n1,"27,x\n2,b,c\n3,b,c\n4,27",x\n5,b,c\n')
    assert [row[0] for row in found if isinstance(row, list)] == ["1", "2", "3", "4", "5"]


def test_a_cell_may_hold_line_ends_and_delimiters() -> None:
    assert read('a,b,c\r\n1,"two\r\nlines, one cell",x\r\n2,b,c') == [
        ["1", "two\r\nlines, one cell", "x"],
        ["2", "b", "c"],
    ]


def test_blank_lines_keep_their_place_so_that_rows_have_the_numbers_of_the_file() -> None:
    assert read("a,b,c\n\n1,b,c\n,,\n2,b,c\n") == [[], ["1", "b", "c"], ["", "", ""], ["2", "b", "c"]]


def test_rows_with_more_or_fewer_cells() -> None:
    found = read("a,b,c\n1,b\n1,b,c,\n1,b,c,d\n1\n")
    assert found[:2] == [["1", "b", ""], ["1", "b", "c"]]
    assert isinstance(found[2], BrokenRow)
    assert "4 cells where the header names 3" in found[2].reason
    assert isinstance(found[3], BrokenRow)


def test_inch_signs_in_tsv_are_no_quotation_marks() -> None:
    assert read('a\tb\tc\n1\t"27" screen\tx\n2\tb\tc\n', delimiter="\t")[0] in (
        ["1", '"27" screen', "x"],
        ["1", "27 screen", "x"],
        ["1", '27" screen', "x"],
    )


def test_a_nul_is_replaced_so_that_it_can_be_refused_and_stored() -> None:
    assert read(b"a,b,c\n1,b\0,c\n") == [["1", "b\ufffd", "c"]]


@settings(deadline=None, max_examples=200)
@given(st.binary(max_size=400))
def test_any_bytes_are_rows_or_a_sentence(content: bytes) -> None:
    for reader in (
        lambda: read(content, width=2),
        lambda: list(json_items(cast(BinaryIO, io.BytesIO(content)), "utf-8")),
        lambda: list(xml_items(cast(BinaryIO, io.BytesIO(b"<r>" + content)), "item", "")),
    ):
        with suppress(ImportError_):
            reader()

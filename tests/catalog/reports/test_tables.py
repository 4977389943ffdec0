"""The rows of a report file, whatever a site's export or a spreadsheet made of it."""

from __future__ import annotations

import csv
import io
import zipfile
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.reports.tables import Table, TableError, heading, tables
from tests.workbooks import xlsx

KNOWN = {"name": ("name", "title"), "amount": ("amount", "fees"), "day": ("day",)}
NEEDED = ("name", "amount")


def one(body: bytes | str) -> Table:
    (table,) = tables("report", body.encode() if isinstance(body, str) else body, KNOWN, NEEDED)
    return table


def cells(body: bytes | str) -> list[tuple[str, str]]:
    return [(row.text("name"), row.text("amount")) for row in one(body).rows if not row.problem]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
def test_any_delimiter_and_line_ending(delimiter: str, ending: str) -> None:
    lines = [delimiter.join(row) for row in (["Name", "Amount"], ["A", "1"], ["B", "2"])]
    assert cells(ending.join(lines)) == [("A", "1"), ("B", "2")]
    assert cells(ending.join(lines) + ending) == [("A", "1"), ("B", "2")]


def test_what_stands_in_a_row_does_not_decide_what_parts_it() -> None:
    assert cells("Name;Amount\nA, with, many, commas;1\n") == [("A, with, many, commas", "1")]
    assert cells("Name,Amount\nA;;;|||,1\n") == [("A;;;|||", "1")]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "windows-1252"])
def test_any_encoding_that_spreadsheets_save_in(encoding: str) -> None:
    assert cells("Name,Amount\nKopfhörer,5".encode(encoding)) == [("Kopfhörer", "5")]


def test_titles_and_empty_lines_above_the_header() -> None:
    table = one("sep=,\nFee report from 1 to 2\n\nsomething, else\nAmount(€),Name,Fun\n5,A,x\n\n6,B,y\n")
    assert (table.title, table.units) == ("Fee report from 1 to 2 something else", {"amount": "€"})
    assert [row.where for row in table.rows] == ["line 6", "line 8"]
    assert table.columns == {"name", "amount"}


def test_the_first_spelling_of_a_column_wins() -> None:
    assert cells("Title,Name,Fees,Amount\nx,A,9,1") == [("A", "1")]


@pytest.mark.parametrize("cell", ["Ad Fees($)", "ad_fees", "\ufeffAd  Fees ( USD )", "AD-FEES", "Ad Fees"])
def test_headings_are_compared_without_signs(cell: str) -> None:
    assert heading(cell) == "ad fees"


def test_quoted_fields_hold_delimiters_marks_and_line_ends() -> None:
    assert cells('Name,Amount\n"A, ""great"" one\nin two lines",5\nB,6') == [
        ('A, "great" one\nin two lines', "5"),
        ("B", "6"),
    ]


def test_odd_separators_in_a_name_end_no_line() -> None:
    assert cells("Name,Amount\nA\u2028B\x0bC,5\n") == [("A\u2028B\x0bC", "5")]


def test_an_inch_mark_is_no_quotation() -> None:
    assert cells('Name\tAmount\n27" screen\t5\nB\t6') == [('27" screen', "5"), ("B", "6")]


def test_an_open_quotation_spoils_its_own_line_only() -> None:
    table = one('Name,Amount\nA,1\n"B,2\n' + "".join(f"C{number},3\n" for number in range(30)))
    assert [row.where for row in table.rows if row.problem] == ["line 3"]
    assert len([row for row in table.rows if not row.problem]) == 31


def test_rows_of_another_length_are_told_by_line() -> None:
    table = one("Name,Day,Amount\nA,x,1\nB\nC,x,1,2,3\nD,x,1,,\nE,,2")
    assert [(row.where, bool(row.problem)) for row in table.rows] == [
        ("line 2", False),
        ("line 3", True),
        ("line 4", True),
        ("line 5", False),
        ("line 6", False),
    ]


def test_a_workbook_keeps_numbers_days_and_the_last_value_of_formulas() -> None:
    rows: list[list[Any]] = [["Title"], ["Name", "Amount", "Day"], ["=HYPERLINK|7", 5.16, date(2026, 1, 2)]]
    table = one(xlsx({"One": rows}))
    (row,) = table.rows
    assert (row.get("name"), row.get("amount")) == (Decimal(7), Decimal("5.16"))
    assert str(row.get("day")).startswith("2026-01-02")
    assert row.where == "row 3 of sheet One"


def test_every_sheet_and_every_file_of_an_archive_is_read() -> None:
    two = xlsx({"One": [["Name", "Amount"], ["A", 1]], "Other": [["x"]], "Two": [["Amount", "Name"], [2, "B"]]})
    assert [table.name for table in tables("x", two, KNOWN, NEEDED)] == ["One", "Two"]
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("in/a.csv", "Name,Amount\nA,1")
        archive.writestr("b.xlsx", xlsx({"S": [["Name", "Amount"], ["B", 2]]}))
        archive.writestr("__MACOSX/._a.csv", "junk")
        archive.writestr("read.me", "junk")
    found = tables("x", packed.getvalue(), KNOWN, NEEDED)
    assert [row.where for table in found for row in table.rows] == ["line 2 of a.csv", "row 2 of sheet b.xlsx S"]


def test_missing_columns_are_named_with_what_was_looked_for() -> None:
    with pytest.raises(TableError, match=r"no column for amount \(looked for: “amount” or “fees”\)"):
        one("Name,Day\nA,1")


def bomb() -> bytes:
    packed = io.BytesIO()
    with (
        zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive,
        archive.open("a.csv", "w", force_zip64=True) as member,
    ):
        for _ in range(301):
            member.write(b"0" * 1024 * 1024)
    return packed.getvalue()


def locked() -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("a.csv", "Name,Amount\nA,1")
    body = bytearray(packed.getvalue())
    body[6] |= 1  # the local header's mark of a password
    body[body.index(b"PK\x01\x02") + 8] |= 1
    return bytes(body)


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (lambda: b"", "empty"),
        (lambda: b" \n ", "empty"),
        (lambda: b"\xff\x00\x00\x81", "UTF-8"),
        (lambda: b"PK\x05\x06", "damaged"),
        (lambda: xlsx({"One": [["Name", "Amount"]]})[:-30], "damaged"),
        (bomb, "too large"),
        (locked, "password"),
        (lambda: ("\n" * 500_001).encode() + b"x", "more than 500,000"),
    ],
    ids=["nothing", "blanks", "bytes", "half a zip", "half a workbook", "a bomb", "a password", "a million lines"],
)
def test_a_file_that_cannot_be_read_says_why(body: object, message: str) -> None:
    with pytest.raises(TableError, match=message):
        one(body())  # type: ignore[operator]


@given(rows=st.lists(st.tuples(st.text(max_size=8), st.text(max_size=8)), max_size=8))
def test_whatever_stands_in_the_rows_is_kept_or_told(rows: list[tuple[str, str]]) -> None:
    written = io.StringIO()
    csv.writer(written).writerows([("Name", "Amount"), *rows])
    try:
        table = one(written.getvalue())
    except TableError:
        assert "\0" in written.getvalue()
        return
    assert all(row.problem or isinstance(row.text("name"), str) for row in table.rows)

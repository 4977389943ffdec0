"""Which rows does a report file hold, as a network's site exports it: CSV, TSV, XLSX, or a ZIP of them?

Pure. A title above the header, columns in another order, more columns than we know, and a row that is broken are all
ordinary; only a file without the columns that a report cannot do without is refused, with their names. Cells are
values: a formula is never computed, and a text that looks like one stays a text.
"""

from __future__ import annotations

import codecs
import csv
import io
import re
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

from python_calamine import CalamineError, CalamineWorkbook

from catalog.workbooks import workbook_problem

_DELIMITERS = "\t,;|"
_MARKS = {codecs.BOM_UTF8: "utf-8-sig", codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}
_HEADER_WITHIN = 40
_MOST_ROWS = 500_000
_MOST_LINES_OF_A_ROW = 20
# As much as a spreadsheet's cell holds.
_LONGEST_CELL = 32_767
_MOST_MEMBERS = 30
_MOST_UNPACKED = 300 * 1024 * 1024
_OLD_EXCEL = bytes.fromhex("d0cf11e0a1b11ae1")
_TABLES = (".csv", ".tsv", ".txt", ".xlsx", ".xls")
_SPREADSHEETS_WORD = re.compile(r"\"?sep=.\"?", re.IGNORECASE)
_IN_BRACKETS = re.compile(r"[(\[]\s*([^()\[\]]{1,12})\s*[)\]]")
# Not `splitlines`, which also takes signs for line ends that stand in products' names.
_LINE_END = re.compile(r"\r\n|\n|\r")
_NOT_A_LETTER = re.compile(r"[^\w]+|_+")

Cell = str | Decimal | bool | datetime | date


class TableError(ValueError):
    """The file cannot be read as a whole. The text says why and what to do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One line of the table by the names asked for; `problem` instead of cells when it cannot be taken apart."""

    where: str
    cells: Mapping[str, Cell] = field(default_factory=dict)
    problem: str = ""

    def get(self, name: str) -> Cell:
        return self.cells.get(name, "")

    def text(self, name: str) -> str:
        value = self.get(name)
        return value if isinstance(value, str) else f"{value:f}" if isinstance(value, Decimal) else str(value)


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """`title`: the lines above the header. `units`: what stands in brackets behind a column's name ("Ad Fees($)")."""

    name: str
    title: str
    columns: frozenset[str]
    units: Mapping[str, str]
    rows: Sequence[Row]


@dataclass(frozen=True, slots=True)
class _Sheet:
    name: str
    is_text: bool
    # (number of its line, cells or what is wrong)
    lines: Sequence[tuple[int, list[Cell] | str]]

    def where(self, number: int) -> str:
        if self.is_text:
            return f"line {number} of {self.name}" if self.name else f"line {number}"
        return f"row {number} of sheet {self.name}"


def tables(name: str, body: bytes, known: Mapping[str, Sequence[str]], needed: Sequence[str]) -> list[Table]:
    """The tables of the file that have all `needed` columns. Raises `TableError` when there is none.

    `known`: for each of our names how the column may be headed, in lower case, without signs and brackets.
    """
    sheets = _sheets(name, body, known)
    found = [table for sheet in sheets if (table := _table(sheet, known, needed)) is not None]
    if found:
        return found
    raise TableError(_what_is_missing(sheets, known, needed))


def heading(cell: object) -> str:
    """How a column's name is compared: "Ad Fees($)", "ad_fees" and "Ad Fees ($)" are one."""
    text = cell if isinstance(cell, str) else ""
    return _NOT_A_LETTER.sub(" ", _IN_BRACKETS.sub(" ", text.replace("\ufeff", "")).casefold()).strip()


def _columns(cells: Sequence[Cell], known: Mapping[str, Sequence[str]]) -> dict[str, int]:
    """Which of our names stands in which column: the spelling named first wins, then the column further left."""
    places: dict[str, int] = {}
    for place, cell in enumerate(cells):
        places.setdefault(heading(cell), place)
    found: dict[str, int] = {}
    for ours, spellings in known.items():
        for spelling in spellings:
            if spelling in places:
                found[ours] = places[spelling]
                break
    return found


def _table(sheet: _Sheet, known: Mapping[str, Sequence[str]], needed: Sequence[str]) -> Table | None:
    above: list[str] = []
    for index, (_number, cells) in enumerate(sheet.lines[:_HEADER_WITHIN]):
        if isinstance(cells, str):
            continue
        columns = _columns(cells, known)
        if all(one in columns for one in needed):
            units = {one: _unit(cells[place]) for one, place in columns.items() if _unit(cells[place])}
            rows = list(_rows(sheet, index, columns, width=len(cells)))
            title = " ".join(" ".join(above).split())[:300]
            return Table(name=sheet.name, title=title, columns=frozenset(columns), units=units, rows=rows)
        above += [cell for cell in cells if isinstance(cell, str) and cell.strip()]
    return None


def _unit(cell: Cell) -> str:
    found = _IN_BRACKETS.search(cell) if isinstance(cell, str) else None
    return found[1].strip() if found else ""


def _rows(sheet: _Sheet, header: int, columns: Mapping[str, int], *, width: int) -> Iterator[Row]:
    last = max(columns.values())
    for number, cells in sheet.lines[header + 1 :]:
        where = sheet.where(number)
        if isinstance(cells, str):
            yield Row(where=where, problem=cells)
        elif not any(not isinstance(cell, str) or cell.strip() for cell in cells):
            continue
        elif len(cells) > width and any(str(cell).strip() for cell in cells[width:]):
            yield Row(where=where, problem=f"It has {len(cells)} fields where the header names {width}.")
        elif len(cells) <= last and sheet.is_text:
            yield Row(where=where, problem=f"It ends after {len(cells)} of {width} fields.")
        else:
            yield Row(where=where, cells={one: cells[place] for one, place in columns.items() if place < len(cells)})


def _what_is_missing(sheets: Sequence[_Sheet], known: Mapping[str, Sequence[str]], needed: Sequence[str]) -> str:
    """Against the line that looks most like a header."""
    best: tuple[int, dict[str, int]] = (0, {})
    for sheet in sheets:
        for _number, cells in sheet.lines[:_HEADER_WITHIN]:
            if not isinstance(cells, str):
                columns = _columns(cells, known)
                best = max(best, (len(columns), columns), key=lambda one: one[0])
    missing = [one for one in needed if one not in best[1]]
    if not best[0] or not missing:
        return "No line of the file names the columns of such a report: is it the right file?"
    asked = "; ".join(" or ".join(f"“{spelling}”" for spelling in list(known[one])[:3]) for one in missing)
    return f"The file has no column for {', '.join(missing)} (looked for: {asked}). Export the report with it."


def _sheets(name: str, body: bytes, known: Mapping[str, Sequence[str]]) -> list[_Sheet]:
    if not body.strip():
        raise TableError("The file is empty.")
    if body.startswith(_OLD_EXCEL):
        return _workbook(body, "")
    if not body.startswith(b"PK"):
        return [_text(body, "", known)]
    with _zip(body) as archive:
        members = [one for one in archive.infolist() if not one.is_dir()]
        if any(one.filename.startswith("xl/") for one in members):
            return _workbook(body, "")
        inside = [one for one in members if one.filename.lower().endswith(_TABLES) and "__MACOSX" not in one.filename]
        if not inside or len(inside) > _MOST_MEMBERS:
            raise TableError(f"The ZIP file {name[:60]} holds no report (CSV, TSV or XLSX), or too many files.")
        found: list[_Sheet] = []
        for one in inside:
            try:
                # To the size it says: `read` without one unpacks all there is before it looks.
                with archive.open(one) as packed:
                    unpacked = packed.read(one.file_size + 1)
            except (zipfile.BadZipFile, RuntimeError, NotImplementedError, OSError, EOFError, ValueError):
                raise TableError(f"{one.filename[:60]} in the ZIP file is damaged or locked by a password.") from None
            label = one.filename.rpartition("/")[2][:60] if len(inside) > 1 else ""
            found += (
                _workbook(unpacked, label)
                if unpacked.startswith((b"PK", _OLD_EXCEL))
                else [_text(unpacked, label, known)]
            )
        return found


def _zip(body: bytes) -> zipfile.ZipFile:
    try:
        archive = zipfile.ZipFile(io.BytesIO(body))
    except (zipfile.BadZipFile, ValueError, OSError):
        raise TableError("The file begins like XLSX or ZIP but is damaged. Save it again.") from None
    if sum(one.file_size for one in archive.infolist()) > _MOST_UNPACKED:
        raise TableError("The file is too large once it is unpacked. Export a shorter time.")
    return archive


def _workbook(body: bytes, label: str) -> list[_Sheet]:
    if body.startswith(b"PK") and (problem := workbook_problem(io.BytesIO(body))):
        raise TableError(problem)
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(body))
        sheets = [
            (name, book.get_sheet_by_name(name).to_python(skip_empty_area=False, nrows=_MOST_ROWS + 1))
            for name in book.sheet_names
        ]
    except (CalamineError, OSError, ValueError):
        raise TableError("The spreadsheet cannot be opened. Save it again as XLSX or CSV.") from None
    found = []
    for name, rows in sheets:
        if len(rows) > _MOST_ROWS:
            raise TableError(f"The sheet {name[:60]} has more than {_MOST_ROWS:,} rows. Export a shorter time.")
        lines: list[tuple[int, list[Cell] | str]] = [
            (number, [_cell(value) for value in row]) for number, row in enumerate(rows, 1)
        ]
        found.append(_Sheet(f"{label} {name}".strip()[:60], is_text=False, lines=lines))
    return found


def _cell(value: object) -> Cell:
    """A spreadsheet's number is a binary fraction; its shortest decimal spelling is what the cell shows."""
    if isinstance(value, bool | str | datetime | date):
        return value
    if isinstance(value, int):
        return Decimal(value)
    return Decimal(repr(value)) if isinstance(value, float) else ""


def _text(body: bytes, name: str, known: Mapping[str, Sequence[str]]) -> _Sheet:
    lines = _LINE_END.split(_decoded(body))
    if len(lines) > _MOST_ROWS:
        raise TableError(f"The file has more than {_MOST_ROWS:,} lines. Export a shorter time.")
    start = 1 if lines and _SPREADSHEETS_WORD.fullmatch(lines[0].strip()) else 0
    delimiter = max(_DELIMITERS, key=lambda sign: _columns_by(sign, lines, start, known))
    return _Sheet(name, is_text=True, lines=list(_records(lines, start, delimiter)))


def _columns_by(delimiter: str, lines: Sequence[str], start: int, known: Mapping[str, Sequence[str]]) -> int:
    """How many of our columns one line names when it is taken apart at this sign: what parts the header parts all."""
    head = _records(lines[:_HEADER_WITHIN], start, delimiter)
    return max((len(_columns(cells, known)) for _number, cells in head if not isinstance(cells, str)), default=0)


def _decoded(body: bytes) -> str:
    marked = [encoding for mark, encoding in _MARKS.items() if body.startswith(mark)]
    for encoding in marked or ("utf-8", "windows-1252"):
        try:
            text = body.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise TableError("The file is no text in UTF-8, UTF-16 or Windows-1252. Save it as CSV (UTF-8) or XLSX.")


def _records(lines: Sequence[str], start: int, delimiter: str) -> Iterator[tuple[int, list[Cell] | str]]:
    """Records by the number of their first line. A quotation mark that is never closed spoils its own line only."""
    opening = re.compile(rf'(?:^|{re.escape(delimiter)})\s*"')
    index = start
    while index < len(lines):
        line, number, taken = lines[index], index + 1, 1
        if line.count('"') % 2 and opening.search(line):
            while taken < _MOST_LINES_OF_A_ROW and index + taken < len(lines) and line.count('"') % 2:
                line = f"{line}\n{lines[index + taken]}"
                taken += 1
            if line.count('"') % 2:
                yield number, "Its quotation marks do not match."
                index += 1
                continue
        index += taken
        try:
            if opening.search(line):
                cells = next(csv.reader(io.StringIO(line), delimiter=delimiter, skipinitialspace=True), [])
            else:
                cells = line.split(delimiter)  # a stray mark, as in 27", is a sign like any other
        except csv.Error:
            yield number, "It cannot be taken apart into fields."
            continue
        if any(len(cell) > _LONGEST_CELL for cell in cells):
            yield number, f"One of its fields has more than {_LONGEST_CELL:,} letters."
            continue
        yield number, [cell.strip() for cell in cells]

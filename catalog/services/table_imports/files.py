"""How does an upload become rows of products, offers or links, and how are the rejected ones handed back?"""

from __future__ import annotations

import codecs
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import islice
from typing import TYPE_CHECKING, Any, BinaryIO

from django.core.files import File
from django.db import transaction

from catalog.csv_cells import lines, without_apostrophe
from catalog.models import TableImport, TableImportRow
from catalog.services.feed_imports.detecting import delimiter_of, encoding_of
from catalog.services.feed_imports.errors import ImportError_
from catalog.services.feed_imports.files import clean_name, keep, max_bytes, opened, too_large, unpack
from catalog.services.feed_imports.layout import BrokenRow, Layout
from catalog.services.feed_imports.tables import table_rows
from catalog.tables import TABLES, Problem, ReadRow
from catalog.tables.base import WHAT_IS_WRONG, header_name, header_problems, read_row

if TYPE_CHECKING:
    from django.contrib.auth.models import User

MOST_ROWS = 200_000
_BOMS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_WIDEST = 1000


class NotOursError(ImportError_):
    """The first row does not name the columns. `problems`: sentences for the editor."""

    def __init__(self, problems: Sequence[str]) -> None:
        super().__init__(" ".join(problems))
        self.problems = list(problems)


def take_table(*, kind: str, content: File[Any], name: str, by: User | None, by_key: str = "") -> TableImport:
    """Keep an upload, to be tried. `by_key`: the API key it came with.

    Raises `ImportError_` for what is no table of this kind; nothing is stored then.
    """
    size = content.size or 0
    if size == 0:
        raise ImportError_("The file is empty.")
    if size > max_bytes():
        raise too_large(size)
    made = TableImport(kind=kind, file_name=clean_name(name) or "upload", started_by=by, by_key=by_key)
    keep(made, content, suffix=".upload")
    try:
        _look(made, is_sheet=unpack(made) == "xlsx")
        with transaction.atomic():
            made.save()
    except Exception:
        made.file.delete(save=False)
        raise
    return made


def _look(made: TableImport, *, is_sheet: bool) -> None:
    """Find out encoding, delimiter and header, and count the rows. Raises `ImportError_`."""
    with opened(made) as file:
        made.encoding = _encoding(file)
        if made.encoding not in ("utf-8", "utf-8-sig", "utf-16"):
            made.remarks = [f"The file is not UTF-8; it was read as {made.encoding}. Look whether accents are right."]
        made.delimiter = "," if is_sheet else delimiter_of(file, made.encoding)
        layout = _layout(made)
        first = next(table_rows(_begun(file), replace(layout, has_header=False), width=None), None)
        if first is None or isinstance(first, BrokenRow) or not any(cell.strip() for cell in first):
            raise ImportError_("The first row must name the columns; it is empty or cannot be taken apart.")
        if len(first) > _WIDEST:
            raise ImportError_(f"The first row has {len(first):,} cells; this is no table of ours. Use the template.")
        made.header = [header_name(cell) for cell in first]
        while made.header and not made.header[-1]:
            made.header.pop()
        others = [other for key, other in TABLES.items() if key != made.kind]
        if problems := header_problems(TABLES[made.kind], made.header, others):
            raise NotOursError(problems)
        made.rows_total = sum(1 for row in islice(_rows(file, made), MOST_ROWS + 1) if row)
    if made.rows_total > MOST_ROWS:
        raise ImportError_(f"The file has more than {MOST_ROWS:,} rows. Split it, and bring the parts in one by one.")
    if not made.rows_total:
        raise ImportError_("The file names its columns but has no rows.")


def _encoding(file: BinaryIO) -> str:
    head = _begun(file).read(4096)
    bom = next((name for mark, name in _BOMS if head.startswith(mark)), "")
    if not bom and b"\0" in head:
        raise ImportError_("This is no table: it holds bytes that are no text. Save it as CSV (UTF-8) or XLSX.")
    return bom or encoding_of(file, "")


def _begun(file: BinaryIO) -> BinaryIO:
    file.seek(0)
    return file


def _layout(made: TableImport) -> Layout:
    return Layout(format="csv", encoding=made.encoding, delimiter=made.delimiter, columns=tuple(made.header))


def _rows(file: BinaryIO, made: TableImport) -> Iterator[list[str] | BrokenRow]:
    """The rows below the header in order, blank ones as `[]`; cells as they were before a spreadsheet's apostrophe."""
    for row in table_rows(_begun(file), _layout(made), width=len(made.header)):
        if isinstance(row, BrokenRow):
            yield row
        else:
            yield [without_apostrophe(cell) for cell in row] if any(cell.strip() for cell in row) else []


def numbered_rows(made: TableImport) -> Iterator[tuple[int, list[str] | BrokenRow]]:
    """Every row in which something stands, with the number that a spreadsheet gives it (the header is row 1)."""
    with opened(made) as file:
        for number, row in enumerate(_rows(file, made), 2):
            if row:
                yield number, row


def read_rows(made: TableImport) -> Iterator[ReadRow]:
    """The rows as the kind's columns read them. Two rows about one thing: the second says so and is wrong."""
    kind = TABLES[made.kind]
    seen: dict[object, int] = {}
    for number, cells in numbered_rows(made):
        if isinstance(cells, BrokenRow):
            yield ReadRow(number=number, problems=(Problem(column="", message=cells.reason),))
            continue
        row = read_row(kind, made.header, number, cells)
        earlier = seen.setdefault(kind.identity(row.values), number) if row.values else number
        if earlier != number:
            twice = Problem(column="", message=f"Row {earlier} is about the same {kind.one}. Keep one of the two.")
            row = replace(row, problems=(*row.problems, twice))
        yield row


def rejected(made: TableImport) -> Iterator[str]:
    """A CSV of the rows that were wrong, each with the reason in its first column; corrected, it is a file again."""
    names = [name for name in made.header if name != WHAT_IS_WRONG]
    places = [place for place, name in enumerate(made.header) if name != WHAT_IS_WRONG]
    return lines((WHAT_IS_WRONG, *names), _rejected(made, places))


def _rejected(made: TableImport, places: Sequence[int]) -> Iterator[list[object]]:
    wrong = made.rows.filter(did=TableImportRow.Did.WRONG).order_by("number").iterator(chunk_size=2000)
    rows = numbered_rows(made)
    for one in wrong:
        cells = next((cells for number, cells in rows if number == one.number), None)
        reason = " ".join(f"{said['column']}: {said['message']}".removeprefix(": ") for said in one.said)
        if isinstance(cells, BrokenRow):
            yield [f"{reason} The row was: {cells.raw.strip()}"]
        elif cells is not None:
            yield [reason, *(cells[place] if place < len(cells) else "" for place in places)]

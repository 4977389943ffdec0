"""Which rows does a CSV or TSV file hold? Read by the C parser of the standard library, a stray quotation mark apart.

A quotation mark that is never closed swallows the rows after it. Such a run is taken apart again line by line, so that
one stray mark spoils one row and not the rest of the feed.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator
from typing import BinaryIO

from catalog.services.feed_imports.errors import ImportError_
from catalog.services.feed_imports.layout import BrokenRow, FeedRow, Layout

LONGEST_LINE = 1_048_576
_MOST_LINES_OF_A_ROW = 200


def table_rows(file: BinaryIO, layout: Layout, *, width: int | None) -> Iterator[FeedRow]:
    """Every row after the header, in order, blank ones as `[]`. `width`: None hands out rows of any width as they are.

    Raises `ImportError_` for a line that cannot be one, and for an unknown encoding.
    """
    pending: list[str] = []
    lines = text_lines(file, layout.encoding, pending.append)
    for _ in range(layout.skip + (1 if layout.has_header and width is not None else 0)):
        next(lines, "")
    pending.clear()
    reader = csv.reader(lines, delimiter=layout.delimiter)
    while True:
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error:
            cells = []
        if len(pending) != 1:
            yield from _of_several_lines(pending, cells, layout.delimiter, width)
        elif width is None or len(cells) == width:
            yield cells
        else:
            yield _fitted(cells, width, pending[0], layout.delimiter)
        pending.clear()


def text_lines(file: BinaryIO, encoding: str, note: Callable[[str], object] = len) -> Iterator[str]:
    """The decoded lines with their ends; `note` is told each before it is handed out."""
    try:
        text = io.TextIOWrapper(file, encoding=encoding, errors="replace", newline="")
    except LookupError as error:
        raise ImportError_(f"“{encoding}” is no known encoding. Try utf-8 or windows-1252.") from error
    number = 0
    readline = text.readline
    try:
        while line := readline(LONGEST_LINE):
            number += 1
            if len(line) == LONGEST_LINE:
                raise ImportError_(
                    f"Line {number} is longer than 1 MB; this is no table. Check format and delimiter, or ask for CSV."
                )
            # A NUL cannot be stored; what takes its place makes an id or a price unusable, and says so.
            if "\0" in line:
                line = line.replace("\0", "\ufffd")
            note(line)
            yield line
    finally:
        if not file.closed:
            text.detach()  # the file is its owner's: it would be closed with the wrapper


def _of_several_lines(pending: list[str], cells: list[str], delimiter: str, width: int | None) -> Iterator[FeedRow]:
    """A row with line ends inside its quotation marks; or several rows that a stray mark has run together."""
    if not pending:
        return
    wide = width if width is not None else len(cells)
    alone = [_alone(line, delimiter) for line in pending]
    inner = [found for found in alone[1:-1] if found]
    are_rows = bool(inner) and all(len(found) == wide for found in inner)
    if len(cells) == wide and len(pending) <= _MOST_LINES_OF_A_ROW and not are_rows:
        yield cells
        return
    for line, found in zip(pending, alone, strict=True):
        if found is None:
            # An inch sign at the beginning of a cell: the delimiters alone may still say where the cells end.
            split = line.rstrip("\r\n").split(delimiter)
            fits = width is not None and len(split) == width
            yield split if fits else BrokenRow("Its quotation marks do not match. Correct them in the file.", line)
        else:
            yield found if width is None or len(found) == width else _fitted(found, width, line, delimiter)


def _alone(line: str, delimiter: str) -> list[str] | None:
    try:
        return next(csv.reader([line], delimiter=delimiter, strict=True), [])
    except csv.Error:
        return None


def _fitted(cells: list[str], width: int, line: str, delimiter: str) -> FeedRow:
    """A row with more or fewer cells than the header: missing ones at the end are empty, others are an error."""
    if not cells or not any(cells):
        return []
    if len(cells) > width and not any(cell.strip() for cell in cells[width:]):
        return cells[:width]
    split = line.rstrip("\r\n").split(delimiter)
    if delimiter == "\t" and len(split) == width:
        return split  # in TSV a quotation mark is mostly an inch sign
    if len(cells) < width and len(cells) > 1 and width - len(cells) <= width // 2:
        return cells + [""] * (width - len(cells))
    return BrokenRow(
        f"It has {len(cells)} cells where the header names {width}. A delimiter or quotation mark may be missing.", line
    )

"""Which rows does a TSV or CSV feed hold?

Rows are told apart one by one: a stray quotation mark spoils its own row, not the rest of the feed.
"""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections.abc import Collection, Iterator, Sequence
from typing import IO

from catalog.feeds.row import BrokenRow, Row
from catalog.reading import SourceError

_DELIMITERS = "\t,;|"
# What spreadsheets write above the header to tell each other the delimiter.
_SPREADSHEETS_WORD = re.compile(r"\"?sep=.\"?", re.IGNORECASE)
_LONGEST_LINE = 1_048_576
_MOST_LINES_OF_A_ROW = 200
_STEP = 1_048_576
# A feed without any declaration that is not UTF-8 is Western Windows in practice; it can decode nearly every byte.
_UNDECLARED = "windows-1252"


def table_rows(
    file: IO[bytes], *, encoding: str, declared: str, needs: Collection[str] = ("price",)
) -> Iterator[Row | BrokenRow]:
    """Rows in order. `encoding` is certain (a setting or a byte order mark), `declared` is the HTTP header's word.

    Raises `SourceError` for a header that is none, an unknown encoding, and midway for bytes that do not decode.
    """
    lines = numbered_lines(file, _known(encoding) or _encoding_of(file, declared))
    first = next(lines, (0, ""))[1]
    if _SPREADSHEETS_WORD.fullmatch(first.strip()):
        first = next(lines, (0, ""))[1]
    delimiter = max(_DELIMITERS, key=first.count)
    header = _header(first, delimiter)
    names = [_name(cell) for cell in header]
    missing = [name for name in needs if name not in names]
    if len(names) < 2 or missing:
        raise SourceError(
            f"The feed's first line names no `{''.join(missing[:1]) or 'second'}` column ({first[:80].strip()!r}): "
            "it is no product feed, or its header is missing.",
            permanent=False,
        )
    tail = _Tail()
    for number, cells in _records(tail.watch(lines), delimiter, len(names)):
        where = f"line {number}"
        if isinstance(cells, str):
            yield BrokenRow(reason="Its quotation marks do not match.", raw=cells[:200], where=where)
        elif len(cells) > len(names) and any(cells[len(names) :]):
            reason = f"It has {len(cells)} fields where the header names {len(names)}."
            yield BrokenRow(reason=reason, raw=delimiter.join(cells)[:200], where=where)
        elif len(cells) < len(names) and not tail.is_ended:
            reason = "The feed ends in the middle of this row."
            yield BrokenRow(reason=reason, raw=delimiter.join(cells)[:200], where=where)
        elif any(cell.strip() for cell in cells):
            yield _row(names, cells, header, where)


class _Tail:
    """Did the last line that was read come to its end? A feed that was cut off has half a price there."""

    is_ended = True

    def watch(self, lines: Iterator[tuple[int, str]]) -> Iterator[tuple[int, str]]:
        for number, line in lines:
            self.is_ended = line.endswith(("\n", "\r"))
            yield number, line


def _header(line: str, delimiter: str) -> list[str]:
    try:
        return next(csv.reader([line], delimiter=delimiter), [])
    except csv.Error:
        return []  # as when lines end in bare carriage returns: said as a missing header


def _known(encoding: str) -> str:
    if not encoding:
        return ""
    try:
        return codecs.lookup(encoding).name
    except LookupError as error:
        raise SourceError(f"`{encoding}` is no known encoding; set `encoding`.", permanent=True) from error


def _encoding_of(file: IO[bytes], declared: str) -> str:
    """UTF-8 when every byte of the file agrees (servers declare Latin-1 for everything), else the declared one."""
    start = file.tell()
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        while step := file.read(_STEP):
            decoder.decode(step)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return _known(declared) or _UNDECLARED
    finally:
        file.seek(start)
    return _known(declared) if declared.startswith(("utf-16", "utf-32")) else "utf-8"


def numbered_lines(file: IO[bytes], encoding: str) -> Iterator[tuple[int, str]]:
    """Numbered lines, with their ends. Raises `SourceError` naming the byte that does not decode."""
    if encoding.startswith(("utf-16", "utf-32")):
        yield from _wide_lines(file, encoding)
        return
    offset, number = file.tell(), 0
    while line := file.readline(_LONGEST_LINE):
        number += 1
        if len(line) == _LONGEST_LINE:
            raise SourceError(f"Line {number} of the feed is longer than 1 MB; it is no table.", permanent=False)
        try:
            yield number, line.decode(encoding)
        except UnicodeDecodeError as error:
            raise SourceError(
                f"The feed is not in the encoding it declares ({encoding}): byte {line[error.start]:#04x} at offset "
                f"{offset + error.start}, line {number}. Ask the merchant, or name the true one in the setting "
                "`encoding`, for example windows-1252.",
                permanent=False,
            ) from error
        offset += len(line)


def _wide_lines(file: IO[bytes], encoding: str) -> Iterator[tuple[int, str]]:
    """Lines that end where a line feed is, and not at every sign that Unicode lets end a line."""
    text = io.TextIOWrapper(file, encoding, errors="replace", newline="\n")
    try:
        number = 0
        while line := text.readline(_LONGEST_LINE):
            number += 1
            yield number, line
    finally:
        text.detach()  # the file is its owner's to close


def _name(cell: str) -> str:
    plain = cell.strip().strip("\ufeff").lower().split("(", 1)[0]
    return plain.removeprefix("g:").strip().replace(" ", "_").replace("-", "_")


def _records(lines: Iterator[tuple[int, str]], delimiter: str, width: int) -> Iterator[tuple[int, Sequence[str] | str]]:
    """(line number, cells), or (line number, the line itself) where its quotation marks do not match."""
    pending: list[tuple[int, str]] = []
    for numbered in lines:
        if not pending and delimiter == "\t" and numbered[1].count("\t") == width - 1:
            # In TSV a quotation mark is mostly an inch sign; the tabs alone say where fields end.
            yield numbered[0], [_unquoted(cell) for cell in numbered[1].rstrip("\r\n").split("\t")]
            continue
        pending.append(numbered)
        try:
            found = _parsed(pending, delimiter)
        except csv.Error as error:
            if "unexpected end" in str(error) and len(pending) < _MOST_LINES_OF_A_ROW:
                continue
            yield from _one_by_one(pending, delimiter)
        else:
            yield from ((pending[0][0], cells) for cells in found)
        pending = []
    yield from _one_by_one(pending, delimiter)


def _parsed(lines: Sequence[tuple[int, str]], delimiter: str) -> list[list[str]]:
    return list(csv.reader((line for _, line in lines), delimiter=delimiter, strict=True))


def _one_by_one(pending: Sequence[tuple[int, str]], delimiter: str) -> Iterator[tuple[int, Sequence[str] | str]]:
    """Lines that make no record together: each is tried alone, so that one stray mark spoils one row."""
    for number, line in pending:
        try:
            yield from ((number, cells) for cells in _parsed([(number, line)], delimiter))
        except csv.Error:
            yield number, line


def _unquoted(cell: str) -> str:
    """A cell that is quoted as a whole, without its marks."""
    inner = cell[1:-1]
    if len(cell) >= 2 and cell[0] == cell[-1] == '"' and '"' not in inner.replace('""', ""):
        return inner.replace('""', '"')
    return cell


def _row(names: Sequence[str], cells: Sequence[str], header: Sequence[str], where: str) -> Row:
    fields: dict[str, list[str]] = {}
    shipping: list[str] = []
    for name, title, cell in zip(names, header, cells, strict=False):
        value = cell.strip()
        if name == "shipping":
            shipping += _shipping_prices(title, value)
        elif value:
            fields.setdefault(name, []).append(value)
    return Row(fields=fields, shipping=shipping, where=where, columns=names)


def _shipping_prices(title: str, value: str) -> list[str]:
    """The prices of `GB:::0.00 GBP,DE:::4.90 EUR`; the column's title may name the parts in another order."""
    parts = title.partition("(")[2].rstrip(") ").lower().split(":")
    place = parts.index("price") if "price" in parts else 3
    entries = (entry.split(":") for entry in value.split(",") if entry.count(":") >= place)
    return [entry[place].strip() for entry in entries]

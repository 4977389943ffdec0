"""Can this spreadsheet be opened without harm, or does a small file ask for more memory than there is?

Pure. An XLSX is a ZIP of XML: what it unpacks to is counted while it is unpacked, not believed. And a sheet with two
cells, the first and the very last, makes a reader that keeps sheets as rectangles ask for half a terabyte.
"""

from __future__ import annotations

import re
import struct
import zipfile
import zlib
from collections.abc import Iterator
from typing import IO

MEGABYTE = 1024 * 1024
MOST_UNPACKED_MB = 300
# Rows times columns of one sheet; a cell takes 24 bytes before anything stands in it.
MOST_CELLS = 20_000_000
# Honest spreadsheets shrink to a tenth or a thirtieth.
_MOST_TIMES = 200
_SMALL = 10 * MEGABYTE
_STEP = MEGABYTE
_LONGEST_TAG = 65_536
_TAG = re.compile(rb"<(?:[A-Za-z0-9]+:)?(row|c)(?=[\s/>])([^>]*)>")
_PLACE = re.compile(rb"""\sr\s*=\s*["']([A-Z]{0,3})([0-9]{1,10})["']""")


def workbook_problem(file: IO[bytes]) -> str:
    """A sentence when the XLSX must not be opened, else empty. The file is left at its start."""
    try:
        file.seek(0)
        with zipfile.ZipFile(file) as archive:
            return _too_large(archive, file) or _problem_inside(archive, file)
    except (zipfile.BadZipFile, zlib.error, struct.error, ValueError, OSError, EOFError, NotImplementedError):
        return "The spreadsheet is damaged. Save it anew, or as CSV."
    finally:
        file.seek(0)


def _too_large(archive: zipfile.ZipFile, file: IO[bytes]) -> str:
    size = sum(member.file_size for member in archive.infolist())
    packed = max(file.seek(0, 2), 1)
    if size > MOST_UNPACKED_MB * MEGABYTE or (size > _SMALL and size > _MOST_TIMES * packed):
        return (
            f"The spreadsheet unpacks to {size // MEGABYTE:,} MB, which is more than is read ({MOST_UNPACKED_MB} MB, "
            f"or {_MOST_TIMES} times its own size). Save it as CSV and upload that."
        )
    return ""


def _problem_inside(archive: zipfile.ZipFile, file: IO[bytes]) -> str:
    for member in archive.infolist():
        if member.filename.startswith("xl/media/"):
            continue
        parts = _unpacked(file, member)
        if re.fullmatch(r"xl/worksheets/[^/]+\.xml", member.filename):
            rows, columns = _extent(parts)
            if rows * columns > MOST_CELLS:
                return (
                    f"A sheet reaches to row {rows:,} and column {columns:,}, mostly empty. Delete the empty rows and "
                    "columns below and beside the table, or save it as CSV."
                )
        else:
            for _ in parts:
                pass
    return ""


def _unpacked(file: IO[bytes], member: zipfile.ZipInfo) -> Iterator[bytes]:
    """The member's content, piece by piece. Raises `ValueError` when it is more than the archive says of it."""
    file.seek(member.header_offset)
    name, extra = struct.unpack("<26xHH", file.read(30))
    file.seek(member.header_offset + 30 + name + extra)
    if member.compress_type == zipfile.ZIP_STORED:
        unpack, left = None, min(member.compress_size, member.file_size)
    elif member.compress_type == zipfile.ZIP_DEFLATED:
        unpack, left = zlib.decompressobj(-15), member.compress_size
    else:
        raise NotImplementedError
    place, total = file.tell(), 0
    while left > 0 and (packed := _read(file, place, min(_STEP // 16, left))):
        place, left = place + len(packed), left - len(packed)
        while packed:
            plain = unpack.decompress(packed, _STEP) if unpack else packed
            packed = unpack.unconsumed_tail if unpack else b""
            total += len(plain)
            if total > member.file_size:
                raise ValueError("it unpacks to more than it says")
            yield plain


def _read(file: IO[bytes], place: int, size: int) -> bytes:
    file.seek(place)
    return file.read(size)


def _extent(parts: Iterator[bytes]) -> tuple[int, int]:
    """The last row and column, counted from 1, that the sheet's cells name or come to. Raises `ValueError`."""
    row = column = rows = columns = 0
    rest = b""
    for part in parts:
        buffer = rest + part
        end = buffer.rfind(b"<")
        for tag, attributes in _TAG.findall(buffer, 0, end if end >= 0 else len(buffer)):
            found = _PLACE.search(attributes)
            if tag == b"row":
                row, column = int(found[2]) if found else row + 1, 0
            else:
                column = _number(found[1]) if found and found[1] else column + 1
                row = int(found[2]) if found and found[1] else row
            rows, columns = max(rows, row), max(columns, column)
        rest = buffer[end:] if end >= 0 else b""
        if len(rest) > _LONGEST_TAG + _STEP:
            raise ValueError("a tag without an end")
    for tag, attributes in _TAG.findall(rest):
        found = _PLACE.search(attributes)
        if tag == b"c" and found and found[1]:
            rows, columns = max(rows, int(found[2])), max(columns, _number(found[1]))
    return rows, columns


def _number(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number

"""Which fields of a block hold something more exact than words: yes or no, a day, an address, a table?"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from urllib.parse import urlsplit

from reviews.block_fields import Field

_YES = (True, "on", "true", "yes", "1", 1)
_NO = (False, "false", "no", "off", "0", 0)
_HOST = re.compile(r"(?=.{1,253}$)[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)+", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Flag(Field):
    """Yes or no, stored as such; what is not said is no."""

    required: bool = False

    def nothing(self) -> bool:
        return False

    def read(self, value: Any) -> bool:
        if not isinstance(value, bool | str | int) or value not in (*_YES, *_NO):
            raise self.unfit(f"must be yes or no, not {value!r}.")
        return value in _YES


@dataclass(frozen=True, slots=True, kw_only=True)
class Day(Field):
    """A day of the calendar, stored as `2026-05-31`."""

    def read(self, value: Any) -> str:
        if isinstance(value, date) and not isinstance(value, datetime):
            return value.isoformat()
        written = self.text(value)
        try:
            if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", written, re.ASCII):
                raise ValueError(written)
            return date.fromisoformat(written).isoformat()
        except ValueError:
            raise self.unfit(f"{written!r} is not a day; write it like 2026-05-31.") from None


@dataclass(frozen=True, slots=True, kw_only=True)
class WebAddress(Field):
    """The address of a page of somebody else's, with http or https and a host name."""

    max_length: int = 500

    def read(self, value: Any) -> str:
        written = self.text(value)
        if len(written) > self.max_length:
            raise self.unfit(f"is {len(written)} characters long; {self.max_length} fit.")
        if not is_web_address(written):
            raise self.unfit(f"{written!r} is not a web address; copy it whole, with https://.")
        return written


def is_web_address(written: str) -> bool:
    """Whether it can stand in a link of ours: http or https, a host with a dot, nobody's name or password."""
    if re.search(r"[\s\x00-\x1f\x7f<>\"\\^`{|}]", written):
        return False
    try:
        parts = urlsplit(written)
        host, _ = parts.hostname or "", parts.port
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and "@" not in parts.netloc and bool(_HOST.fullmatch(host))


@dataclass(frozen=True, slots=True, kw_only=True)
class Grid(Field):
    """A table of plain texts, as many cells in each row. Typed one row per line, with a tab or `|` between cells."""

    maximum_rows: int = 40
    maximum_columns: int = 12
    max_length: int = 200

    def nothing(self) -> list[list[str]]:
        return []

    def read(self, value: Any) -> list[list[str]]:
        given = _lines(value) if isinstance(value, str) else value
        if not isinstance(given, list | tuple) or not all(isinstance(row, list | tuple) for row in given):
            raise self.unfit("must be rows of cells: one row on each line, with | between its cells.")
        rows = [[" ".join(self.text(cell).split()) for cell in row] for row in given]
        if problem := self._problem(rows):
            raise self.unfit(problem)
        return rows

    def _problem(self, rows: list[list[str]]) -> str:
        if not any(map(any, rows)):
            return "is missing: no cell has a word in it."
        if not 2 <= len(rows) <= self.maximum_rows:
            return f"has {len(rows)} row(s); it takes 2 to {self.maximum_rows}."
        width = len(rows[0])
        if not 2 <= width <= self.maximum_columns:
            return f"has {width} column(s); it takes 2 to {self.maximum_columns}. Put | between the cells of a row."
        for number, row in enumerate(rows, start=1):
            if len(row) != width:
                return f"row {number} has {len(row)} cell(s), and the first row has {width}."
            if long := next((cell for cell in row if len(cell) > self.max_length), ""):
                return f"row {number}: a cell is {len(long)} characters long; {self.max_length} fit."
        return ""


def typed_grid(rows: Sequence[Sequence[str]]) -> str:
    """The table as an editor types it: what `Grid` reads from it is the same table."""
    return "\n".join(("\t" if any("|" in cell for cell in row) else " | ").join(row) for row in rows)


def _lines(text: str) -> list[list[str]]:
    lines = text.replace("\x00", "").replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return [line.split("\t" if "\t" in line else "|") for line in lines if line.strip(" ")]

"""How is a value written into a CSV file for a spreadsheet so that no cell becomes a formula, and how read back?

Pure. OWASP, "CSV Injection": a text cell that begins with one of these signs gets an apostrophe before it.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from decimal import Decimal

# Excel takes a file for UTF-8 only when it begins with this.
BOM = "\ufeff"
_FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def cell(value: object) -> str:
    """The value as text: numbers stay numbers, times are ISO 8601, nothing is a formula; None is empty."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, int | float):
        return str(value)
    if isinstance(value, datetime):
        return value.isoformat(timespec="seconds")
    text = str(value).replace("\0", "")
    return f"'{text}" if _begins_a_formula(text) else text


def without_apostrophe(text: str) -> str:
    """The text of a cell that `cell` neutralised; an apostrophe that stands before anything else is the text's own."""
    return text[1:] if text.startswith("'") and _begins_a_formula(text) else text


def _begins_a_formula(text: str) -> bool:
    """Also behind apostrophes: a text that has one of its own there gets one more, so that taking one back is exact."""
    return text.lstrip("'").startswith(_FORMULA_SIGNS)


class _Line:
    """What `csv.writer` writes to: hands the line back."""

    def write(self, text: str) -> str:
        return text


def lines(names: Sequence[str], rows: Iterable[Sequence[object]]) -> Iterator[str]:
    """The file line by line, header first; no more than one row is held in memory."""
    writer = csv.writer(_Line())
    yield BOM + str(writer.writerow(names))
    for row in rows:
        yield str(writer.writerow([cell(value) for value in row]))

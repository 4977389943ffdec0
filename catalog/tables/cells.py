"""How are the words of one cell read: a number, a yes, one of several words, a list, an address, a day?

Pure. Every reader takes the cell's text and raises `CellError` with what would be right.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any
from urllib.parse import urlsplit

from catalog.money.currencies import is_active
from catalog.tables.base import CellError

# Known to have none, which is not the same as not known.
NONE = "none"
_YES, _NO = ("yes", "true", "1", "y"), ("no", "false", "0", "n")
_SLUG = re.compile(r"[a-z0-9_]+(?:-+[a-z0-9_]+)*", re.ASCII)
_NUMBER = re.compile(r"-?\d{1,15}(?:[.,]\d{1,12})?", re.ASCII)
_BAR = re.compile(r"(?<!\\)\|")

Reader = Callable[[str], Any]


def text(longest: int) -> Reader:
    def read(cell: str) -> str:
        if len(cell) > longest:
            raise CellError(f"It has {len(cell):,} characters; at most {longest} fit.")
        return cell

    return read


def slug(longest: int) -> Reader:
    def read(cell: str) -> str:
        if not _SLUG.fullmatch(cell) or len(cell) > longest:
            raise CellError(
                f"“{cell[:60]}” is no address: at most {longest} small letters, digits and hyphens, as in acme-one."
            )
        return cell

    return read


def one_of(words: Iterable[str]) -> Reader:
    known = {word.casefold(): word for word in words}

    def read(cell: str) -> str:
        if cell.casefold() not in known:
            raise CellError(f"“{cell[:60]}” is not one of: {', '.join(known.values())}.")
        return known[cell.casefold()]

    return read


def flag(cell: str) -> bool:
    word = cell.casefold()
    if word in _YES:
        return True
    if word in _NO:
        return False
    raise CellError(f"“{cell[:60]}” is neither yes nor no.")


def number(*, places: int = 0, least: int = 0, most: Decimal = Decimal(10) ** 9) -> Reader:
    """`places`: decimals at most. A comma before one or two digits is a decimal point, as spreadsheets write it."""

    def read(cell: str) -> Decimal | int:
        found = _decimal(cell)
        if found != round(found, places):
            raise CellError(f"“{cell[:40]}” has more than {places} decimal places." if places else _whole(cell))
        if not least <= found <= most:
            raise CellError(f"“{cell[:40]}” must be from {least:,} to {most:,}.")
        return round(found, places) if places else int(found)

    return read


def _whole(cell: str) -> str:
    return f"“{cell[:40]}” must be a whole number."


def _decimal(cell: str) -> Decimal:
    if not _NUMBER.fullmatch(cell):
        raise CellError(f"“{cell[:40]}” is no number. Write digits only, with a point: 1234.5.")
    whole, comma, after = cell.partition(",")
    if comma and len(after) > 2:
        raise CellError(f"“{cell[:40]}” can be read in two ways. Write it without separators, with a point: 1234.5.")
    try:
        return Decimal(f"{whole}.{after}" if comma else cell)
    except InvalidOperation:
        raise CellError(f"“{cell[:40]}” is no number.") from None


def amount(cell: str) -> Decimal:
    """A price: digits, at most ten before the point; the currency has its own column."""
    if not _NUMBER.fullmatch(cell):
        raise CellError(f"“{cell[:40]}” is no price. Write digits only, as in 99.90; the currency has its own column.")
    found = _decimal(cell)
    if not 0 <= found < Decimal(10) ** 10:
        raise CellError(f"“{cell[:40]}” is no price.")
    return found


def currency(cell: str) -> str:
    code = cell.upper()
    if not is_active(code):
        raise CellError(f"“{cell[:20]}” is no currency in use (ISO 4217), such as USD or EUR.")
    return code


def address(longest: int) -> Reader:
    def read(cell: str) -> str:
        try:
            parts = urlsplit(cell)
            is_address = parts.scheme in ("http", "https") and bool(parts.hostname) and not re.search(r"\s", cell)
        except ValueError:
            is_address = False
        if not is_address:
            raise CellError(f"“{cell[:60]}” is no address; it begins with https:// and holds no blanks.")
        return str(text(longest)(cell))

    return read


def day(cell: str) -> date:
    try:
        return date.fromisoformat(cell) if len(cell) == 10 else datetime.fromisoformat(cell).date()
    except ValueError:
        raise CellError(f"“{cell[:40]}” is no day; write it as 2026-11-26.") from None


def moment(cell: str) -> datetime:
    """A time, UTC where it names no zone; a day alone is its beginning."""
    try:
        found = datetime.fromisoformat(cell)
        return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)
    except (ValueError, OverflowError):
        raise CellError(f"“{cell[:40]}” is no time; write it as 2026-11-26T14:30:00+00:00, or a day alone.") from None


def listed(read_one: Reader, *, has_none: bool = False, splits_at: str = "") -> Reader:
    """Several values between bars; also between the signs of `splits_at`, where no value can hold them."""

    def read(cell: str) -> tuple[Any, ...]:
        if has_none and cell.casefold() == NONE:
            return ()
        return tuple(dict.fromkeys(read_one(part) for part in parts(cell, splits_at) if part))

    return read


def beside(read_one: Reader) -> Reader:
    """Several values between bars that belong to those of the column beside, one by one; a gap is None."""

    def read(cell: str) -> tuple[Any, ...]:
        return tuple(read_one(part) if part else None for part in parts(cell))

    return read


def parts(cell: str, splits_at: str = "") -> list[str]:
    """What stands between the bars; `\\|` is a bar of the text itself."""
    for sign in splits_at:
        cell = cell.replace(sign, "|")
    return [part.replace("\\|", "|").strip() for part in _BAR.split(cell)]


def joined(values: Sequence[object]) -> str:
    """The list as `parts` reads it back."""
    return " | ".join("" if value is None else str(value).replace("|", "\\|") for value in values)

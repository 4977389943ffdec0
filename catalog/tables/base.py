"""What is a column of a file that editors bring in: its name, what it means, how it is written, how it is read?

Pure. A cell's words become a value, or a `CellError` that says what would be right. An empty cell says nothing: what is
known stays. `(clear)` says that there is nothing, where nothing is a possible answer.
"""

from __future__ import annotations

import difflib
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

CLEAR = "(clear)"
# The first column of a file of rejected rows: read over, so that the corrected file can be uploaded as it is.
WHAT_IS_WRONG = "what_is_wrong"


class CellError(ValueError):
    """The cell cannot be read. The text says what would be right; where it stands is said by whoever reads the row."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """`nothing`: what `(clear)` makes of the value, where it may. `is_told`: written for people, never read back.

    `group`: told as one line in the guide, under this name, when several columns follow one pattern.
    """

    name: str
    meaning: str
    format: str
    example: str = ""
    read: Callable[[str], Any] = str
    may_clear: bool = False
    nothing: Any = None
    is_told: bool = False
    group: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """`column`: empty when it is about the whole row."""

    column: str
    message: str

    def __str__(self) -> str:
        return f"{self.column}: {self.message}" if self.column else self.message


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadRow:
    """One row: the values of the cells in which something stands, or what is wrong with them."""

    number: int
    values: Mapping[str, Any] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class TableKind:
    """`needs`: sets of columns, of which a file must have one. `identity`: what makes two rows about one thing."""

    key: str
    label: str
    one: str
    model: str
    columns: tuple[Column, ...]
    needs: tuple[tuple[str, ...], ...]
    identity: Callable[[Mapping[str, Any]], Any]

    @property
    def by_name(self) -> dict[str, Column]:
        return {column.name: column for column in self.columns}

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(column.name for column in self.columns)


def read_row(kind: TableKind, header: Sequence[str], number: int, cells: Sequence[str]) -> ReadRow:
    """The row's values by column; told columns and empty cells are left out."""
    columns = kind.by_name
    values: dict[str, Any] = {}
    problems: list[Problem] = []
    for name, cell in zip(header, cells, strict=False):
        column, text = columns.get(name), cell.strip()
        if not text or column is None or column.is_told:
            continue
        try:
            values[name] = _value(column, text)
        except CellError as error:
            problems.append(Problem(column=name, message=str(error)))
    return ReadRow(number=number, values=values, problems=tuple(problems))


def _value(column: Column, text: str) -> Any:
    if text.casefold() == CLEAR:
        if not column.may_clear:
            raise CellError(
                f"It cannot be cleared. Leave the cell empty to leave it as it is, or write {column.format}."
            )
        return column.nothing
    if "\ufffd" in text or any(ord(sign) < 32 and sign not in "\t\n\r" for sign in text):
        raise CellError("It holds signs that are no text. Type it anew, and save the file as UTF-8.")
    return column.read(text)


def header_name(cell: str) -> str:
    """How a column's name is compared: “Redirect status” and "redirect_status" are one."""
    return "_".join(cell.replace("\ufeff", "").strip().lower().replace("-", " ").replace("_", " ").split())


def header_problems(kind: TableKind, header: Sequence[str], others: Collection[TableKind] = ()) -> list[str]:
    """What is wrong with the first row, in sentences; empty when the file can be read."""
    known = {*kind.names, WHAT_IS_WRONG}
    named = [name for name in header if name]
    problems = [
        f"The column “{name}” is there {times} times. Keep one of them."
        for name in dict.fromkeys(named)
        if (times := named.count(name)) > 1
    ]
    unknown = [name for name in dict.fromkeys(named) if name not in known]
    missing = _missing(kind, named)
    if missing and (other := _meant(header, others)) is not None:
        return [f"This looks like a file of {other.label.lower()}. Choose {other.label} first, then upload it there."]
    if missing:
        problems.append(f"The first row must name the columns {missing}. {_seen(named)}")
    for name in unknown[:10]:
        near = difflib.get_close_matches(name, known, n=1)
        hint = f" Do you mean “{near[0]}”?" if near else " Take it out, or rename it."
        problems.append(f"The column “{name[:60]}” is not known here.{hint}")
    if len(unknown) > 10:
        problems.append(f"… and {len(unknown) - 10} more columns are not known. Begin with the template.")
    return problems


def _missing(kind: TableKind, named: Sequence[str]) -> str:
    if any(all(name in named for name in names) for names in kind.needs):
        return ""
    return ", or ".join(" and ".join(f"“{name}”" for name in names) for names in kind.needs)


def _meant(named: Sequence[str], others: Collection[TableKind]) -> TableKind | None:
    fits = [other for other in others if not header_problems(other, named)]
    return fits[0] if fits else None


def _seen(named: Sequence[str]) -> str:
    if not named:
        return "It is empty."
    return f"It names: {', '.join(name[:30] for name in named[:8])}{' …' if len(named) > 8 else ''}."

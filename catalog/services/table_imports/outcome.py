"""What becomes of one row: new, changed (what from what to what), the same, or wrong (what, and what to do)?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError

from catalog.csv_cells import cell
from catalog.table_rows import as_cell
from catalog.tables import Problem

_SHOWN = 300


class Did(StrEnum):
    NEW = "new"
    CHANGED = "changed"
    SAME = "same"
    WRONG = "wrong"


class RowProblemError(Exception):
    """This row cannot be taken; nothing of it was. The others go on."""

    def __init__(self, *problems: Problem) -> None:
        super().__init__(" ".join(map(str, problems)))
        self.problems = problems


@dataclass(frozen=True, slots=True, kw_only=True)
class Rights:
    """What who brings the file in may do to the rows of its kind, and to what hangs on them."""

    may_add: bool = True
    may_change: bool = True
    may_add_brands: bool = True
    may_delete_codes: bool = True


@dataclass(slots=True, kw_only=True)
class Outcome:
    """`said`: for each change its column, what was and what becomes; or for each problem its column and message."""

    number: int
    did: Did
    name: str = ""
    said: list[dict[str, str]] = field(default_factory=list)
    # The row of the database, for its history.
    row: Any = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Around:
    """What the rows of an import are stored with. `seen_at`: when the file was uploaded. Times are aware, UTC."""

    rights: Rights
    now: datetime
    seen_at: datetime
    file_name: str


def wrong(column: str, message: str) -> RowProblemError:
    return RowProblemError(Problem(column=column, message=message))


def change(name: str, was: Any, becomes: Any) -> dict[str, str]:
    return {"column": name, "was": _spoken(name, was), "becomes": _spoken(name, becomes)}


def changes_of(stored: Mapping[str, Any], wanted: Mapping[str, Any], names: Sequence[str]) -> list[dict[str, str]]:
    return [change(name, stored.get(name), wanted[name]) for name in names]


def _spoken(name: str, value: Any) -> str:
    text = cell(as_cell(name, value)).removeprefix("'")
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"


def problems_of(error: ValidationError, *, known: Sequence[str] = ()) -> tuple[Problem, ...]:
    """The model's own objections, by column where it is one of the file's."""
    if not hasattr(error, "error_dict"):
        return (Problem(column="", message=" ".join(error.messages)),)
    return tuple(
        Problem(
            column=name if name in known else "",
            message=" ".join(messages)
            if name in known or name == NON_FIELD_ERRORS
            else f"{name}: {' '.join(messages)}",
        )
        for name, messages in error.message_dict.items()
    )

"""How is one row taken, so that what is wrong with it is said and stops no other?"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from django.core.exceptions import ValidationError
from django.db import DatabaseError, transaction

from catalog.services.table_imports.outcome import Did, Outcome, RowProblemError, problems_of
from catalog.tables import Problem, ReadRow


class Writer(Protocol):
    """A stroke of rows: `load` reads all they need in a fixed number of queries, `take` deals with one."""

    def load(self, rows: Sequence[ReadRow]) -> None: ...

    def take(self, row: ReadRow) -> Outcome: ...


def take_row(writer: Writer, row: ReadRow, *, names: Sequence[str]) -> Outcome:
    """What became of the row. It has a savepoint of its own: of a wrong one nothing stays. `names`: its columns."""
    if row.problems:
        return wrong_row(row, row.problems)
    try:
        with transaction.atomic():
            return writer.take(row)
    except RowProblemError as error:
        return wrong_row(row, error.problems)
    except ValidationError as error:
        return wrong_row(row, problems_of(error, known=names))
    except DatabaseError as error:
        first = str(error).partition("\n")[0]
        return wrong_row(row, [Problem(column="", message=f"The database refuses it: {first}")])


def wrong_row(row: ReadRow, problems: Sequence[Problem]) -> Outcome:
    said = [{"column": problem.column, "message": problem.message} for problem in problems]
    name = next((str(row.values[key]) for key in ("slug", "code", "sku", "model") if row.values.get(key)), "")
    return Outcome(number=row.number, did=Did.WRONG, name=name, said=said)

"""How do rows of a product file become products, without losing what is already known?

The whole import is one transaction: an interrupted one leaves nothing half done. Rows are matched to products by
brand and model; rows of one model that contradict each other about being wireless are two products, told apart by
`variant`. Unknown never replaces known; what an editor typed in is never replaced.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from itertools import islice

from django.db import transaction

from catalog.services.importing.batch import Outcome, load
from catalog.services.importing.row import ImportRow, parse
from catalog.services.importing.words import RowError
from catalog.services.page_changes import announce

# Measured on 7,091 rows: smaller batches cost round trips, larger ones only memory.
BATCH_SIZE = 1000


@dataclass(frozen=True, slots=True)
class BadRow:
    """A line that is not a row at all; `reason` says what it is."""

    reason: str


@dataclass(frozen=True, slots=True)
class RowRemark:
    line: int
    text: str

    def __str__(self) -> str:
        return f"line {self.line}: {self.text}"


@dataclass(slots=True, kw_only=True)
class ImportReport:
    """`errors` are rows that were not loaded; `conflicts` are values of loaded rows that were not believed."""

    rows: int = 0
    created: int = 0
    updated: int = 0
    unchanged: int = 0
    errors: list[RowRemark] = field(default_factory=list)
    conflicts: list[RowRemark] = field(default_factory=list)

    @property
    def changed(self) -> int:
        return self.created + self.updated


def import_products(
    rows: Iterable[Mapping[str, object] | BadRow],
    *,
    source: str,
    checked_on: date,
    progress: Callable[[int], object] | None = None,
    dry_run: bool = False,
) -> ImportReport:
    """Load the rows; those that cannot be loaded are in the report's `errors`, by their place counted from 1.

    `source` is who says what no row names a source for; `checked_on` is the day the file was true. `progress` is
    told how many rows each batch had.
    """
    return import_numbered(
        enumerate(rows, start=1), source=source, checked_on=checked_on, progress=progress, dry_run=dry_run
    )


@transaction.atomic
def import_numbered(
    rows: Iterable[tuple[int, Mapping[str, object] | BadRow]],
    *,
    source: str,
    checked_on: date,
    progress: Callable[[int], object] | None = None,
    dry_run: bool = False,
) -> ImportReport:
    """Like `import_products`, for rows that bring their line numbers."""
    announce(f"products of {source}")
    report = ImportReport()
    first_line: dict[str, int] = {}
    for chunk in _chunks(rows):
        parsed = list(_parsed(chunk, report))
        results = load(parsed, source=source, checked_on=checked_on, first_line=first_line)
        for (line, row), result in zip(parsed, results, strict=True):
            _count(report, result.outcome)
            report.conflicts += [RowRemark(line, text) for text in (*row.notes, *result.remarks)]
        report.rows += len(chunk)
        if progress is not None:
            progress(len(chunk))
    if dry_run:
        transaction.set_rollback(True)
    return report


def _count(report: ImportReport, outcome: Outcome) -> None:
    report.created += outcome is Outcome.CREATED
    report.updated += outcome is Outcome.UPDATED
    report.unchanged += outcome is Outcome.UNCHANGED


def _chunks(
    rows: Iterable[tuple[int, Mapping[str, object] | BadRow]],
) -> Iterator[list[tuple[int, Mapping[str, object] | BadRow]]]:
    walker = iter(rows)
    while chunk := list(islice(walker, BATCH_SIZE)):
        yield chunk


def _parsed(
    chunk: list[tuple[int, Mapping[str, object] | BadRow]], report: ImportReport
) -> Iterator[tuple[int, ImportRow]]:
    for line, row in chunk:
        try:
            if isinstance(row, BadRow):
                raise RowError(row.reason)
            yield line, parse(row)
        except RowError as error:
            report.errors.append(RowRemark(line, str(error)))

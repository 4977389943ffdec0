"""Load a file of products, one JSON object per line, and say what came of every line."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from catalog.services.importing import BadRow, ImportReport, RowRemark, import_numbered

SHOWN_REMARKS = 20


class Command(BaseCommand):
    help = "Load products from a JSON-lines file. Running it again changes nothing that has not changed."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--dry-run", action="store_true", help="Say what would happen and store nothing.")
        parser.add_argument("--source", default="", help="Who says what a row names no source for (the file's name).")
        parser.add_argument("--checked-on", type=date.fromisoformat, default=None, help="YYYY-MM-DD; today.")
        parser.add_argument("--all-conflicts", action="store_true", help="List every conflict, not the first 20.")

    def handle(self, *args: Any, file: Path, dry_run: bool, source: str, **options: Any) -> None:
        try:
            total = sum(1 for _ in _lines(file))
        except OSError as error:
            raise CommandError(f"{file} cannot be read: {error.strerror}.") from error
        with tqdm(total=total, unit=" rows", desc="Products", file=self.stderr, disable=None) as bar:
            report = import_numbered(
                _numbered_rows(file),
                source=source or file.name,
                checked_on=options["checked_on"] or datetime.now(UTC).date(),
                progress=bar.update,
                dry_run=dry_run,
            )
        self._tell(report, dry_run=dry_run, every_conflict=options["all_conflicts"])
        if report.errors:
            raise CommandError(f"{len(report.errors)} of {report.rows} rows were not loaded; the others were.")

    def _tell(self, report: ImportReport, *, dry_run: bool, every_conflict: bool) -> None:
        would = "would be " if dry_run else ""
        self.stdout.write(
            f"{report.rows} rows: {report.created} {would}created, {report.updated} {would}updated, "
            f"{report.unchanged} unchanged, {len(report.errors)} not loaded, {len(report.conflicts)} conflicts."
        )
        if report.rows and not report.changed and not report.errors:
            self.stdout.write("Nothing changed: all of it was known already.")
        shown = len(report.conflicts) if every_conflict else SHOWN_REMARKS
        self._list("Conflicts (the rows were loaded)", report.conflicts, shown)
        self._list("Rows that were not loaded", report.errors, len(report.errors))

    def _list(self, title: str, remarks: list[RowRemark], shown: int) -> None:
        if not remarks:
            return
        self.stdout.write(f"{title}:")
        for remark in remarks[:shown]:
            self.stdout.write(f"  {remark}")
        if len(remarks) > shown:
            self.stdout.write(f"  … and {len(remarks) - shown} more (--all-conflicts lists them).")


def _lines(file: Path) -> Iterator[tuple[int, bytes]]:
    """The lines that hold something, with their numbers."""
    with file.open("rb") as handle:
        for number, line in enumerate(handle, start=1):
            if line.strip():
                yield number, line


def _numbered_rows(file: Path) -> Iterator[tuple[int, Mapping[str, object] | BadRow]]:
    for number, line in _lines(file):
        yield number, _row(line)


def _row(line: bytes) -> Mapping[str, object] | BadRow:
    try:
        row = json.loads(line.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        return BadRow(f"is not UTF-8 (byte {error.start + 1} is {line[error.start]:#04x}).")
    except (json.JSONDecodeError, RecursionError) as error:
        return BadRow(f"is not JSON: {error}.")
    return row if isinstance(row, dict) else BadRow(f"is {type(row).__name__}, not an object with keys.")

"""Bring products, offers or links in from a CSV or XLSX file, and say what came of every row."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.contrib.auth.models import User
from django.core.files import File
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from tqdm import tqdm

from catalog.models import TableImport
from catalog.services import table_imports as work
from catalog.tables import TABLES

SHOWN = 50


class Command(BaseCommand):
    help = "Bring products, offers or links in from a file. Running it again changes nothing that has not changed."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("kind", choices=list(TABLES))
        parser.add_argument("file", type=Path)
        parser.add_argument("--dry-run", action="store_true", help="Say what would happen and store nothing.")
        parser.add_argument("--rejected", type=Path, help="Write the rows that are wrong into this CSV file.")
        parser.add_argument("--by", default="", help="Whose account the log of changes names; its rights count.")

    def handle(self, *args: Any, kind: str, file: Path, dry_run: bool, **options: Any) -> None:
        made = self._taken(kind, file, options["by"])
        self._run(made, "Trying")
        if not dry_run and made.state == TableImport.State.TRIED:
            work.store_later(table_import=made)
            self._run(made, "Storing")
        self._tell(made, dry_run=dry_run, rejected=options["rejected"])
        wrong, error = made.rows_wrong, made.error
        if dry_run:
            made.delete()
        if error:
            raise CommandError(error)
        if wrong:
            raise CommandError(f"{wrong} of {made.rows_total} rows are wrong and were left out.")

    def _taken(self, kind: str, file: Path, by: str) -> TableImport:
        user = User.objects.filter(username=by).first() if by else None
        if by and user is None:
            raise CommandError(f"There is no account “{by}”.")
        try:
            with file.open("rb") as content:
                return work.take_table(kind=kind, content=File(content, file.name), name=file.name, by=user)
        except OSError as error:
            raise CommandError(f"{file} cannot be read: {error.strerror}.") from error
        except work.ImportError_ as error:
            raise CommandError(str(error)) from error

    def _run(self, made: TableImport, what: str) -> None:
        with tqdm(total=made.rows_total, unit=" rows", desc=what, file=self.stderr, disable=None) as bar:
            while made.state in (TableImport.State.TRYING, TableImport.State.STORING):
                if work.run_table(table_import_id=made.pk, now=timezone.now(), progress=bar.update) is None:
                    raise CommandError("A worker has taken this import over; look at Table imports in the admin.")
                made.refresh_from_db()

    def _tell(self, made: TableImport, *, dry_run: bool, rejected: Path | None) -> None:
        would = "would be " if dry_run else ""
        for remark in made.remarks:
            self.stdout.write(remark)
        self.stdout.write(
            f"{made.rows_total} rows: {made.rows_new} {would}new, {made.rows_changed} {would}changed, "
            f"{made.rows_same} the same, {made.rows_wrong} wrong."
        )
        for row in made.rows.order_by("-did", "number")[:SHOWN]:
            for one in row.said:
                told = one.get("message") or f"{one.get('was') or '–'} → {one.get('becomes') or '–'}"
                self.stdout.write(f"  row {row.number} ({row.did}) {row.name}: {one['column']}: {told}")
        if rejected is not None and made.rows_wrong:
            with rejected.open("w", encoding="utf-8", newline="") as file:
                file.writelines(work.rejected(made))
            self.stdout.write(f"The wrong rows are in {rejected}, each with its reason.")

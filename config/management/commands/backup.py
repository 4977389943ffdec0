"""`manage.py backup FOLDER`: everything the site knows, in a new folder under FOLDER, while the site goes on."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from config import task_ages
from config.backups import BackupError, back_up, read_manifest


class Command(BaseCommand):
    help = "Put the database and the pictures into a new folder, with checksums and a digest of every table."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", type=Path, help="where backups are kept; each gets a folder of its own in it")

    def handle(self, *args: Any, folder: Path, **options: Any) -> None:
        try:
            made = back_up(folder, self.stderr.write)
        except BackupError as error:
            raise CommandError(str(error)) from error
        task_ages.note_backup()
        manifest = read_manifest(made)
        size = sum(one.size for one in manifest.files.values())
        rows = sum(one.rows for one in manifest.tables.values())
        self.stdout.write(f"{made}: {size / 1e6:,.1f} MB, {rows:,} rows, as of {manifest.made_at}.")

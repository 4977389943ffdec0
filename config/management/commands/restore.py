"""`manage.py restore FOLDER`: a backup comes back into an empty database and is compared row by row."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from config.backups import BackupError, Restored, restore


class Command(BaseCommand):
    help = "Fill the empty database that DATABASE_URL names, and the folder of pictures, from a backup."
    # The database is empty: whatever a check would ask it is not there yet.
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", type=Path, help="the folder that `backup` printed")

    def handle(self, *args: Any, folder: Path, **options: Any) -> None:
        try:
            done = restore(folder, self.stderr.write)
        except BackupError as error:
            raise CommandError(str(error)) from error
        if done.differences:
            told = "\n  ".join(done.differences)
            raise CommandError(f"The database is filled, but it is not what was dumped:\n  {told}")
        self.stdout.write(self._words(done))
        self.stdout.write(
            "Next: `manage.py migrate` (the program may be newer), empty Redis, restart web, worker and beat."
        )

    @staticmethod
    def _words(done: Restored) -> str:
        kept = f"; {done.kept} were there already and stay" if done.kept else ""
        return f"{done.rows:,} rows in {done.tables} tables, each as it was dumped; {done.pictures} pictures{kept}."

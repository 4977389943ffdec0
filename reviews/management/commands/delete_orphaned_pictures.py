"""Which files of pictures belong to no picture? `manage.py delete_orphaned_pictures --dry-run` names them."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from reviews.services.picture_leftovers import delete_orphaned_files, orphaned_files


class Command(BaseCommand):
    help = "Deletes files below pictures/ in the store that are older than a day and belong to no picture."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="Only name them.")

    def handle(self, *args: Any, **options: Any) -> None:
        now = timezone.now()
        if options["dry_run"]:
            found = orphaned_files(now=now)
            self.stdout.write("\n".join([*found, f"{len(found)} files belong to no picture."]))
            return
        self.stdout.write(f"Deleted {delete_orphaned_files(now=now)} files that belonged to no picture.")

"""Take in the articles of a file as drafts, and say what came of each."""

from __future__ import annotations

from argparse import ArgumentParser
from collections import Counter
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from tqdm import tqdm

from reviews.articles_file import ArticlesFileError
from reviews.services.moving import Did, import_articles, opened


class Command(BaseCommand):
    help = "Take in articles that export_articles wrote. Nothing is published by it; run again it changes nothing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="The .json or .zip file.")
        parser.add_argument("--dry-run", action="store_true", help="Say what would happen, and change nothing.")
        parser.add_argument("--only-new", action="store_true", help="Leave articles alone that are here already.")

    def handle(self, *args: Any, file: Path, dry_run: bool, only_new: bool, **options: Any) -> None:
        try:
            found = opened(file.read_bytes())
        except ArticlesFileError as error:
            raise CommandError(f"{file}: {error}") from error
        except OSError as error:
            raise CommandError(f"{file} cannot be read: {error.strerror}.") from error
        counts: Counter[Did] = Counter()
        moving = import_articles(found, now=timezone.now(), updates=not only_new, is_trial=dry_run)
        with tqdm(total=len(found.said.articles), unit=" articles", file=self.stderr, disable=None) as bar:
            for moved in moving:
                counts[moved.did] += 1
                bar.update()
                fields = f" ({', '.join(moved.changed)})" if moved.changed else ""
                self.stdout.write(f"{moved.slug}: {moved.did}{fields}")
                for problem in moved.problems:
                    self.stdout.write(f"  {problem}")
        said = ", ".join(f"{counts[did]} {did}" for did in Did if counts[did]) or "no articles"
        self.stdout.write(
            f"{said}. {'Nothing was changed: this was a trial.' if dry_run else 'Readers see none of it yet.'}"
        )
        if counts[Did.REFUSED]:
            raise CommandError(f"{counts[Did.REFUSED]} articles were refused; the others went on.")

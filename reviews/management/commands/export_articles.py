"""Write articles down as a file that `import_articles` reads, here or on another site."""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from reviews.exported_articles import exported, exported_zip
from reviews.models import Article


class Command(BaseCommand):
    help = "Write articles as JSON (pictures inside), to the standard output or a file; --zip keeps pictures apart."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("slug", nargs="*", help="Which articles; without any: all.")
        parser.add_argument("--output", type=Path, help="The file to write.")
        parser.add_argument("--zip", action="store_true", help="A zip: the JSON, and pictures as files beside it.")

    def handle(self, *args: Any, slug: list[str], output: Path | None, **options: Any) -> None:
        articles = Article.objects.filter(slug__in=slug) if slug else Article.objects.all()
        unknown = set(slug) - set(articles.values_list("slug", flat=True))
        if unknown:
            raise CommandError(f"There is no article {', '.join(sorted(unknown))}.")
        content = exported_zip(articles) if options["zip"] else exported(articles)
        if output is None:
            if options["zip"]:
                sys.stdout.buffer.write(content)
            else:
                self.stdout.write(content.decode(), ending="")
            return
        try:
            output.write_bytes(content)
        except OSError as error:
            raise CommandError(f"{output} cannot be written: {error.strerror}.") from error
        self.stderr.write(f"{articles.count()} articles in {output}.")

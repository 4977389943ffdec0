"""Move a WordPress site here: authors, short links, posts, pictures and comments from its export."""

from __future__ import annotations

from argparse import ArgumentParser
from collections import Counter
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from tqdm import tqdm

from catalog.http import WebDoor
from reviews.desk.moving_in.links import Shop
from reviews.desk.moving_in.outcome import Did, Outcome
from reviews.desk.moving_in.pictures import Fetch, from_folder, nowhere, over_the_net
from reviews.desk.moving_in.site import Export, exported, move_in, try_moving_in
from reviews.wordpress.short_links import ShortLinksError, pretty_links
from reviews.wordpress.wxr import WxrError, read


class Command(BaseCommand):
    help = (
        "Take over a WordPress site from its export (Tools → Export → All content). Short links keep their codes under "
        "/go/, former addresses lead to the new ones. Run it with --dry-run first; run again it changes nothing."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("export", type=Path, help="The .xml file.")
        parser.add_argument("--dry-run", action="store_true", help="Say what would happen, and change nothing.")
        parser.add_argument("--pretty-links", type=Path, help="Pretty Links' CSV file, or one of wp_prli_links.")
        parser.add_argument("--uploads", type=Path, help="A copy of wp-content/uploads, for pictures.")
        parser.add_argument("--fetch", action="store_true", help="Ask the old site for its pictures.")
        parser.add_argument("--publish", action="store_true", help="Publish what was public, on its day.")
        parser.add_argument("--country", default="US", help="Of merchants made for links (ISO 3166; US).")
        parser.add_argument("--currency", default="USD", help="Of merchants made for links (ISO 4217; USD).")

    def handle(self, *args: Any, export: Path, dry_run: bool, **options: Any) -> None:
        found = self._read(export, options["pretty_links"])
        move = try_moving_in if dry_run else move_in
        shop = Shop(country=options["country"], currency=options["currency"])
        outcomes: list[Outcome] = []
        expected = len(found.authors) + len(found.links) + sum(1 + len(post.comments) for post in found.posts)
        told = move(found, fetch=self._fetch(options), shop=shop, is_public=options["publish"], now=timezone.now())
        for outcome in tqdm(told, total=expected, unit=" things", disable=options["verbosity"] == 0):
            outcomes.append(outcome)
            for note in outcome.notes:
                tqdm.write(f"{outcome.what} {outcome.name}: {note}", file=self.stdout)
        self._sum_up(outcomes, dry_run=dry_run)

    def _read(self, export: Path, links: Path | None) -> Export:
        try:
            listed = []
            if links is not None:
                with links.open(encoding="utf-8-sig", newline="") as rows:
                    listed = list(pretty_links(rows))
            with export.open("rb") as file:
                return exported(read(file), listed)
        except (WxrError, ShortLinksError) as error:
            raise CommandError(str(error)) from error
        except UnicodeDecodeError as error:
            raise CommandError(f"{links} is not UTF-8 at byte {error.start}. Save it as CSV UTF-8.") from error
        except OSError as error:
            raise CommandError(f"{error.filename} cannot be read: {error.strerror}.") from error

    def _fetch(self, options: dict[str, Any]) -> Fetch:
        if options["uploads"] is not None:
            if not options["uploads"].is_dir():
                raise CommandError(f"{options['uploads']} is no folder.")
            return from_folder(options["uploads"])
        if options["fetch"]:
            return over_the_net(
                WebDoor(allowed_private=frozenset(settings.PRIVATE_HOSTS_ALLOWED), user_agent=settings.FETCH_USER_AGENT)
            )
        return nowhere

    def _sum_up(self, outcomes: list[Outcome], *, dry_run: bool) -> None:
        counts = Counter((outcome.what, outcome.did) for outcome in outcomes)
        for what in dict.fromkeys(outcome.what for outcome in outcomes):
            told = ", ".join(f"{counts[what, did]} {did}" for did in Did if counts[what, did])
            self.stdout.write(f"{what}s: {told}")
        self.stdout.write("Nothing was changed: this was a trial." if dry_run else "Done.")

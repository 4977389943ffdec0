"""Name every stored link that would be refused, and why."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from catalog.refused_links import refused_links, unusable_networks


class Command(BaseCommand):
    help = (
        "Print every link whose target would be refused, and why; ends with an error when there is one. "
        "Nothing is asked over the network."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--most", type=int, default=1000, help="Print at most so many links (default 1000).")

    def handle(self, *args: Any, most: int, **options: Any) -> None:
        merchants = unusable_networks()
        for merchant, wrong in merchants:
            self.stdout.write(f"merchant {merchant.slug}: {' '.join(wrong)}")
        refused = 0
        for link in refused_links():
            refused += 1
            if refused <= most:
                self.stdout.write(str(link))
        if refused or merchants:
            unprinted = f" ({refused - most} not printed)" if refused > most else ""
            raise CommandError(
                f"{refused} links are refused{unprinted}; {len(merchants)} merchants cannot be linked to."
            )
        self.stdout.write("Every link leads to its merchant.")

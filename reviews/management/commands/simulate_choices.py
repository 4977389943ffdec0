"""Walk through all answers of the adviser, and say where they end and who wins."""

from __future__ import annotations

import csv
import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from recommender import rules_in_force
from recommender.simulation import MOST_OF_A_USE, USES
from reviews.services.choice_walks import walk_everything


class Command(BaseCommand):
    help = (
        "Walk every way through the questions by the rules in force and print dead ends, ties, products never shown "
        "and the share of first places by brand and merchant. Ends with an error when a way is a dead end."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--csv", action="store_true", help="The shares by brand and merchant as CSV.")
        parser.add_argument("--most", type=int, default=MOST_OF_A_USE, help="At most so many ways of one use (2000).")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["most"] < 1:
            raise CommandError("--most is at least 1.")
        rules_in_force.refresh()
        found = walk_everything(now=timezone.now(), tell=self._tell, most=options["most"])
        if options["csv"]:
            rows = csv.writer(self.stdout)
            rows.writerow(("what", "name", "pays us by", "wins", "products"))
            rows.writerows(("brand", name, "", wins, has) for name, wins, has in found["brands"])
            rows.writerows(("merchant", *row) for row in found["merchants"])
        else:
            self._say(found)
        if found["dead"]["count"]:
            raise CommandError(f"{found['dead']['count']} dead ends, such as: {found['dead']['examples'][0]}")

    def _tell(self, done: int) -> None:
        if sys.stderr.isatty():
            self.stderr.write(f"\r{done} of {len(USES)} uses", ending="")

    def _say(self, found: dict[str, Any]) -> None:
        self.stdout.write(f"{found['ways']} ways, {found['cut']} of them cut short; {found['dead']['count']} dead ends")
        self.stdout.write(f"{found['relaxed']} only with something given up; {found['tied']['count']} ties at the top")
        products = found["products"]
        self.stdout.write(f"{products['never']} of {products['count']} products are shown to nobody")
        for name, wins, has in found["brands"][:10]:
            self.stdout.write(f"  {name}: {wins} wins with {has} products")
        for name, payer, wins, has in found["merchants"]:
            self.stdout.write(f"  {name} (pays: {payer or 'nobody'}): {wins} wins with {has} products")

"""Take a newer list of machines into use, and say what it changes."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from catalog.clicks.bot_list import BotListError
from catalog.services import prices
from catalog.services.bot_lists import BotListChange, update_bot_list

ORIGIN = "https://raw.githubusercontent.com/monperrus/crawler-user-agents/master/crawler-user-agents.json"
SHOWN = 20


class Command(BaseCommand):
    help = (
        "Read a list of machines' user agents (crawler-user-agents' JSON, from an address or a file), refuse the "
        "patterns that do not compile, could run for long or match a browser, and use the others: within half a minute "
        "in every process of this machine. Run it on each machine. Clicks that are stored already stay as they are."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("origin", nargs="?", default=ORIGIN, help="An https address or a file; else the project's.")
        parser.add_argument("--may-shrink", action="store_true", help="Accept a list that is much shorter.")

    def handle(self, *args: Any, origin: str, may_shrink: bool, **options: Any) -> None:
        try:
            with prices.door() as door:
                change = update_bot_list(
                    origin=origin, kept=settings.BOT_LIST, door=door, now=timezone.now(), may_shrink=may_shrink
                )
        except BotListError as error:
            raise CommandError(f"{origin} is not taken into use, the list before stays: {error}") from error
        self._say(change)

    def _say(self, change: BotListChange) -> None:
        for pattern, reason in change.refused:
            self.stdout.write(f"  refused {pattern!r}: {reason}")
        for word, patterns in (("new", change.added), ("gone", change.removed)):
            for pattern in patterns[:SHOWN]:
                self.stdout.write(f"  {word} {pattern!r}")
            if len(patterns) > SHOWN:
                self.stdout.write(f"  and {len(patterns) - SHOWN} more {word}")
        self.stdout.write(
            f"{change.patterns} patterns in use: {len(change.added)} new, {len(change.removed)} gone, "
            f"{len(change.refused)} refused."
        )

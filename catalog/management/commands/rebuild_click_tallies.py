"""Count the clicks of some days anew, from the ledger."""

from __future__ import annotations

from argparse import ArgumentParser
from datetime import date, timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db.models import Max, Min
from django.utils import timezone

from catalog.models import Click, ClickTally
from catalog.services import tallies


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise CommandError(f"{text!r} is no day; write it like 2026-11-26.") from error


class Command(BaseCommand):
    help = (
        "Count the clicks of some days anew from the ledger and say what was wrong. Safe at any time, also while "
        "clicks are stored; needed after TIME_ZONE was changed or products were merged. Days whose clicks are no "
        "longer all kept are left as they are."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--from", dest="first", help="The first day, like 2026-11-01; else the first that is kept.")
        parser.add_argument("--until", dest="last", help="The last day, included; else the last that has any.")

    def handle(self, *args: Any, first: str | None, last: str | None, **options: Any) -> None:
        kept = tallies.first_whole_day(now=timezone.now())
        start, end = self._window(first, last, kept)
        if start < kept:
            self.stdout.write(
                f"Clicks are whole from {kept} on (CLICK_RETENTION_MONTHS): the days before stay as they are."
            )
            start = kept
        days = clicks = wrong = 0
        for rebuilt in tallies.rebuild_click_tallies(first=start, last=end):
            days, clicks, wrong = days + 1, clicks + rebuilt.clicks, wrong + rebuilt.differed
            if rebuilt.clicks or rebuilt.differed:
                self.stdout.write(
                    f"  {rebuilt.day}: {rebuilt.clicks} clicks, {rebuilt.net_clicks} net, "
                    f"{rebuilt.differed} tallies were wrong"
                )
        self.stdout.write(f"{days} days counted anew: {clicks} clicks, {wrong} tallies put right.")

    def _window(self, first: str | None, last: str | None, kept: date) -> tuple[date, date]:
        """The days asked for; where an end is left open, all that there is to count or to put right."""
        clicks = Click.objects.aggregate(first=Min("clicked_at"), last=Max("clicked_at"))
        tallied = ClickTally.objects.aggregate(first=Min("day"), last=Max("day"))
        days = [timezone.localdate(at) for at in clicks.values() if at] + [day for day in tallied.values() if day]
        start = _day(first) if first else max(kept, min(days, default=kept))
        # A clock that jumped leaves clicks of 2099: their day is counted when it is asked for.
        tomorrow = timezone.localdate() + timedelta(days=1)
        end = _day(last) if last else max(start, min(tomorrow, max(days, default=start)))
        if end < start:
            raise CommandError(f"The last day, {end}, is before the first, {start}.")
        return start, end

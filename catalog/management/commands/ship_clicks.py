"""Bring this machine's clicks from their spool into the database: once, or for as long as it runs."""

from __future__ import annotations

import signal
import threading
from argparse import ArgumentParser
from pathlib import Path
from types import FrameType
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import Error, connection
from django.utils import timezone

from catalog.services.clicks import Shipment, ship_clicks, waiting_segments

EVERY_SECONDS = 2.0


class Command(BaseCommand):
    help = (
        "Store the clicks that wait in this machine's spool. A web machine without a Celery worker runs it with "
        "--forever; beside a worker on the same folder it does no harm."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--folder", type=Path, help="The spool; else CLICK_SPOOL_DIR.")
        parser.add_argument("--forever", action="store_true", help="Again every few seconds, until SIGTERM or SIGINT.")
        parser.add_argument("--every", type=float, default=EVERY_SECONDS, help="Seconds between two rounds.")

    def handle(self, *args: Any, folder: Path | None, forever: bool, every: float, **options: Any) -> None:
        folder = folder or settings.CLICK_SPOOL_DIR
        if every <= 0:
            raise CommandError("--every is a number of seconds above 0.")
        if not forever:
            try:
                self._say(ship_clicks(now=timezone.now(), folder=folder), folder)
            except Error as error:
                raise CommandError(
                    f"The database is away, the clicks stay in {folder}: {_first_line(error)}"
                ) from error
            return
        stop = threading.Event()

        def leave(_number: int, _frame: FrameType | None) -> None:
            stop.set()

        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, leave)
        self.stdout.write(f"Clicks of {folder} are stored every {every:g} s.")
        while not stop.is_set():
            self._round(folder)
            stop.wait(every)

    def _round(self, folder: Path) -> None:
        try:
            shipment = ship_clicks(now=timezone.now(), folder=folder)
        except Error as error:
            self.stderr.write(f"{timezone.now():%H:%M:%S} the database is away, clicks wait: {_first_line(error)}")
            connection.close()
            return
        if shipment.stored or shipment.rejected:
            self._say(shipment, folder)

    def _say(self, shipment: Shipment, folder: Path) -> None:
        aside = f", {shipment.rejected} lines put aside in .rejected files" if shipment.rejected else ""
        self.stdout.write(
            f"{timezone.now():%H:%M:%S} {shipment.stored} clicks stored{aside}, "
            f"{waiting_segments(folder)} segments still written or waiting"
        )
        self.stdout.flush()


def _first_line(error: Exception) -> str:
    return str(error).splitlines()[0] if str(error) else type(error).__name__

"""Who reads from PostgreSQL's copy? Reports alone: what a click report says may be some seconds old, a page may not.

A page that is made anew because something changed would come out as before when the copy had not heard of it yet.
"""

from __future__ import annotations

import logging
import time
from typing import Any

from django.db import OperationalError, connections
from django.db.models import Model

from config.databases import COPY

log = logging.getLogger(__name__)

# Tallies are made by tasks alone; nobody edits what a report has just read.
REPORTED = frozenset({"catalog.clicktally", "catalog.clickmonth", "catalog.viewtally", "recommender.steptally"})
AGAIN_SECONDS = 30.0


class ReportsFromTheCopy:
    """Django's router. A copy that does not answer is left alone for half a minute; reports ask as all others do."""

    def __init__(self) -> None:
        self._away_until = 0.0

    def db_for_read(self, model: type[Model], **_: Any) -> str | None:
        return COPY if model._meta.label_lower in REPORTED and self._answers() else None

    def db_for_write(self, _model: type[Model], **_: Any) -> str | None:
        return "default"

    def allow_relation(self, *_: Any, **__: Any) -> bool:
        return True

    def allow_migrate(self, db: str, *_: Any, **__: Any) -> bool:
        return db != COPY

    def _answers(self) -> bool:
        if connections["default"].in_atomic_block or time.monotonic() < self._away_until:
            return False  # a transaction reads what it has written itself
        try:
            connections[COPY].close_if_health_check_failed()
            connections[COPY].ensure_connection()
        except OperationalError as error:
            self._away_until = time.monotonic() + AGAIN_SECONDS
            log.warning("The database's copy does not answer, reports read from the database itself: %s", error)
            return False
        return True

"""How does the log of changes hear of what was done to rows without opening their forms?"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.contrib.admin.models import CHANGE, LogEntry
from django.http import HttpRequest

from catalog.admin.signed_in import signed_in


def write_down(request: HttpRequest, rows: Iterable[Any], message: str) -> None:
    """One line for each row: who did this to it, now. Two statements, however many rows."""
    found = list(rows)
    if found:
        LogEntry.objects.log_actions(signed_in(request).pk, found, CHANGE, message)

"""The engine that `DATABASES` names: Django's own, whose lines are known to `lines`."""

from __future__ import annotations

from typing import Any

from django.db.backends.postgresql import base

from config.postgresql.lines import LINES


class DatabaseWrapper(base.DatabaseWrapper):
    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        """Raises `OperationalError` at once while the server is known to hang."""
        LINES.refuse_if_away()
        limit = {"connect_timeout": LINES.connect_seconds} if LINES.connect_seconds else {}
        line = super().get_new_connection({**limit, **conn_params})
        LINES.note(line)
        return line

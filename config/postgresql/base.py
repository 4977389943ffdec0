"""The engine that `DATABASES` names: Django's own, whose lines are known to `lines` and whose writes say by whom."""

from __future__ import annotations

from typing import Any

from django.db.backends.postgresql import base

from config.acting import say_who
from config.postgresql.lines import LINES


class DatabaseWrapper(base.DatabaseWrapper):
    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self.execute_wrappers.append(say_who)

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        """Raises `OperationalError` at once while the server is known to hang."""
        LINES.refuse_if_away()
        limit = {"connect_timeout": LINES.connect_seconds} if LINES.connect_seconds else {}
        line = super().get_new_connection({**limit, **conn_params})
        LINES.note(line)
        return line

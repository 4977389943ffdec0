"""Which databases are there: the one that is written to, perhaps behind a pooler, and perhaps a copy for reports?"""

from __future__ import annotations

from typing import Any

import environ

COPY = "copy"
# Django's own, whose lines can be cut when the server hangs.
ENGINE = "config.postgresql"


def databases(*, url: str, copy_url: str, is_pooled: bool, max_age: int) -> dict[str, dict[str, Any]]:
    """Django's DATABASES. `max_age`: seconds that a connection is kept open between requests.

    A pooler that hands out servers by the transaction keeps nothing between two: no cursor of the server's, no
    prepared statement, no lock of a session. Pages need none of these; workers do, and are to ask PostgreSQL itself.
    """
    shared = {"CONN_MAX_AGE": max_age, "CONN_HEALTH_CHECKS": True}
    found = {"default": {**_read(url), **shared, "DISABLE_SERVER_SIDE_CURSORS": is_pooled}}
    if copy_url:
        # Its own tests copy nothing: the tests' database is one.
        found[COPY] = {**_read(copy_url), **shared, "TEST": {"MIRROR": "default"}}
        found[COPY].setdefault("OPTIONS", {}).setdefault("connect_timeout", 2)
    return found


def _read(url: str) -> dict[str, Any]:
    read: dict[str, Any] = environ.Env.db_url_config(url)
    return {**read, "ENGINE": ENGINE} if read["ENGINE"].endswith(".postgresql") else read

"""Which databases are there: the one that is written to, perhaps behind a pooler, and perhaps a copy for reports?"""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

import environ
from django.core.exceptions import ImproperlyConfigured

COPY = "copy"
# Django's own, whose lines can be cut when the server hangs.
ENGINE = "config.postgresql"
_SCHEMES = ("postgresql", "postgres", "psql", "pgsql")


def databases(*, url: str, copy_url: str, is_pooled: bool, max_age: int) -> dict[str, dict[str, Any]]:
    """Django's DATABASES. `max_age`: seconds that a connection is kept open between requests.

    Raises `ImproperlyConfigured` for what is no address of PostgreSQL; what it says repeats no password.

    A pooler that hands out servers by the transaction keeps nothing between two: no cursor of the server's, no
    prepared statement, no lock of a session. Pages need none of these; workers do, and are to ask PostgreSQL itself.
    """
    shared = {"CONN_MAX_AGE": max_age, "CONN_HEALTH_CHECKS": True}
    found = {"default": {**_read("DATABASE_URL", url), **shared, "DISABLE_SERVER_SIDE_CURSORS": is_pooled}}
    if copy_url:
        # Its own tests copy nothing: the tests' database is one.
        found[COPY] = {**_read("DATABASE_COPY_URL", copy_url), **shared, "TEST": {"MIRROR": "default"}}
        found[COPY].setdefault("OPTIONS", {}).setdefault("connect_timeout", 2)
    return found


def _read(name: str, url: str) -> dict[str, Any]:
    try:
        parts = urlsplit(url)
        is_one = parts.scheme in _SCHEMES and parts.port != 0
        read: dict[str, Any] = environ.Env.db_url_config(url) if is_one else {}
    except ValueError:
        read = {}
    if not read.get("NAME"):
        raise ImproperlyConfigured(
            f"{name} is no address of a PostgreSQL database: write it as postgresql://user:password@host:5432/name; in "
            "the password @ as %40, : as %3A, / as %2F."
        )
    return {**read, "ENGINE": ENGINE}

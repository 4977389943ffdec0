"""earmark.E040 to E042, W040, W041: do PostgreSQL and Redis answer, and as we need them?

Asked with `--database default`; Redis with `--deploy` only, for a migration goes on without it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register
from django.core.checks import Warning as Doubt
from django.db import DatabaseError, connections
from redis import Redis
from redis.exceptions import RedisError

from config.databases import COPY

OLDEST_POSTGRESQL = 15
_KEEPS_KEYS = {"noeviction", "volatile-ttl"}


@register(Tags.database)
def postgresql_answers(
    app_configs: Sequence[AppConfig] | None, databases: Sequence[str] | None = None, **_: Any
) -> list[CheckMessage]:
    if "default" not in (databases or ()):
        return []
    return [*_postgresql(), *_copy()]


def _copy() -> Iterator[CheckMessage]:
    if COPY not in settings.DATABASES:
        return
    try:
        connections[COPY].ensure_connection()
    except DatabaseError as error:
        yield Doubt(
            f"The copy of the database does not answer at DATABASE_COPY_URL: {str(error).strip()}",
            hint="Start it, or correct DATABASE_COPY_URL; meanwhile reports ask the database itself.",
            id="earmark.W041",
        )


@register(Tags.database, deploy=True)
def redis_answers(
    app_configs: Sequence[AppConfig] | None, databases: Sequence[str] | None = None, **_: Any
) -> list[CheckMessage]:
    return list(_redis()) if "default" in (databases or ()) else []


def _postgresql() -> Iterator[CheckMessage]:
    connection = connections["default"]
    try:
        connection.ensure_connection()
        version = connection.connection.info.server_version // 10_000
    except DatabaseError as error:
        yield Error(
            f"PostgreSQL does not answer at DATABASE_URL: {str(error).strip()}",
            hint="Start it, or correct DATABASE_URL (postgresql://user:password@host:5432/name).",
            id="earmark.E040",
        )
        return
    if version < OLDEST_POSTGRESQL:
        yield Error(
            f"PostgreSQL is version {version}; {OLDEST_POSTGRESQL} or newer is needed.",
            hint="Upgrade the server, or name another one in DATABASE_URL.",
            id="earmark.E041",
        )


def _redis() -> Iterator[CheckMessage]:
    try:
        with Redis.from_url(settings.REDIS_URL, socket_connect_timeout=5, socket_timeout=5) as redis:
            redis.ping()
            policy = str(redis.info("memory").get("maxmemory_policy", "noeviction"))
    except (RedisError, ValueError) as error:
        yield Error(
            f"Redis does not answer at REDIS_URL: {error}",
            hint="Start it, or correct REDIS_URL (redis://host:6379/0).",
            id="earmark.E042",
        )
        return
    if policy not in _KEEPS_KEYS:
        yield Doubt(
            f"Redis throws keys away as {policy} says when its memory is full: waiting tasks would be lost.",
            hint="Set its maxmemory-policy to noeviction or volatile-ttl.",
            id="earmark.W040",
        )

"""A backup is made: one snapshot is dumped and digested, the pictures are packed, the whole gets its name."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psycopg
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder

from config.backups.manifest import DATABASE, PICTURES, BackupError, Manifest, sum_of
from config.backups.pictures import pack_pictures
from config.backups.programs import VARIABLES, run
from config.backups.sums import Told, table_sums


def back_up(into: Path, tell: Told) -> Path:
    """Make a backup in a new folder under `into`, named by the moment (UTC); answers that folder.

    The site goes on meanwhile. Raises `BackupError`; what was begun is then removed.
    """
    moment = datetime.now(UTC)
    folder = into / f"earmark-{moment:%Y%m%dT%H%M%SZ}"
    begun = folder.with_name(f"{folder.name}.partial")
    try:
        begun.mkdir(parents=True, mode=0o700)
    except OSError as error:
        raise BackupError(f"{begun} cannot be made: {error.strerror}. Name a folder that may be written to.") from error
    try:
        _fill(begun, moment, tell)
        begun.rename(folder)
    except BaseException as error:
        shutil.rmtree(begun, ignore_errors=True)
        if isinstance(error, OSError):
            raise BackupError(f"Writing {error.filename or begun} failed: {error.strerror}.") from error
        if isinstance(error, psycopg.Error):
            raise BackupError(f"PostgreSQL could not be asked: {error}") from error
        raise
    return folder


def _fill(folder: Path, moment: datetime, tell: Told) -> None:
    reached = connection_parameters()
    with psycopg.connect(**reached) as asking:
        asking.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        row = asking.execute("SELECT pg_export_snapshot(), current_setting('server_version')").fetchone()
        assert row is not None
        tell("Dumping the database")
        dump = folder / DATABASE
        options = ["--format=custom", "--no-owner", "--no-privileges", f"--snapshot={row[0]}", f"--file={dump}"]
        run("pg_dump", options, reached)
        tables = table_sums(asking, tell)
    pack_pictures(folder / PICTURES, tell)
    manifest = Manifest(
        made_at=moment.isoformat(timespec="seconds"),
        postgresql=str(row[1]),
        migrations=last_migrations(),
        files={name: sum_of(folder / name) for name in (DATABASE, PICTURES)},
        tables=tables,
    )
    manifest.write(folder)


def connection_parameters() -> dict[str, Any]:
    """As Django gives them to psycopg, without what only Django understands."""
    return {name: value for name, value in connection.get_connection_params().items() if name in VARIABLES}


def last_migrations() -> dict[str, str]:
    """The last applied migration of each app."""
    return dict(sorted(MigrationRecorder(connection).applied_migrations()))

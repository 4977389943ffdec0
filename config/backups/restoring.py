"""A backup comes back: into an empty database, whole or not at all, and compared with what was dumped."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg

from config.backups.making import connection_parameters
from config.backups.manifest import DATABASE, PICTURES, BackupError, check_files, read_manifest
from config.backups.pictures import check_pictures, unpack_pictures
from config.backups.programs import run
from config.backups.sums import Told, differences, table_sums, used_numbers


@dataclass(frozen=True, slots=True, kw_only=True)
class Restored:
    """`differences`: in words, where the database is not what was dumped. `kept`: pictures that were there already."""

    tables: int
    rows: int
    pictures: int
    kept: int
    differences: Sequence[str]


def restore(folder: Path, tell: Told) -> Restored:
    """Fill the configured, empty database and the folder of pictures from this backup.

    Raises `BackupError` before anything is written where the backup is damaged, holds what we never put into one, or
    the database is not empty.
    """
    manifest = read_manifest(folder)
    tell("Checking the files")
    check_files(folder, manifest)
    check_pictures(folder / PICTURES)
    reached = connection_parameters()
    try:
        _refuse_tables(reached)
    except psycopg.Error as error:
        raise BackupError(f"PostgreSQL could not be asked: {error}") from error
    tell("Restoring the database")
    # One transaction: a restore that fails leaves the database as empty as it was.
    options = ["--single-transaction", "--exit-on-error", "--no-owner", "--no-privileges"]
    run("pg_restore", [*options, f"--dbname={reached['dbname']}", str((folder / DATABASE).absolute())], reached)
    with psycopg.connect(**reached) as asking:
        found = table_sums(asking, tell)
        behind = used_numbers(asking)
    pictures, kept = unpack_pictures(folder / PICTURES, tell)
    return Restored(
        tables=len(found),
        rows=sum(one.rows for one in found.values()),
        pictures=pictures,
        kept=kept,
        differences=[*differences(manifest.tables, found), *behind],
    )


def _refuse_tables(reached: dict[str, Any]) -> None:
    with psycopg.connect(**reached) as asking:
        row = asking.execute("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'").fetchone()
    if row and row[0]:
        raise BackupError(
            f"The database {reached['dbname']} has {row[0]} tables. A backup is restored into an empty one, so that "
            "nothing is lost: make it (`createdb earmark_restored`) and name it in DATABASE_URL."
        )

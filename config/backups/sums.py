"""Do two databases have the same rows? The server itself counts and digests each table, in any order of rows."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from psycopg import Connection
from psycopg.sql import SQL, Identifier

from config.backups.manifest import TableSum

Told = Callable[[str], None]

# A row's text must not depend on who asks.
_SPELLING = (
    "SET LOCAL timezone = 'UTC'",
    "SET LOCAL datestyle = 'ISO, MDY'",
    "SET LOCAL intervalstyle = 'iso_8601'",
    "SET LOCAL extra_float_digits = 3",
    "SET LOCAL bytea_output = 'hex'",
)
_TABLES = """
    SELECT c.oid::regclass::text, n.nspname, c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE c.relkind = 'r' AND n.nspname = 'public' ORDER BY 1
"""
_NUMBERED = """
    SELECT tab.relname, att.attname, seq.relname FROM pg_class seq
    JOIN pg_depend d ON d.objid = seq.oid AND d.classid = 'pg_class'::regclass AND d.deptype IN ('a', 'i')
    JOIN pg_class tab ON tab.oid = d.refobjid
    JOIN pg_attribute att ON att.attrelid = tab.oid AND att.attnum = d.refobjsubid
    WHERE seq.relkind = 'S' AND seq.relnamespace = 'public'::regnamespace ORDER BY 1
"""
# How many tables are counted between two lines about it.
_STEP = 20


def table_sums(connection: Connection[tuple[object, ...]], tell: Told) -> Mapping[str, TableSum]:
    """Of every table, partitions each by itself, by name. To be asked within one transaction."""
    for spelling in _SPELLING:
        connection.execute(spelling)
    tables = connection.execute(_TABLES).fetchall()
    found: dict[str, TableSum] = {}
    for number, (name, schema, table) in enumerate(tables, start=1):
        if number % _STEP == 1:
            tell(f"Counting rows: table {number} of {len(tables)}")
        asked = SQL("SELECT count(*), coalesce(sum(hashtextextended(t::text, 0)), 0)::text FROM ONLY {}.{} t").format(
            Identifier(str(schema)), Identifier(str(table))
        )
        row = connection.execute(asked).fetchone()
        assert row is not None
        found[str(name)] = TableSum(int(str(row[0])), str(row[1]))
    return found


def used_numbers(connection: Connection[tuple[object, ...]]) -> list[str]:
    """In words, where the next row would get a number that is taken.

    Sequences count on outside of transactions, so theirs need not be what they were in the snapshot.
    """
    said = []
    for table, column, sequence in connection.execute(_NUMBERED).fetchall():
        asked = SQL("SELECT (SELECT max({}) FROM {}) > (SELECT last_value FROM {})").format(
            Identifier(str(column)), Identifier(str(table)), Identifier(str(sequence))
        )
        if connection.execute(asked).fetchone() == (True,):
            said.append(f"{table}: the next {column} is taken; its sequence {sequence} is behind")
    return said


def differences(wanted: Mapping[str, TableSum], found: Mapping[str, TableSum]) -> list[str]:
    """In words, by table; empty where all is the same."""
    said = []
    for name in sorted(wanted.keys() | found.keys()):
        before, now = wanted.get(name), found.get(name)
        if before == now:
            continue
        if before is None or now is None:
            said.append(f"{name}: only in the {'backup' if now is None else 'database'}")
        elif before.rows != now.rows:
            said.append(f"{name}: {before.rows:,} rows in the backup, {now.rows:,} in the database")
        else:
            said.append(f"{name}: as many, but other rows or another value")
    return said

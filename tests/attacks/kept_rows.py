"""What did a request change? Every row of every table before and behind it, and a way to take it all back."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from django.db import connection, transaction

# By table and column, what stood in the rows that came, went or were changed.
Changes = Mapping[tuple[str, str], list[Any]]
# Who signed in and when is kept by the door itself, whatever was sent through it.
NOT_LOOKED_AT = frozenset({"django_session", "usersessions_usersession"})


def all_rows() -> Counter[tuple[str, str]]:
    """Each row as JSON, with its table."""
    tables = [name for name in connection.introspection.table_names() if name not in NOT_LOOKED_AT]
    with connection.cursor() as cursor:
        cursor.execute(
            " UNION ALL ".join(
                f"SELECT '{name}', to_jsonb(one)::text FROM {connection.ops.quote_name(name)} one" for name in tables
            )
        )
        return Counter(cursor.fetchall())


def changed(before: Counter[tuple[str, str]], after: Counter[tuple[str, str]]) -> Changes:
    found: dict[tuple[str, str], list[Any]] = defaultdict(list)
    for rows in (after - before, before - after):
        for table, row in rows.elements():
            for column, value in json.loads(row).items():
                found[table, column].append(value)
    return {where: sorted(values, key=repr) for where, values in found.items()}


@contextmanager
def taken_back() -> Iterator[None]:
    """Whatever happens inside has not happened."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)

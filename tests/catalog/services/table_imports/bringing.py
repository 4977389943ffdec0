"""Bring a table in, as an editor would: take it, try it, store it."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from typing import Any

from django.contrib.auth.models import User
from django.core.files.base import ContentFile
from django.utils import timezone

from catalog.models import TableImport
from catalog.services.table_imports import run_table, store_later, take_table


def table(*rows: Mapping[str, object]) -> bytes:
    """A CSV of these rows; its columns are all that any of them names."""
    names = list(dict.fromkeys(name for row in rows for name in row))
    text = io.StringIO()
    writer = csv.DictWriter(text, names)
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode()


def taken(kind: str, content: bytes, name: str = "file.csv", by: User | None = None) -> TableImport:
    return take_table(kind=kind, content=ContentFile(content, name), name=name, by=by)


def ran(table_import: TableImport) -> TableImport:
    found = run_table(table_import_id=table_import.pk, now=timezone.now())
    assert found is not None
    return found


def tried(kind: str, *rows: Mapping[str, object], content: bytes = b"", by: User | None = None) -> TableImport:
    return ran(taken(kind, content or table(*rows), by=by))


def stored(kind: str, *rows: Mapping[str, object], content: bytes = b"", by: User | None = None) -> TableImport:
    """Tried and stored; both must tell the same."""
    table_import = tried(kind, *rows, content=content, by=by)
    expected = counts(table_import)
    told = said(table_import)
    store_later(table_import=table_import)
    done = ran(table_import)
    assert done.state == TableImport.State.DONE, done.error
    assert (counts(done), said(done)) == (expected, told)
    return done


def counts(table_import: TableImport) -> tuple[int, int, int, int]:
    """New, changed, the same, wrong."""
    one = table_import
    return (one.rows_new, one.rows_changed, one.rows_same, one.rows_wrong)


def said(table_import: TableImport) -> list[tuple[int, str, list[dict[str, Any]]]]:
    return [(row.number, row.did, row.said) for row in table_import.rows.all()]


def problems(table_import: TableImport) -> list[str]:
    """Of the wrong rows, as an editor reads them."""
    return [
        f"{one['column']}: {one['message']}".removeprefix(": ")
        for row in table_import.rows.filter(did="wrong")
        for one in row.said
    ]


def columns_of(changes: Sequence[Mapping[str, str]]) -> list[str]:
    return [change["column"] for change in changes]

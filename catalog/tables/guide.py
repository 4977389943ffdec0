"""How are the columns of a table told to people: on the import page, and in the editors' guide?

Pure. Columns that follow one pattern are one line.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from catalog.tables.base import TableKind


@dataclass(frozen=True, slots=True, kw_only=True)
class GuideRow:
    name: str
    meaning: str
    format: str
    example: str


def guide_rows(kind: TableKind) -> list[GuideRow]:
    rows: dict[str, GuideRow] = {}
    for column in kind.columns:
        name = column.group.strip("`") or column.name
        form = column.format + (", or (clear)" if column.may_clear else "")
        rows.setdefault(name, GuideRow(name=name, meaning=column.meaning, format=form, example=column.example))
    return list(rows.values())


def guide_lines(kind: TableKind) -> Iterator[str]:
    """The columns as a table in Markdown, line by line."""
    yield "| column | meaning | written as | example |"
    yield "|---|---|---|---|"
    for row in guide_rows(kind):
        cells = (f"`{row.name}`", row.meaning, row.format, f"`{row.example}`" if row.example else "")
        yield "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"

"""What became of the rows of a table, as a file with a line for each change and each problem?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from catalog.models import TableImportRow

CHANGE_COLUMNS = ("row", "outcome", "what", "column", "was", "becomes", "what_is_wrong")


def change_cells(rows: Iterable[TableImportRow]) -> Iterator[tuple[object, ...]]:
    """A line's cells in the order of `CHANGE_COLUMNS`."""
    for row in rows:
        for one in row.said:
            yield (
                row.number,
                row.get_did_display(),
                row.name,
                one["column"],
                one.get("was"),
                one.get("becomes"),
                one.get("message"),
            )

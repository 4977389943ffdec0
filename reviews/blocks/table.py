"""A table of words and figures of our own: what no product's spec sheet holds."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from reviews.blocks.base import Block, Flag, Grid, ProductFacts, Surroundings, Text

_FIGURE = re.compile(r"[−+-]?[$€£]?\s?\d[\d.,\s]*\s?(%|[A-Za-z]{1,4})?")


@dataclass(frozen=True, slots=True, kw_only=True)
class TableCell:
    text: str
    is_figure: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class TableRow:
    """`name` heads the row; None in a table whose first column is no header."""

    name: str | None
    cells: tuple[TableCell, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class TableView:
    """`corner` is the header of the column of headers; `header` is empty without a header row."""

    caption: str
    corner: str | None
    header: tuple[TableCell, ...]
    rows: tuple[TableRow, ...]
    source: str


class Table(Block):
    key = "table"
    label = "Table"
    help = "Rows and columns of your own. For the specs of products take a comparison: it keeps itself true."
    fields = (
        Text(name="caption", label="Caption", max_length=240, help="What the table says, in a sentence."),
        Grid(
            name="cells",
            label="Cells",
            help="One row on each line, | between its cells; a table pasted from a spreadsheet fits as it is.",
        ),
        Flag(name="has_header_row", label="The first row names the columns"),
        Flag(name="has_header_column", label="The first column names the rows"),
        Text(name="source", label="Source", required=False, max_length=200, help="Where the figures come from."),
    )
    example = {
        "caption": "How far a voice carries through each microphone",
        "cells": [
            ["Microphone", "Quiet room", "Open office"],
            ["On a boom", "98 % understood", "91 % understood"],
            ["In the cup", "95 % understood", "63 % understood"],
        ],
        "has_header_row": True,
        "has_header_column": True,
        "source": "Our own listening test, 12 listeners",
    }

    def problems(self, data: Mapping[str, Any], *, product_count: int) -> list[str]:
        cells, by_column = data["cells"], data["has_header_column"]
        found = []
        if data["has_header_row"] and not all(cells[0][1 if by_column else 0 :]):
            found.append("Cells: the first row names the columns, and one name is missing.")
        if by_column and not all(row[0] for row in cells[1 if data["has_header_row"] else 0 :]):
            found.append("Cells: the first column names the rows, and one name is missing.")
        return found

    def build(self, data: Mapping[str, Any], products: Sequence[ProductFacts], here: Surroundings) -> TableView:
        rows = data.get("cells", [])
        by_row, by_column = data.get("has_header_row", False), data.get("has_header_column", False)
        first = 1 if by_column else 0
        head = rows[0] if by_row and rows else []
        body = rows[1:] if by_row else rows
        figures = [_are_figures(row[column] for row in body) for column in range(len(rows[0]) if rows else 0)]

        def cells(row: Sequence[str]) -> tuple[TableCell, ...]:
            pairs = list(zip(row, figures, strict=False))[first:]
            return tuple(TableCell(text=text, is_figure=is_figure) for text, is_figure in pairs)

        return TableView(
            caption=data.get("caption", ""),
            corner=head[0] if head and by_column else None,
            header=cells(head),
            rows=tuple(TableRow(name=row[0] if by_column else None, cells=cells(row)) for row in body),
            source=data.get("source", ""),
        )


def _are_figures(column: Any) -> bool:
    """Whether a column stands better at its right edge: all that is in it are figures."""
    filled = [cell for cell in column if cell]
    return bool(filled) and all(_FIGURE.fullmatch(cell) for cell in filled)

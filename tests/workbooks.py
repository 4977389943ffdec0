"""A spreadsheet file for a test, as small as one can be: sheets of texts, numbers, days and formulas."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any
from xml.sax.saxutils import escape

Value = str | int | float | Decimal | date | None
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml"


def xlsx(sheets: Mapping[str, Sequence[Sequence[Any]]]) -> bytes:
    """The file. A text that begins with = and ends with a bar is a formula with its last value: "=1+1|2"."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        numbered = list(enumerate(sheets.items(), 1))
        parts = "".join(
            f'<Override PartName="/xl/worksheets/sheet{n}.xml" ContentType="{_WORKBOOK}.worksheet+xml"/>'
            for n, _ in numbered
        )
        archive.writestr(
            "[Content_Types].xml",
            f'<Types xmlns="{_PACKAGE}/content-types"><Default Extension="rels" '
            'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
            f'<Override PartName="/xl/workbook.xml" ContentType="{_WORKBOOK}.sheet.main+xml"/>'
            f'<Override PartName="/xl/styles.xml" ContentType="{_WORKBOOK}.styles+xml"/>{parts}</Types>',
        )
        archive.writestr("_rels/.rels", _relations([("rId1", "officeDocument", "xl/workbook.xml")]))
        names = "".join(f'<sheet name="{escape(name)}" sheetId="{n}" r:id="rId{n}"/>' for n, (name, _) in numbered)
        archive.writestr(
            "xl/workbook.xml", f'<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheets>{names}</sheets></workbook>'
        )
        archive.writestr(
            "xl/_rels/workbook.xml.rels",
            _relations(
                [(f"rId{n}", "worksheet", f"worksheets/sheet{n}.xml") for n, _ in numbered]
                + [("rId99", "styles", "styles.xml")]
            ),
        )
        archive.writestr("xl/styles.xml", _styles())
        for n, (_, rows) in numbered:
            archive.writestr(f"xl/worksheets/sheet{n}.xml", _sheet(rows))
    return packed.getvalue()


def _relations(entries: Sequence[tuple[str, str, str]]) -> str:
    found = "".join(f'<Relationship Id="{i}" Type="{_OFFICE}/{kind}" Target="{to}"/>' for i, kind, to in entries)
    return f'<Relationships xmlns="{_PACKAGE}/relationships">{found}</Relationships>'


def _styles() -> str:
    """Style 1 is a day."""
    return (
        f'<styleSheet xmlns="{_MAIN}"><fonts count="1"><font/></fonts><fills count="1"><fill/></fills>'
        '<borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs>'
        '<cellXfs count="2"><xf numFmtId="0"/><xf numFmtId="14" applyNumberFormat="1"/></cellXfs></styleSheet>'
    )


def _sheet(rows: Sequence[Sequence[Value]]) -> str:
    lines = "".join(
        f'<row r="{y}">' + "".join(_cell(f"{chr(64 + x)}{y}", value) for x, value in enumerate(row, 1)) + "</row>"
        for y, row in enumerate(rows, 1)
    )
    return f'<worksheet xmlns="{_MAIN}"><sheetData>{lines}</sheetData></worksheet>'


def _cell(at: str, value: Value) -> str:
    if value is None:
        return ""
    if isinstance(value, date):
        return f'<c r="{at}" s="1"><v>{(value - date(1899, 12, 30)).days}</v></c>'
    if not isinstance(value, str):
        return f'<c r="{at}"><v>{value}</v></c>'
    if value.startswith("=") and "|" in value:
        formula, _, last = value[1:].partition("|")
        return f'<c r="{at}"><f>{escape(formula)}</f><v>{last}</v></c>'
    return f'<c r="{at}" t="inlineStr"><is><t>{escape(value)}</t></is></c>'

"""What is in the file: its format, encoding, delimiter, header, columns, currency, and a few rows to look at?"""

from __future__ import annotations

import codecs
import csv
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from typing import BinaryIO

from catalog.money.currencies import currency_code, is_active
from catalog.prices.text import PriceTextError, read_price
from catalog.services.feed_imports.errors import ImportError_
from catalog.services.feed_imports.fields import FIELDS, plain
from catalog.services.feed_imports.layout import DELIMITERS, TABLES, BrokenRow, FeedRow, Layout, unique
from catalog.services.feed_imports.tables import table_rows
from catalog.services.feed_imports.trees import MOST_COLUMNS, item_element, json_items, json_rows, xml_items, xml_rows

SAMPLE_ROWS = 20
# How many items of a nested feed are looked at for the names of their fields.
_ITEMS_LOOKED_AT = 500
_HEAD_ROWS = 40
_STEP = 1_048_576
_BOMS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
# What tables without a declaration are written in when they are not UTF-8, by the merchant's country.
_OLD_ENCODINGS = {
    "windows-1250": "PL CZ SK HU SI HR RO",
    "windows-1251": "RU BG UA BY RS MK KZ",
    "windows-1253": "GR CY",
    "windows-1254": "TR",
    "cp932": "JP",
    "cp949": "KR",
    "gb18030": "CN",
    "big5": "TW HK",
}
_VALUE = re.compile(r"https?://|^[^A-Za-z]*\d[\d.,\s]*[^A-Za-z]*$|^\d", re.IGNORECASE)
_SYNONYMS = frozenset(name for field in FIELDS for name in field.synonyms)


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """`rows_total` counts lines or items before any is understood: near enough for a progress bar."""

    layout: Layout
    sample: list[list[str]]
    currency: str
    rows_total: int | None


def look(file: BinaryIO, *, was_sheet: bool, country: str) -> Found:
    """Everything that can be told from the file itself. Raises `ImportError_` for what is no feed."""
    head = file.read(65536)
    file.seek(0)
    bom = next((name for mark, name in _BOMS if head.startswith(mark)), "")
    encoding = bom or _wide(head)
    text = head.decode(encoding or "latin-1", errors="ignore").lstrip("\ufeff \t\r\n\0")
    if not text:
        raise ImportError_("The file is empty.")
    if text[:1000].lower().startswith(("<!doctype html", "<html")):
        raise ImportError_(
            "This is a web page and no feed: often a sign-in or an error page. Ask the merchant for the feed's address "
            "that needs no sign-in."
        )
    if text.startswith("<"):
        file.seek(0)
        layout = Layout(format="xml", encoding="", item=item_element(file, ""))
    elif text.startswith(("{", "[")):
        layout = Layout(format="jsonl", encoding=encoding or "utf-8")
    else:
        encoding = encoding or encoding_of(file, country)
        layout = Layout(format="xlsx" if was_sheet else "csv", encoding=encoding)
        layout = replace(layout, delimiter="," if was_sheet else delimiter_of(file, encoding))
        if layout.delimiter == "\t":
            layout = replace(layout, format="tsv")
    return look_again(file, layout)


def look_again(file: BinaryIO, layout: Layout) -> Found:
    """Header, columns and sample for a format, encoding and delimiter that are settled. Raises `ImportError_`."""
    if layout.format in TABLES:
        layout = _with_header(file, layout)
    else:
        file.seek(0)
        if layout.format == "xml" and not layout.item:
            layout = replace(layout, item=item_element(file, layout.encoding))
            file.seek(0)
        layout = replace(layout, columns=_columns_of_items(file, layout))
    if len(layout.columns) > MOST_COLUMNS:
        raise ImportError_(
            f"The file has {len(layout.columns):,} columns; up to {MOST_COLUMNS:,} are read. Check the delimiter, or "
            "leave out the columns that nobody needs."
        )
    sample = list(islice(_no_errors(feed_rows(file, layout)), SAMPLE_ROWS))
    if not sample:
        raise ImportError_("The file has a header but no rows." if layout.columns else "The file holds no items.")
    return Found(
        layout=layout,
        sample=[[cell[:500].replace("\0", "") for cell in row] for row in sample],
        currency=_currency(layout.columns, sample),
        rows_total=_counted(file, layout),
    )


def feed_rows(file: BinaryIO, layout: Layout) -> Iterator[FeedRow]:
    """The file's rows from the first on, whatever its format. Raises `ImportError_` where it breaks off."""
    file.seek(0)
    if layout.format == "xml":
        return xml_rows(file, layout)
    if layout.format == "jsonl":
        return json_rows(file, layout)
    return table_rows(file, layout, width=len(layout.columns))


def _no_errors(rows: Iterator[FeedRow]) -> Iterator[list[str]]:
    try:
        yield from (row for row in rows if not isinstance(row, BrokenRow) and any(row))
    except ImportError_:
        return  # what came before is enough for a sample; the run says where it breaks


def _wide(head: bytes) -> str:
    """UTF-16 without a byte order mark: every second byte of Western text is 0."""
    if len(head) < 4 or b"\0" not in head[:200]:
        return ""
    even, odd = head[0:200:2].count(0), head[1:200:2].count(0)
    return "utf-16-le" if odd > 4 * even else "utf-16-be" if even > 4 * odd else ""


def encoding_of(file: BinaryIO, country: str) -> str:
    """UTF-8 when every byte of the file agrees, else what such files are written in in that country."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    file.seek(0)
    try:
        while step := file.read(_STEP):
            decoder.decode(step)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return next((name for name, where in _OLD_ENCODINGS.items() if country in where.split()), "windows-1252")
    finally:
        file.seek(0)
    return "utf-8"


def delimiter_of(file: BinaryIO, encoding: str) -> str:
    """The sign that cuts the first rows into the most cells of which every row has as many."""
    best, most = ",", 0.0
    for delimiter in DELIMITERS:
        rows = _head(file, Layout(format="csv", encoding=encoding, delimiter=delimiter))
        widths = Counter(len(row) for row in rows if row)
        if not widths:
            continue
        width, times = widths.most_common(1)[0]
        worth = (width - 1) * (times / widths.total()) ** 2
        if worth > most:
            best, most = delimiter, worth
    return best


def _head(file: BinaryIO, layout: Layout) -> list[list[str]]:
    file.seek(0)
    rows = table_rows(file, layout, width=None)
    try:
        return [row for row in islice(rows, _HEAD_ROWS) if not isinstance(row, BrokenRow)]
    except csv.Error:
        return []


def _with_header(file: BinaryIO, layout: Layout) -> Layout:
    """Where the header is (lines such as a title may stand above it), or that there is none."""
    rows = _head(file, replace(layout, skip=0, has_header=False))
    if not any(rows):
        raise ImportError_("The file holds no rows. Check the encoding and the delimiter.")
    width = Counter(len(row) for row in rows if row).most_common(1)[0][0]
    for place, row in enumerate(rows[:10]):
        known = sum(plain(cell) in _SYNONYMS for cell in row)
        if known >= min(2, max(width - 1, 1)) and len(row) >= min(width, 2):
            return replace(layout, skip=place, has_header=True, columns=unique(row))
    first = rows[0]
    if first and not any(_VALUE.search(cell.strip()) for cell in first) and any(cell.strip() for cell in first):
        return replace(layout, skip=0, has_header=True, columns=unique(first))
    return replace(layout, skip=0, has_header=False, columns=tuple(f"column {n}" for n in range(1, width + 1)))


def _columns_of_items(file: BinaryIO, layout: Layout) -> tuple[str, ...]:
    items = (
        xml_items(file, layout.item, layout.encoding)
        if layout.format == "xml"
        else (item for item in json_items(file, layout.encoding) if not isinstance(item, BrokenRow))
    )
    names: dict[str, None] = {}
    try:
        for item in islice(items, _ITEMS_LOOKED_AT):
            names.update(dict.fromkeys(item))
    except ImportError_:
        if not names:
            raise
    return tuple(names)[: MOST_COLUMNS + 1]


def _currency(columns: Sequence[str], sample: Sequence[Sequence[str]]) -> str:
    """The one currency that the sample's cells name, in a column of codes or beside the amounts; empty when unclear."""
    found: Counter[str] = Counter()
    for place, column in enumerate(columns):
        name = plain(column)
        if "currency" in name or name in {"wahrung", "waehrung", "devise", "moneda", "valuta"}:
            codes = {row[place].strip() for row in sample if row[place].strip()}
            found.update(code for code in map(_code, codes) if code)
        elif "price" in name or "preis" in name or "prix" in name or "pris" in name or "cena" in name:
            found.update(code for code in (_named(row[place]) for row in sample) if code)
        suffix = re.search(r"[(_ ]([A-Z]{3})\)?$", column)
        if suffix and is_active(suffix[1]):
            found[suffix[1]] += 1
    return next(iter(found)) if len(found) == 1 else ""


def _code(text: str) -> str:
    try:
        return currency_code(text)
    except ValueError:
        return ""


def _named(text: str) -> str:
    try:
        return read_price(text).currency or ""
    except PriceTextError:
        return ""


def _counted(file: BinaryIO, layout: Layout) -> int | None:
    """Lines of a table, closing tags of XML: counting bytes takes a moment where reading takes minutes."""
    name = re.escape(layout.item.rpartition("}")[2].rpartition(":")[2].encode())
    closing = re.compile(rb"</(?:[\w.-]+:)?" + name + rb"\s*>")
    file.seek(0)
    times, rest, last = 0, b"", b""
    while step := file.read(_STEP):
        last = step
        if layout.format == "xml":
            whole = rest + step
            end = whole.rfind(b">") + 1
            times += sum(1 for _ in closing.finditer(whole, 0, end))
            rest = whole[end:][-1000:]
        else:
            times += step.count(b"\n")
    if layout.format == "xml":
        return times or None
    times += not last.endswith((b"\n", b"\0"))
    return max(times - layout.skip - layout.has_header, 0) if layout.format in TABLES else times

"""In which shape does a feed come: format, encoding, delimiter, where is its header, how are its columns called?"""

from __future__ import annotations

from dataclasses import dataclass

FORMATS = {"csv": "CSV", "tsv": "TSV", "xlsx": "Excel", "xml": "XML", "jsonl": "JSON lines"}
TABLES = frozenset({"csv", "tsv", "xlsx"})
DELIMITERS = ("\t", ",", ";", "|")


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """`skip`: lines before the header. `item`: the XML element that is one item."""

    format: str
    encoding: str = "utf-8"
    delimiter: str = ","
    has_header: bool = True
    skip: int = 0
    item: str = ""
    columns: tuple[str, ...] = ()

    @property
    def first_row(self) -> int:
        """The number that an editor's spreadsheet gives the first item, counting from 1; items of XML count from 1."""
        return 1 + (self.skip + self.has_header if self.format in TABLES else 0)


@dataclass(frozen=True, slots=True)
class BrokenRow:
    """A row whose fields cannot be told apart; the rows around it can."""

    reason: str
    raw: str = ""


# One row of a feed: its cells in the order of the layout's columns (none for a blank line), or why it has none.
FeedRow = list[str] | BrokenRow


def unique(names: list[str]) -> tuple[str, ...]:
    """Column names with the second `price` as `price (2)` and a nameless one as `column 7`."""
    found: dict[str, None] = {}
    for place, name in enumerate(names, start=1):
        plain = " ".join(name.replace("\ufeff", "").replace("\0", "").split())[:100] or f"column {place}"
        spelled, number = plain, 2
        while spelled in found:
            spelled, number = f"{plain} ({number})", number + 1
        found[spelled] = None
    return tuple(found)

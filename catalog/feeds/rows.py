"""Which rows does the feed hold, whatever its format? Told by the content, never by the file's name."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from catalog.feeds.download import Download
from catalog.feeds.json_lines import json_rows
from catalog.feeds.row import BrokenRow, Row
from catalog.feeds.tables import table_rows
from catalog.feeds.xml import xml_rows
from catalog.reading import SourceError

__all__ = ["BrokenRow", "Row", "rows"]

_LOOKED_AT = 4096
_BOMS = ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))


def rows(feed: Download, *, encoding: str = "", needs: Collection[str] = ("price",)) -> Iterator[Row | BrokenRow]:
    """Every row in order. `encoding` overrides what the feed says of itself.

    `needs`: the columns (the fields of its first line, in JSON Lines) without which it is no product feed.

    Raises `SourceError` for what is no feed at all, and midway where a feed breaks off.
    """
    start = feed.file.read(_LOOKED_AT)
    bom = next(((mark, name) for mark, name in _BOMS if start.startswith(mark)), (b"", ""))
    text = start.decode(bom[1] or "latin-1", errors="ignore").lstrip("\ufeff \t\r\n\x00")
    if not text:
        raise SourceError("The feed is empty.", permanent=False)
    if _is_web_page(text):
        raise SourceError(
            "A web page came instead of the feed: often a sign-in or an error page. Open the feed's address in a "
            "browser without being signed in, and ask the merchant for the address that needs no sign-in.",
            permanent=False,
        )
    if text.startswith("<"):
        # Blanks before the XML declaration are a common slip that the parser would refuse.
        feed.file.seek(0 if bom[1] == "utf-16" else start.index(b"<"))
        return xml_rows(feed.file, encoding=encoding)
    feed.file.seek(len(bom[0]) if bom[1] == "utf-8" else 0)
    if text.startswith(("{", "[")):
        return json_rows(feed.file, encoding=encoding or bom[1], needs=needs)
    return table_rows(feed.file, encoding=encoding or bom[1], declared=feed.declared, needs=needs)


def _is_web_page(text: str) -> bool:
    head = text[:1000].lower()
    return head.startswith(("<!doctype html", "<html")) or ("<html" in head and "<rss" not in head)

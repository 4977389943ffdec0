"""What stands in a feed that somebody hands us as a file? Fetching it, unpacking it, and its rows one by one.

Pure, and shared by every source that reads feeds and by the import of products: it knows rows and fields, but not
what they mean. `rows(feed)` tells the format by the content; `download` asks for a feed only when it is a new one.
"""

from catalog.feeds.download import DEFAULT_MAX_MB, MEGABYTE, Download, download, has_turned, unpacked, until
from catalog.feeds.row import BrokenRow, Row
from catalog.feeds.rows import rows
from catalog.feeds.sale import Window, sale_window
from catalog.feeds.tables import table_rows
from catalog.feeds.xml import xml_rows

__all__ = [
    "DEFAULT_MAX_MB",
    "MEGABYTE",
    "BrokenRow",
    "Download",
    "Row",
    "Window",
    "download",
    "has_turned",
    "rows",
    "sale_window",
    "table_rows",
    "unpacked",
    "until",
    "xml_rows",
]

"""Which products does a reader's question find, how many does each further choice leave, and is that still true?"""

from __future__ import annotations

from datetime import datetime

from catalog.facets import index
from catalog.facets.asked import Asked, Found
from catalog.page_tags import note
from catalog.product_rows import product_rows


def find_products(asked: Asked, *, start: int, size: int, now: datetime) -> Found:
    """The piece of `size` products from `start` on (0 is the first), with counts over all that were found.

    `asked` names only facets of `catalog.facets.choices` and one of its orders. A fixed number of queries.
    """
    note("products", "edited", "sold", "prices", "scores", "articles")
    rows = product_rows()
    return index.find(rows.products, rows.labels, asked, start=start, size=size, now=now)

"""Ways for tests to read an Awin feed: rows of a table, or a server that speaks as Awin does."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from datetime import datetime

from catalog.http import Door
from catalog.reading import Reading, Unreadable
from catalog.sources.awin_feed import AwinFeed
from catalog.sources.base import Answer, FeedState
from tests.catalog.sources.feeds import NOW, Bytes, wanted
from tests.catalog.sources.tokens import OwnTokens

KEY = "0f3c9a7be1d24c5f8a6b"


def table(*rows: Mapping[str, str], delimiter: str = ",") -> str:
    """A feed of these rows; columns in the order in which they come up."""
    columns = list(dict.fromkeys(name for row in rows for name in row))
    text = io.StringIO()
    writer = csv.DictWriter(text, columns, delimiter=delimiter, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


def row(**fields: str) -> dict[str, str]:
    """A row that costs 99.00 EUR unless told otherwise."""
    return {"aw_product_id": "1", "product_name": "Headset", "search_price": "99.00", "currency": "EUR", **fields}


def read_rows(
    *rows: Mapping[str, str], now: datetime = NOW, skus: Sequence[str] = (), **settings: str
) -> list[Reading | Unreadable]:
    return read_bytes(table(*rows).encode(), now=now, skus=skus, **settings)


def read_bytes(
    body: bytes, *, now: datetime = NOW, skus: Sequence[str] = (), **settings: str
) -> list[Reading | Unreadable]:
    return list(ask(Bytes(body), now=now, skus=skus, feed_ids="7", **settings).items)  # type: ignore[arg-type]


def ask(
    door: Door, *, now: datetime = NOW, skus: Sequence[str] = (), state: FeedState | None = None, **settings: str
) -> Answer:
    return AwinFeed().read(
        wanted(*skus),
        {"api_key": KEY, **settings},
        door=door,
        now=now,
        state=state or FeedState(),
        tokens=OwnTokens(),
    )

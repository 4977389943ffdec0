"""Who reads the rows of this import, with its mapping, its currency and its merchant's terms?"""

from __future__ import annotations

from datetime import datetime

from catalog.models import FeedImport
from catalog.services.feed_imports.rows import Reader
from catalog.services.feed_imports.setting_up import layout_of
from catalog.services.feed_imports.targets import target_check

_PRICES = frozenset({"price", "currency", "sale_price", "sale_period"})


def reader_of(feed_import: FeedImport) -> Reader:
    """Of a merchant whose terms allow no prices, prices are not even read."""
    merchant = feed_import.merchant
    mapping: dict[str, str] = feed_import.mapping
    if not merchant.terms.prices_allowed:
        mapping = {key: name for key, name in mapping.items() if key not in _PRICES}
    return Reader(
        layout_of(feed_import),
        mapping,
        currency=feed_import.currency,
        read_at=read_at(feed_import),
        refuse_target=target_check(merchant),
    )


def read_at(feed_import: FeedImport) -> datetime:
    """When the file was fetched or uploaded: its prices are of that moment, however late the import runs (UTC)."""
    noted = feed_import.sample.get("read_at")
    return datetime.fromisoformat(noted) if noted else feed_import.created_at

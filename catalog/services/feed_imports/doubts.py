"""How do the items of a merchant that may be products of ours come before an editor?"""

from __future__ import annotations

from collections.abc import Mapping

from catalog.models import DoubtfulMatch, FeedImport, Merchant
from catalog.services.feed_imports.known import Key
from catalog.services.feed_imports.rows import gtin_of
from catalog.services.feed_imports.sorting import Doubtful
from catalog.services.judging import is_storable
from catalog.services.reasons import storable

_WRITTEN = ("url", "title", "brand", "gtin", "mpn", "asin", "amount", "currency", "candidates")


def file_doubts(doubtful: Mapping[Key, Doubtful], *, merchant: Merchant, feed_import: FeedImport | None) -> None:
    """Write the doubts, or what is news of open ones. `feed_import`: None when the merchant's own source said it."""
    DoubtfulMatch.objects.bulk_create(
        [_doubtful_match(key, doubt, merchant, feed_import) for key, doubt in doubtful.items()],
        update_conflicts=True,
        unique_fields=["merchant", "merchant_sku", "condition"],
        update_fields=["feed_import", *_WRITTEN],
    )


def _doubtful_match(key: Key, doubt: Doubtful, merchant: Merchant, feed_import: FeedImport | None) -> DoubtfulMatch:
    said = doubt.reading
    is_kept = doubt.has_price and is_storable(said)
    return DoubtfulMatch(
        merchant=merchant,
        feed_import=feed_import,
        merchant_sku=key[0],
        condition=key[1],
        url=storable(said.url),
        title=storable(said.title)[:300],
        brand=storable(said.brand)[:100],
        gtin=gtin_of(said.gtin),
        mpn=storable(said.mpn)[:100],
        asin=storable(said.asin)[:10],
        amount=said.amount if is_kept else None,
        currency=said.currency if is_kept else "",
        candidates=[candidate.as_json() for candidate in doubt.candidates],
    )

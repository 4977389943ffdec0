"""Which of a merchant's items are products we know, so that they can be offered? Found as an import finds them (P9)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime

from catalog import sources
from catalog.http import Door
from catalog.models import Merchant, Offer, Product
from catalog.reading import Reading
from catalog.services.feed_imports.catalogue import Catalogue, Doubt, Match
from catalog.services.feed_imports.doubts import file_doubts
from catalog.services.feed_imports.known import Key, decided
from catalog.services.feed_imports.sorting import Doubtful
from catalog.services.offers import OfferError, save_offer
from catalog.services.tokens import SharedTokens
from catalog.sources.base import FeedState


@dataclass(frozen=True, slots=True)
class Found:
    product: Product
    reading: Reading


@dataclass(slots=True, kw_only=True)
class Discovery:
    """`refused` are sentences: items that are ours but whose address is not the merchant's, for example."""

    items: int = 0
    known: int = 0
    made: list[Found] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    doubtful: int = 0


def find_offers(*, merchant: Merchant, now: datetime, door: Door, dry_run: bool = False) -> Discovery:
    """Read everything the merchant's source lists and make the offers that are missing; they are read next.

    An item is ours when its GTIN, its ASIN, or its brand's part number names exactly one product; what may be ours goes
    before an editor as a doubtful match. Raises `SourceError`.
    """
    found = Discovery()
    catalogue = Catalogue()
    doubtful: dict[Key, Doubtful] = {}
    known = set(Offer.objects.filter(merchant=merchant).values_list("merchant_sku", "condition"))
    for reading in _everything(merchant, now, door):
        found.items += 1
        if (reading.sku, reading.condition.value) in known:
            found.known += 1
            continue
        match = catalogue.find(reading.gtin, reading.asin, reading.brand, reading.mpn, reading.title)
        if isinstance(match, Doubt):
            key = (reading.sku, reading.condition.value)
            doubtful[key] = Doubtful(0, reading, merchant.terms.prices_allowed, match.candidates)
        if not isinstance(match, Match):
            continue
        product = Product.objects.select_related("brand").get(pk=match.product)
        known.add((reading.sku, reading.condition.value))
        try:
            if not dry_run:
                save_offer(
                    product=product,
                    merchant=merchant,
                    merchant_sku=reading.sku,
                    url=reading.url,
                    condition=reading.condition,
                    now=now,
                )
        except OfferError as error:
            found.refused.append(f"{reading.sku} ({product}): {error}")
        else:
            found.made.append(Found(product, reading))
    settled = decided(merchant, [sku for sku, _ in doubtful])
    open_ones = {key: doubt for key, doubt in doubtful.items() if key not in settled and key not in known}
    found.doubtful = len(open_ones)
    if open_ones and not dry_run:
        file_doubts(open_ones, merchant=merchant, feed_import=None)
    return found


def _everything(merchant: Merchant, now: datetime, door: Door) -> Iterator[Reading]:
    """A source that is asked for nothing in particular hands back all it lists."""
    source = sources.SOURCES[merchant.source]
    answer = source.read([], merchant.source_settings, door=door, now=now, state=FeedState(), tokens=SharedTokens())
    return (item for item in answer.items if isinstance(item, Reading))

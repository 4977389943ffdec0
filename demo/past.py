"""What would have been read in the weeks before the demo began?

A site that begins today has no history, no verdict on a price and no typical price to show. So the one shop whose
terms allow a history gets a past, as invented as the shop: by the same judge and the same service as every reading.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from zlib import crc32

from catalog.models import Merchant, Offer
from catalog.reading import Availability, Reading
from catalog.services.readings import Answer, store_answers
from demo import content
from demo.merchants.shops import Article, articles

SHOP = "northbeat-audio"
_HOUR = timedelta(hours=1)

# What a thing cost before, as (days until the demo began, percent of its usual price), in four ways. The shop's prices
# of today lie near 100: a real reduction, a price raised before it is cut, a steady one, and one not watched for long.
_WAYS: tuple[tuple[tuple[int, int], ...], ...] = (
    ((80, 122), (45, 128), (20, 119)),
    ((80, 92), (20, 118)),
    ((80, 101), (60, 98), (31, 101)),
    ((9, 112), (4, 106)),
)
_LONGEST = max(days for way in _WAYS for days, _ in way)


def fill_past(*, now: datetime) -> int:
    """How many offers got a past. Only those that were never read get one. `now` is aware, UTC."""
    merchant = Merchant.objects.get(slug=SHOP)
    shelf = {article.sku: article for article in articles(content.CATALOGUE)}
    ids = [
        offer.pk
        for offer in Offer.objects.filter(merchant=merchant, seen_at=None, withdrawn_at=None)
        if offer.merchant_sku in shelf
    ]
    for days in range(_LONGEST, 0, -1) if ids else ():
        at = now - timedelta(days=days) + _HOUR
        # Anew for each day: the service hands back rows of its own, and the next day builds on what they became.
        answers: list[tuple[Offer, Answer]] = [
            (offer, reading)
            for offer in Offer.objects.filter(pk__in=ids).order_by("pk")
            if (reading := _reading(shelf[offer.merchant_sku], days, at)) is not None
        ]
        store_answers(merchant=merchant, answers=answers, now=at, key_of_round=f"merchant {merchant.pk}")
    # The shop itself is asked at once.
    Offer.objects.filter(pk__in=ids).update(next_check_at=now)
    return len(ids)


def _reading(article: Article, days: int, at: datetime) -> Reading | None:
    """What the shop would have said so many days ago; None before it was watched."""
    way = _WAYS[crc32(article.sku.encode()) % len(_WAYS)]
    began = [percent for start, percent in way if days <= start]
    if not began:
        return None
    whole = (article.usual_price * began[-1] / 100).quantize(Decimal(1))
    return Reading(
        sku=article.sku,
        amount=max(whole, Decimal(1)) - Decimal("0.01"),
        currency="USD",
        availability=Availability.IN_STOCK,
        shipping_amount=Decimal("0.00"),
        seen_at=at,
    )

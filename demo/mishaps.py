"""What went wrong before the demo began, so that a visitor sees what the site does about it?

One shop still lists an article whose page is gone. The workers would find that out within an hour and a half (two
looks, an hour apart); a visitor should not have to wait, so both looks are told as if they had been made.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from catalog.destination_check import BETWEEN_STRIKES, Hop, Seen, judge
from catalog.models import Destination, Offer
from catalog.services.destinations import expectation, store_look
from demo.merchants.shops import SHOPS

_LOOKS_AGO = (BETWEEN_STRIKES + timedelta(minutes=20), timedelta(minutes=10))


def fill_mishaps(*, now: datetime) -> int:
    """How many lost pages were noted. What was looked at already is left alone. `now` is aware, UTC."""
    lost = {shop.slug: shop.lost_page for shop in SHOPS if shop.lost_page}
    noted = 0
    for slug, sku in lost.items():
        offers = Offer.objects.filter(merchant__slug=slug, merchant_sku=sku, withdrawn_at=None)
        for offer in offers.select_related("merchant", "product__brand"):
            row, is_new = Destination.objects.get_or_create(offer=offer)
            if not is_new and row.checked_at is not None:
                continue
            for ago in _LOOKS_AGO:
                _look(offer, now - ago)
            # The shop itself is asked soon.
            Destination.objects.filter(pk=offer.pk).update(next_check_at=now)
            noted += 1
    return noted


def _look(offer: Offer, at: datetime) -> None:
    address, wanted = expectation(offer)
    hops = (Hop(method="HEAD", address=address, status=404), Hop(method="GET", address=address, status=404))
    seen = Seen(hops=hops)
    store_look(offer_id=offer.pk, claimed_at=None, seen=seen, finding=judge(seen, wanted), now=at)

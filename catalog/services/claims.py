"""Who is working on this merchant and these offers right now?

A claim is taken by an update that only one worker can win, and it is void after `schedule.CLAIM_LIVES`, so that what
a killed worker left behind is taken over.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.db.models import Q

from catalog.models import Merchant, Offer
from catalog.schedule import CLAIM_LIVES


def _unclaimed(now: datetime) -> Q:
    return Q(claimed_at__isnull=True) | Q(claimed_at__lte=now - CLAIM_LIVES)


def merchants_due(*, now: datetime) -> list[int]:
    """Ids of the merchants that have due offers and that nobody is asking, the longest waiting first."""
    due = Offer.objects.due(now).filter(_unclaimed(now))
    waiting = due.order_by("next_check_at").values_list("merchant_id", flat=True)
    free = set(Merchant.objects.filter(_unclaimed(now)).values_list("pk", flat=True))
    return [pk for pk in dict.fromkeys(waiting) if pk in free]


def claim_merchant(*, merchant_id: int, now: datetime) -> Merchant | None:
    """The merchant, ours until it is released; None when it is gone or somebody else has it."""
    won = Merchant.objects.filter(_unclaimed(now), pk=merchant_id).update(claimed_at=now)
    return Merchant.objects.get(pk=merchant_id) if won else None


def release_merchant(*, merchant: Merchant) -> None:
    """Give the claim back, unless it was so old that somebody else took it over."""
    Merchant.objects.filter(pk=merchant.pk, claimed_at=merchant.claimed_at).update(claimed_at=None)


@transaction.atomic
def claim_offers(*, merchant: Merchant, now: datetime, limit: int, everything: bool) -> list[Offer]:
    """At most `limit` due offers of the merchant, ours until their next check is set; the longest waiting first.

    `everything`: once one of them is due, the merchant's other offers come along (a feed answers for all at once).
    """
    due = Offer.objects.due(now).filter(_unclaimed(now), merchant=merchant)
    wanted = due
    if everything and due.exists():
        wanted = Offer.objects.buyable().filter(_unclaimed(now), merchant=merchant)
    # Two workers that race here never wait for each other: each takes the rows the other has not locked.
    locked = wanted.select_for_update(of=("self",), skip_locked=True).order_by("next_check_at", "pk")
    offers = list(locked.select_related("product__brand")[:limit])
    won = Offer.objects.filter(pk__in=[offer.pk for offer in offers]).update(claimed_at=now)
    assert won == len(offers), "a locked offer cannot have gone away"
    for offer in offers:
        offer.claimed_at = now
    return offers


def release_offers(*, offers: Iterable[Offer], next_check_at: datetime) -> None:
    """Give up claims without having learnt anything."""
    Offer.objects.filter(pk__in=[offer.pk for offer in offers]).update(claimed_at=None, next_check_at=next_check_at)

"""Who is working on this merchant and these offers right now?

A claim is taken by an update that only one worker can win, and it is void after `schedule.CLAIM_LIVES`, so that what
a killed worker left behind is taken over.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.db.models import OuterRef, Q, Subquery

from catalog import sources
from catalog.models import Merchant, Offer
from catalog.schedule import CLAIM_LIVES

# All that is known of an offer while its merchant is asked; what is stored then is read anew.
_ASKED_FOR = ("merchant_id", "merchant_sku", "url", "condition", "product_id", "state", "claimed_at")


def _unclaimed(now: datetime) -> Q:
    return Q(claimed_at__isnull=True) | Q(claimed_at__lte=now - CLAIM_LIVES)


def merchants_due(*, now: datetime) -> list[int]:
    """Ids of the merchants that have due offers and that nobody is asking, the longest waiting first.

    One look into the index per merchant, however many of its offers are due. A merchant whose terms allow no prices
    is never asked.
    """
    first = Offer.objects.due(now).filter(_unclaimed(now), merchant=OuterRef("pk")).order_by("next_check_at")
    free = Merchant.objects.filter(_unclaimed(now), is_active=True, prices_allowed=True).exclude(
        source__in=sources.UNASKED
    )
    waiting = free.annotate(since=Subquery(first.values("next_check_at")[:1])).filter(since__isnull=False)
    return list(waiting.order_by("since", "pk").values_list("pk", flat=True))


def is_due(*, merchant_id: int, now: datetime) -> bool:
    """Does any offer of this merchant wait to be asked for, by nobody yet?"""
    return Offer.objects.due(now).filter(_unclaimed(now), merchant=merchant_id).exists()


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
    offers = list(locked.only(*_ASKED_FOR)[:limit])
    won = Offer.objects.filter(pk__in=[offer.pk for offer in offers]).update(claimed_at=now)
    assert won == len(offers), "a locked offer cannot have gone away"
    for offer in offers:
        offer.claimed_at = now
    return offers


def release_offers(*, offers: Iterable[Offer], next_check_at: datetime) -> None:
    """Give up claims without having learnt anything; not those that another worker took over meanwhile."""
    claims: dict[datetime | None, list[int]] = {}
    for offer in offers:
        claims.setdefault(offer.claimed_at, []).append(offer.pk)
    for claimed_at, ids in claims.items():
        Offer.objects.filter(pk__in=ids, claimed_at=claimed_at).update(claimed_at=None, next_check_at=next_check_at)

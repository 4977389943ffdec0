"""Which readings may no longer be kept? What the merchants' terms say, carried out."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction

from catalog.models import Merchant, Offer, Price, RefreshRun
from catalog.reading import Availability
from catalog.terms import delete_readings_before

# The job page tells how things went lately; older rounds tell nobody anything.
RUNS_ARE_KEPT = timedelta(days=30)


@transaction.atomic
def delete_expired_readings(*, now: datetime) -> int:
    """Delete readings older than their merchant's terms allow, and the amounts made of them; how many were deleted.

    The offers stay, without a price: "see price at …" (P13), and are read anew whatever their feed says of changes.
    """
    deleted = 0
    for merchant in Merchant.objects.all():
        limit = delete_readings_before(merchant.terms, now)
        if limit is None:
            continue
        deleted += Price.objects.filter(offer__merchant=merchant, seen_at__lt=limit).delete()[0]
        outlived = Offer.objects.filter(merchant=merchant, seen_at__lt=limit, amount__isnull=False)
        cleared = {
            "amount": None,
            "currency": "",
            "shipping_amount": None,
            "days_seen": 0,
            "availability": Availability.UNKNOWN.value,
        }
        # What is in doubt stays in doubt: as a new offer its held reading would be believed at once.
        outlived.filter(state=Offer.State.HELD).update(**cleared)
        outlived.update(
            **cleared,
            state=Offer.State.NEW,
            state_reason="The last price outlived the merchant's terms and was deleted.",
        )
    RefreshRun.objects.filter(started_at__lt=now - RUNS_ARE_KEPT).delete()
    return deleted

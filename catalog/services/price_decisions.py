"""What does an editor decide about a price: accept the held one, reject it, or type one in?"""

from __future__ import annotations

import re
from datetime import datetime
from decimal import Decimal

from django.db import transaction

from catalog.models import Merchant, Offer, Price
from catalog.models.price import Verdict
from catalog.reading import Availability
from catalog.services.page_changes import announce
from catalog.services.reasons import rejection

CENT = Decimal("0.01")
LARGEST = Decimal(10) ** 10


class DecisionError(Exception):
    """The decision cannot be carried out; nothing was stored. The message says why and what to do."""


@transaction.atomic
def accept_held_price(*, offer: Offer, by: str, now: datetime) -> Price:
    """The held reading becomes the offer's price, with the time at which it was read. `by` names the editor."""
    offer, held = _locked_held(offer)
    if held.amount <= 0:
        raise DecisionError(f"{offer}: {held.amount} {held.currency} is not a price. Reject it instead.")
    price = Price.objects.create(
        offer=offer,
        amount=held.amount,
        currency=held.currency,
        availability=held.availability,
        seen_at=held.seen_at,
        source=held.source,
        verdict=Verdict.ACCEPTED,
        reason=f"Accepted by {by}."[:300],
    )
    _show(offer, price, now=now)
    return price


@transaction.atomic
def reject_held_price(*, offer: Offer, by: str, now: datetime) -> Price:
    """The held reading is not believed, also when the merchant repeats it. The last good price stays."""
    offer, held = _locked_held(offer)
    price = Price.objects.create(
        offer=offer,
        amount=held.amount,
        currency=held.currency,
        availability=held.availability,
        seen_at=now,
        source=held.source,
        verdict=Verdict.REJECTED,
        reason=rejection(f"{held.amount} {held.currency}", by)[:300],
    )
    offer.state = Offer.State.UNREADABLE
    offer.state_reason = price.reason
    offer.next_check_at = now
    offer.save(update_fields=["state", "state_reason", "next_check_at"])
    return price


@transaction.atomic
def set_price_by_hand(
    *, offer: Offer, amount: Decimal, currency: str, availability: Availability, seen_at: datetime, by: str
) -> Price | None:
    """Store what an editor saw at the merchant at `seen_at` (aware, UTC); None when it is what was known already.

    Raises `DecisionError` for an amount that is no price, a currency that the merchant does not use or a time
    before the last reading.
    """
    offer = Offer.objects.select_for_update(of=("self",)).select_related("merchant", "product__brand").get(pk=offer.pk)
    _refuse_bad_amount(offer, amount, currency)
    if offer.seen_at is not None and seen_at < offer.seen_at:
        raise DecisionError(f"{offer}: a newer price was read at {offer.seen_at:%Y-%m-%d %H:%M} UTC.")
    amount = amount.quantize(CENT)
    # An unchanged feed would give the typed price its own time: the next look reads all of it again.
    Merchant.objects.filter(pk=offer.merchant_id).update(feed_etag="", feed_last_modified="", feed_sha256="")
    if (offer.amount, offer.currency, offer.availability) == (amount, currency, availability.value):
        if offer.state == Offer.State.OK:
            offer.seen_at = offer.checked_at = seen_at
            offer.save(update_fields=["seen_at", "checked_at"])
            return None
        # The editor also decides about what is held or unreadable; a reading of this very moment is there already.
        if same := offer.prices.filter(seen_at=seen_at, verdict=Verdict.ACCEPTED, amount=amount).first():
            _show(offer, same, now=seen_at)
            return None
    price = Price.objects.create(
        offer=offer,
        amount=amount,
        currency=currency,
        availability=availability.value,
        seen_at=seen_at,
        source="manual",
        verdict=Verdict.ACCEPTED,
        reason=f"Typed in by {by}."[:300],
    )
    _show(offer, price, now=seen_at)
    return price


def _refuse_bad_amount(offer: Offer, amount: Decimal, currency: str) -> None:
    if not amount.is_finite() or not CENT <= amount < LARGEST:
        raise DecisionError(f"{offer}: {amount} is not a price; it must be at least 0.01.")
    if not re.fullmatch(r"[A-Z]{3}", currency, re.ASCII) or currency != offer.merchant.currency:
        raise DecisionError(
            f"{offer}: {offer.merchant} sells in {offer.merchant.currency}, not in {currency!r}. "
            "If that is wrong, change the merchant's currency first."
        )


def _locked_held(offer: Offer) -> tuple[Offer, Price]:
    offer = Offer.objects.select_for_update(of=("self",)).select_related("merchant", "product__brand").get(pk=offer.pk)
    latest = offer.prices.first()
    if offer.state != Offer.State.HELD or latest is None or latest.verdict != Verdict.HELD:
        raise DecisionError(f"{offer}: no reading is held any more (its state is {offer.get_state_display()!r}).")
    return offer, latest


def _show(offer: Offer, price: Price, *, now: datetime) -> None:
    announce(f"offer:{offer.pk}")
    offer.amount = price.amount
    offer.currency = price.currency
    offer.availability = price.availability
    offer.seen_at = price.seen_at
    offer.checked_at = now
    offer.state = Offer.State.OK
    offer.state_reason = ""
    offer.shipping_amount = None  # it belonged to the old reading
    offer.save(
        update_fields=[
            "amount",
            "currency",
            "availability",
            "seen_at",
            "checked_at",
            "state",
            "state_reason",
            "shipping_amount",
        ]
    )

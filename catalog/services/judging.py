"""Is this reading believed? The pure judge of `plausibility`, asked with what is stored of the offer."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from catalog.models import Merchant, Offer, Price
from catalog.models.price import Verdict
from catalog.plausibility import AGREES_WITHIN, LastKnown, confirms, judge
from catalog.reading import Availability, Condition, Reading

TOO_LARGE = Decimal(10) ** 10  # amounts are stored with ten digits before the point


def judged(merchant: Merchant, offer: Offer, reading: Reading, *, now: datetime) -> tuple[Verdict, str]:
    """The verdict and its reason for the editor."""
    if not is_storable(reading):
        return Verdict.REJECTED, f"{reading.amount} is no price."
    last = None
    if offer.amount is not None and offer.seen_at is not None:
        last = LastKnown(amount=offer.amount, currency=offer.currency, seen_at=offer.seen_at)
    judgement = judge(reading, last, merchant.currency, now=now, condition=Condition(offer.condition))
    verdict = Verdict(judgement.verdict.value)
    if verdict is Verdict.ACCEPTED and _lost_its_price_while_held(offer):
        return Verdict.HELD, "The good price before it is gone; a second look must agree first."
    return verdict, judgement.reason


def _lost_its_price_while_held(offer: Offer) -> bool:
    """Was a reading held against a price that is deleted by now? What was in doubt is not right for lack of proof.

    An offer that never had a price (no `seen_at`) was held for its currency, which the judge still compares.
    """
    return offer.state == Offer.State.HELD and offer.amount is None and offer.seen_at is not None


def is_storable(reading: Reading) -> bool:
    """Can the amount be kept at all, believed or not?"""
    return reading.amount.is_finite() and 0 <= reading.amount < TOO_LARGE


def confirms_held(held: Price, offer: Offer, reading: Reading) -> bool:
    """Is the reading the second look that the held one waits for?"""
    return confirms(as_reading(held, offer), reading)


def says_the_same(earlier: Price, reading: Reading) -> bool:
    """The same currency and, but for a wobble that a second look is allowed, the same amount."""
    return (
        is_storable(reading)
        and earlier.currency == reading.currency
        and abs(earlier.amount - reading.amount) <= earlier.amount * AGREES_WITHIN
    )


def as_reading(price: Price, offer: Offer) -> Reading:
    return Reading(
        sku=offer.merchant_sku,
        amount=price.amount,
        currency=price.currency,
        seen_at=price.seen_at,
        availability=Availability(price.availability),
        condition=Condition(offer.condition),
    )

"""Is this reading believed? The pure judge of `plausibility`, asked with what is stored of the offer."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from decimal import Decimal

from catalog.models import Merchant, Offer, Price
from catalog.models.price import Verdict
from catalog.money import currencies
from catalog.plausibility import AGREES_WITHIN, LastKnown, confirms, judge
from catalog.reading import Availability, Condition, Reading, Unreadable

TOO_LARGE = Decimal(10) ** 10  # amounts are stored with ten digits before the point
# Of a minor unit: what arithmetic with binary fractions leaves behind ("98.99999999"), and no merchant means.
_BLUR = Decimal("0.001")


def as_stored(reading: Reading) -> Reading | Unreadable:
    """The reading with the decimals of its currency, as it is stored and compared.

    More decimals than the currency has are nobody's price, but one before tax, per piece, or of another currency: that
    is not rounded away, it is said.
    """
    if not is_storable(reading):
        return reading
    amount = _to_minor_units(reading.amount, reading.currency)
    if amount is None:
        text = f"{reading.amount:f}"
        return Unreadable(
            sku=reading.sku,
            reason=f"{text[:40]} {reading.currency} has more decimals than that currency has: no price anybody pays.",
            raw=reading.raw_price,
        )
    shipping = reading.shipping_amount
    if shipping is not None:
        # A shipping cost that cannot be is no reason to lose the price.
        is_usable = shipping.is_finite() and 0 <= shipping < TOO_LARGE
        shipping = _to_minor_units(shipping, reading.currency) if is_usable else None
    if amount is reading.amount and shipping is reading.shipping_amount and isinstance(reading.condition, Condition):
        return reading  # as nearly all are
    return replace(reading, amount=amount, shipping_amount=shipping, condition=Condition(reading.condition))


def _to_minor_units(amount: Decimal, currency: str) -> Decimal | None:
    unit = Decimal(1).scaleb(-currencies.decimals(currency))
    if amount.same_quantum(unit) and amount < TOO_LARGE:
        return amount
    rounded = amount.quantize(unit)
    return rounded if abs(rounded - amount) <= unit * _BLUR and rounded < TOO_LARGE else None


def judged(
    merchant: Merchant, offer: Offer, reading: Reading, *, now: datetime, before: Price | None = None
) -> tuple[Verdict, str]:
    """The verdict and its reason for the editor. `before`: the last accepted price of an offer that shows none now.

    What was not sold for a while comes back at about its old price, or needs a second look like any other leap.
    """
    if not is_storable(reading):
        return Verdict.REJECTED, f"{reading.amount} is no price."
    last = None
    if offer.amount is not None and offer.seen_at is not None:
        last = LastKnown(amount=offer.amount, currency=offer.currency, seen_at=offer.seen_at)
    elif before is not None:
        last = LastKnown(amount=before.amount, currency=before.currency, seen_at=before.seen_at)
    judgement = judge(reading, last, merchant.currency, now=now, condition=Condition(offer.condition))
    verdict = Verdict(judgement.verdict.value)
    if verdict is Verdict.ACCEPTED and last is None and _lost_its_price_while_held(offer):
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

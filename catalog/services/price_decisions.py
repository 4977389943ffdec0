"""What does an editor decide about a price: accept the held one, reject it, type one in, or take that back?"""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from decimal import Decimal

from django.db import transaction

from catalog.models import Merchant, Offer, Price
from catalog.models.price import UNDO, Verdict
from catalog.money import currencies
from catalog.plausibility import written
from catalog.prices.history import with_day
from catalog.reading import Availability
from catalog.services.page_changes import announce
from catalog.services.storing import newest_accepted

LARGEST = Decimal(10) ** 10
_SHOWN = ("amount", "currency", "shipping_amount", "availability", "seen_at", "days_seen")


class DecisionError(Exception):
    """The decision cannot be carried out; nothing was stored. The message says why and what to do."""


@transaction.atomic
def accept_held_price(*, offer: Offer, by: str, now: datetime) -> Price:
    """The held reading becomes the offer's price, with the time at which it was read. `by` names the editor."""
    offer, held = _locked_held(offer)
    if held.amount <= 0:
        raise DecisionError(f"{offer}: {written(held.amount, held.currency)} is not a price. Reject it instead.")
    price = _decided(held, Verdict.ACCEPTED, f"Accepted by {by}.", by)
    _show(offer, price, now=now)
    return price


@transaction.atomic
def reject_held_price(*, offer: Offer, by: str, now: datetime) -> Price:
    """The held reading is not believed, also when the merchant repeats it. The last good price stays."""
    offer, held = _locked_held(offer)
    price = _decided(held, Verdict.REJECTED, f"{written(held.amount, held.currency)} was rejected by {by}.", by)
    offer.state = Offer.State.UNREADABLE
    offer.state_reason = price.reason
    offer.next_check_at = now
    offer.save(update_fields=["state", "state_reason", "next_check_at"])
    announce(f"offer:{offer.pk}")
    return price


@transaction.atomic
def set_price_by_hand(
    *, offer: Offer, amount: Decimal, currency: str, availability: Availability, seen_at: datetime, by: str
) -> Price | None:
    """Store what an editor saw at the merchant at `seen_at` (aware, UTC); None when it is what was known already.

    Raises `DecisionError` for an amount that is no price, a currency that the merchant does not use or a time
    before the last reading.
    """
    offer = _locked(offer)
    _refuse_bad_amount(offer, amount, currency)
    if offer.seen_at is not None and seen_at < offer.seen_at:
        raise DecisionError(f"{offer}: a newer price was read at {offer.seen_at:%Y-%m-%d %H:%M} UTC.")
    amount = amount.quantize(_unit(currency))
    # An unchanged feed would give the typed price its own time: the next look reads all of it again.
    _read_anew(offer)
    if (offer.amount, offer.currency, offer.availability) == (amount, currency, availability.value):
        if offer.state == Offer.State.OK:
            _looked(offer, seen_at)
            offer.checked_at = seen_at
            offer.save(update_fields=["seen_at", "days_seen", "checked_at"])
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
        decided_by=by[:150],
    )
    _show(offer, price, now=seen_at)
    return price


@transaction.atomic
def undo_decision(*, offer: Offer, by: str, now: datetime) -> Offer:
    """Take the last accepted, rejected or typed price of an editor back; the offer as it is then.

    Nothing is rewritten: a row says that the decision was taken back, and what had been held is held again. The price
    before it is shown with the time of its own row, which may be older than its last confirmation, never newer.
    Raises `DecisionError` when no decision is the newest thing known of the offer.
    """
    offer = _locked(offer)
    decision = offer.prices.first()
    if decision is None or not decision.decided_by or decision.verdict == Verdict.HELD or decision.source == UNDO:
        raise DecisionError(f"{offer}: the newest reading is not an editor's decision, so there is none to take back.")
    before = offer.prices.exclude(pk=decision.pk).exclude(source=UNDO).first()
    if decision.verdict == Verdict.ACCEPTED:
        _decided(decision, Verdict.REJECTED, f"{decision.reason} Taken back by {by}.", by, source=UNDO)
        _show_the_price_before(offer)
    held = before if before is not None and before.verdict == Verdict.HELD else None
    if held is not None:
        # A moment later, so that it is the newest reading again, and as old as it is.
        at = max(held.seen_at, decision.seen_at) + timedelta(microseconds=1)
        _decided(held, Verdict.HELD, held.reason, by, seen_at=at)
        offer.state, offer.state_reason = Offer.State.HELD, held.reason
        if offer.seen_at is None:
            offer.seen_at = held.seen_at
    elif before is not None and before.verdict == Verdict.REJECTED:
        offer.state, offer.state_reason = Offer.State.UNREADABLE, before.reason
    else:
        offer.state = Offer.State.NEW if offer.amount is None else Offer.State.OK
        offer.state_reason = ""
    offer.checked_at = offer.next_check_at = now
    offer.save(update_fields=[*_SHOWN, "state", "state_reason", "checked_at", "next_check_at"])
    _read_anew(offer)
    announce(f"offer:{offer.pk}")
    return offer


def _show_the_price_before(offer: Offer) -> None:
    price = newest_accepted([offer.pk]).get(offer.pk)
    offer.amount = price.amount if price else None
    offer.currency = price.currency if price else ""
    offer.shipping_amount = price.shipping_amount if price else None
    offer.availability = price.availability if price else Availability.UNKNOWN.value
    if price is None:
        offer.seen_at, offer.days_seen = None, 0
    else:
        _looked(offer, price.seen_at)


def _looked(offer: Offer, at: datetime) -> None:
    """The price that is shown was seen then; the days on which it was looked at move along."""
    offer.days_seen = with_day(offer.days_seen, offer.seen_at, at)
    offer.seen_at = at


def _decided(
    price: Price, verdict: Verdict, reason: str, by: str, *, seen_at: datetime | None = None, source: str = ""
) -> Price:
    """A new row about the same reading, with an editor's verdict."""
    return Price.objects.create(
        offer_id=price.offer_id,
        amount=price.amount,
        currency=price.currency,
        shipping_amount=price.shipping_amount,
        availability=price.availability,
        seen_at=seen_at or price.seen_at,
        source=source or price.source,
        verdict=verdict,
        reason=reason[:300],
        raw=price.raw,
        decided_by=by[:150],
    )


def _read_anew(offer: Offer) -> None:
    Merchant.objects.filter(pk=offer.merchant_id).update(feed_etag="", feed_last_modified="", feed_sha256="")


def _unit(currency: str) -> Decimal:
    return Decimal(1).scaleb(-currencies.decimals(currency))


def _refuse_bad_amount(offer: Offer, amount: Decimal, currency: str) -> None:
    if not re.fullmatch(r"[A-Z]{3}", currency, re.ASCII) or currency != offer.merchant.currency:
        raise DecisionError(
            f"{offer}: {offer.merchant} sells in {offer.merchant.currency}, not in {currency!r}. "
            "If that is wrong, change the merchant's currency first."
        )
    if problem := amount_problem(amount, currency):
        raise DecisionError(f"{offer}: {problem}")


def amount_problem(amount: Decimal, currency: str) -> str:
    """Why nobody can ask so much in that currency, for whoever typed it; empty where somebody can."""
    unit = _unit(currency)
    if not amount.is_finite() or not unit <= amount < LARGEST:
        return f"{amount} is not a price; it must be at least {unit}."
    if amount != amount.quantize(unit):
        return f"{amount} has more decimals than {currency} has; the smallest step is {unit}."
    return ""


def _locked(offer: Offer) -> Offer:
    return Offer.objects.select_for_update(of=("self",)).select_related("merchant", "product__brand").get(pk=offer.pk)


def _locked_held(offer: Offer) -> tuple[Offer, Price]:
    offer = _locked(offer)
    latest = offer.prices.first()
    if offer.state != Offer.State.HELD or latest is None or latest.verdict != Verdict.HELD:
        raise DecisionError(f"{offer}: no reading is held any more (its state is {offer.get_state_display()!r}).")
    return offer, latest


def _show(offer: Offer, price: Price, *, now: datetime) -> None:
    offer.amount = price.amount
    offer.currency = price.currency
    offer.availability = price.availability
    _looked(offer, price.seen_at)
    offer.checked_at = now
    offer.state = Offer.State.OK
    offer.state_reason = ""
    # A held reading had its shipping beside it; a typed price has none, and the old one belonged to the old reading.
    offer.shipping_amount = price.shipping_amount
    offer.save(update_fields=[*_SHOWN, "checked_at", "state", "state_reason"])
    announce(f"offer:{offer.pk}")

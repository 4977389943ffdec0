"""What becomes of readings that somebody sent us? Each is judged and stored like one that we read ourselves."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from catalog.json_answers import JsonAnswerError, amount_of, plain_text
from catalog.models import Merchant, Offer
from catalog.money.currencies import is_active
from catalog.plausibility import CLOCKS_APART
from catalog.reading import Availability, Condition, NotSold, Reading
from catalog.services.readings import store_answers

MOST = 1000
# No merchant's terms let a price be shown so long; a time before that is a clock that was never set.
OLDEST = timedelta(days=366)
_NOT_SOLD = {Availability.OUT_OF_STOCK, Availability.DISCONTINUED}
_KNOWN = {"sku", "amount", "currency", "seen_at", "availability", "condition", "shipping_amount", "raw"}


class RefusedReadingError(ValueError):
    """This one reading cannot be used; the text says why and what to send instead."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """What became of the reading at `index` of the list that was sent."""

    index: int
    sku: str
    outcome: str  # accepted, held, rejected, older, unknown, refused
    reason: str = ""


def store_pushed(*, merchant: Merchant, sent: Sequence[object], now: datetime) -> list[Result]:
    """Judge and store what was sent, at most `MOST` readings; one result for each, in their order."""
    results: dict[int, Result] = {}
    wanted: dict[int, Reading | NotSold] = {}
    for index, item in enumerate(sent):
        try:
            wanted[index] = _reading(item, now)
        except RefusedReadingError as error:
            sku = plain_text(item.get("sku"), longest=120) if isinstance(item, Mapping) else ""
            results[index] = Result(index=index, sku=sku, outcome="refused", reason=str(error))
    offers = _offers(merchant, wanted.values())
    taken: dict[int, int] = {}
    for index, reading in wanted.items():
        offer = offers.get((reading.sku, _condition(reading)))
        if offer is None:
            reason = f"{merchant} has no {_condition(reading).value} offer with this sku here. Make the offer first."
            results[index] = Result(index=index, sku=reading.sku, outcome="unknown", reason=reason)
        elif offer.pk in taken:
            reason = "This item stands in the list before. Send one reading of an item at a time, the oldest first."
            results[index] = Result(index=index, sku=reading.sku, outcome="refused", reason=reason)
        else:
            taken[offer.pk] = index
    pairs = [(offer, wanted[taken[offer.pk]]) for offer in offers.values() if offer.pk in taken]
    store_answers(merchant=merchant, answers=pairs, now=now)
    stored = Offer.objects.in_bulk(list(taken))
    for pk, index in taken.items():
        results[index] = result_of(index, wanted[index], stored.get(pk), now=now)
    return [results[index] for index in range(len(sent))]


def _offers(merchant: Merchant, readings: Any) -> dict[tuple[str, Condition], Offer]:
    skus = {reading.sku for reading in readings}
    rows = Offer.objects.buyable().filter(merchant=merchant, merchant_sku__in=skus).order_by("pk")
    return {(offer.merchant_sku, Condition(offer.condition)): offer for offer in rows}


def result_of(index: int, sent: Reading | NotSold, offer: Offer | None, *, now: datetime) -> Result:
    """What became of the reading, told by the offer as it was stored at `now`; None: it is gone."""
    if offer is None or offer.checked_at != now:
        # Somebody took the offer between our look and our lock, as when its merchant changes its source.
        reason = "Somebody else was at this item. Send it again, as a new message."
        return Result(index=index, sku=sent.sku, outcome="refused", reason=reason)
    if offer.seen_at is not None and offer.seen_at > sent.seen_at:
        reason = f"A newer reading of {offer.seen_at:%Y-%m-%d %H:%M:%S} UTC is known."
        return Result(index=index, sku=sent.sku, outcome="older", reason=reason)
    outcome = {Offer.State.HELD: "held", Offer.State.UNREADABLE: "rejected"}.get(Offer.State(offer.state), "accepted")
    reason = offer.state_reason if outcome != "accepted" else ""
    return Result(index=index, sku=sent.sku, outcome=outcome, reason=reason)


def _condition(reading: Reading | NotSold) -> Condition:
    return reading.condition or Condition.NEW


def _reading(item: object, now: datetime) -> Reading | NotSold:
    if not isinstance(item, Mapping):
        raise RefusedReadingError("A reading must be an object.")
    if unknown := sorted(plain_text(name, longest=40) for name in set(item) - _KNOWN):
        raise RefusedReadingError(f"“{unknown[0]}” is no part of a reading; known are {', '.join(sorted(_KNOWN))}.")
    sku = plain_text(item.get("sku"), longest=120)
    if not sku or sku != item.get("sku"):
        raise RefusedReadingError("“sku” must be the merchant's own id of the item: text of at most 120 characters.")
    seen_at = _moment(item.get("seen_at"), now)
    availability = _one_of(Availability, item, "availability", Availability.UNKNOWN)
    condition = _one_of(Condition, item, "condition", Condition.NEW)
    if item.get("amount") is None and availability in _NOT_SOLD:
        return NotSold(sku=sku, seen_at=seen_at, availability=availability, condition=condition)
    currency = item.get("currency")
    if not isinstance(currency, str) or not is_active(currency):
        raise RefusedReadingError("“currency” must be an ISO 4217 code in use, such as USD.")
    shipping = item.get("shipping_amount")
    return Reading(
        sku=sku,
        amount=_amount(item.get("amount"), currency, "amount"),
        currency=currency,
        seen_at=seen_at,
        availability=availability,
        condition=condition,
        shipping_amount=None if shipping is None else _shipping(shipping, currency),
        raw_price=plain_text(item.get("raw"), longest=200),
    )


def _amount(value: object, currency: str, name: str) -> Decimal:
    if not isinstance(value, str):
        raise RefusedReadingError(f'“{name}” must be text such as "99.00": a JSON number may lose a cent on its way.')
    try:
        return amount_of(value, currency)
    except JsonAnswerError as error:
        raise RefusedReadingError(f"“{name}” {error}.") from None


def _shipping(value: object, currency: str) -> Decimal:
    free = isinstance(value, str) and value.replace(".", "", 1).isdecimal() and not value.strip("0.")
    return Decimal(0) if free else _amount(value, currency, "shipping_amount")


def _moment(value: object, now: datetime) -> datetime:
    try:
        moment = datetime.fromisoformat(value) if isinstance(value, str) else None
        moment = moment.astimezone(UTC) if moment is not None and moment.tzinfo is not None else None
    except (ValueError, OverflowError):
        moment = None
    if moment is None:
        raise RefusedReadingError("“seen_at” must be a time with its zone, such as 2026-11-25T12:00:00Z.")
    if moment > now + CLOCKS_APART:
        raise RefusedReadingError("“seen_at” lies in the future. Look at the sender's clock.")
    if moment < now - OLDEST:
        raise RefusedReadingError("“seen_at” is more than a year ago. Look at the sender's clock.")
    return moment


def _one_of(words: Any, item: Mapping[str, object], name: str, otherwise: Any) -> Any:
    value = item.get(name)
    if value is None:
        return otherwise
    if value not in [word.value for word in words]:
        raise RefusedReadingError(f"“{name}” must be one of {', '.join(word.value for word in words)}.")
    return words(value)

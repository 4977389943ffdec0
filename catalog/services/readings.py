"""What does a merchant's answer change in what we hold?

Readings are judged, appended only where they differ from the one before, and settled into the offer's columns. What
could not be read keeps the last price and the time it was read (P6, P8).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal

from django.db import transaction

from catalog.models import Merchant, Offer, Price
from catalog.models.price import Verdict
from catalog.reading import Condition, Reading, Unreadable
from catalog.schedule import next_check
from catalog.services.judging import TOO_LARGE, confirms_held, is_storable, judged, says_the_same
from catalog.services.reasons import is_rejection_by_editor, storable

# A whole feed that moves at once (all prices ×100) is the feed's mistake, however often it is repeated.
MASS_SHARE = Decimal("0.2")
MASS_AT_LEAST = 5

_OFFER_COLUMNS = (
    "amount",
    "currency",
    "shipping_amount",
    "availability",
    "seen_at",
    "state",
    "state_reason",
    "checked_at",
    "next_check_at",
    "claimed_at",
    "times_missing",
)


@dataclass(slots=True, kw_only=True)
class Tally:
    """How many offers of a round went which way."""

    read: int = 0
    changed: int = 0
    held: int = 0
    unreadable: int = 0

    @property
    def is_mass_move(self) -> bool:
        return self.held >= MASS_AT_LEAST and self.held > MASS_SHARE * self.read


@dataclass(slots=True)
class Stroke:
    """One transaction's worth of answers: offers as they will be, and the readings to append."""

    merchant: Merchant
    now: datetime
    key_of_round: str | None
    latest: dict[int, Price] = field(default_factory=dict)
    appended: list[Price] = field(default_factory=list)
    tally: Tally = field(default_factory=Tally)

    def append(self, offer: Offer, reading: Reading, verdict: Verdict, reason: str = "") -> None:
        self.appended.append(
            Price(
                offer=offer,
                amount=reading.amount,
                currency=reading.currency,
                availability=reading.availability.value,
                seen_at=reading.seen_at,
                source=self.merchant.source,
                verdict=verdict,
                reason=storable(reason)[:300],
            )
        )

    def finish(self, offer: Offer, state: Offer.State, reason: str = "") -> None:
        """The claim ends here: the state is set and the next look planned."""
        offer.state = state
        offer.state_reason = storable(reason)[:300]
        offer.checked_at = self.now
        offer.claimed_at = None
        offer.next_check_at = next_check(
            now=self.now,
            refresh_every=self.merchant.refresh_every,
            key=self.key_of_round or f"offer {offer.pk}",
            price_lives=self.merchant.max_price_age,
            is_held=state is Offer.State.HELD,
        )


@transaction.atomic
def store_answers(
    *,
    merchant: Merchant,
    answers: Sequence[tuple[Offer, Reading | Unreadable]],
    now: datetime,
    key_of_round: str | None = None,
) -> Tally:
    """Store what was answered for these claimed offers. `key_of_round` keeps offers of one feed in step."""
    stroke = Stroke(merchant, now, key_of_round)
    ours = _still_ours([offer for offer, _ in answers])
    answers = [(ours[offer.pk], answer) for offer, answer in answers if offer.pk in ours]
    stroke.latest = _latest_prices(ours.values())
    verdicts = [judged(merchant, offer, answer, now=now) for offer, answer in answers if isinstance(answer, Reading)]
    in_doubt = sum(verdict is Verdict.HELD for verdict, _ in verdicts)
    is_mass_move = Tally(read=len(verdicts), held=in_doubt).is_mass_move
    found = iter(verdicts)
    for offer, answer in answers:
        offer.times_missing = 0
        if isinstance(answer, Unreadable):
            stroke.tally.unreadable += 1
            stroke.finish(offer, Offer.State.UNREADABLE, answer.reason)
        else:
            verdict, reason = next(found)
            _take(stroke, offer, answer, verdict, reason, may_confirm=not is_mass_move)
    Price.objects.bulk_create(stroke.appended)
    Offer.objects.bulk_update(ours.values(), _OFFER_COLUMNS, batch_size=200)
    return stroke.tally


def _still_ours(offers: Iterable[Offer]) -> dict[int, Offer]:
    """The offers as they are now, locked, by id; without those whose claim another worker took over meanwhile.

    An editor may have accepted a price since they were claimed: that is in these rows.
    """
    claims = {offer.pk: offer.claimed_at for offer in offers}
    rows = Offer.objects.select_for_update().filter(pk__in=claims).order_by("pk")
    return {row.pk: row for row in rows if row.claimed_at == claims[row.pk]}


def _latest_prices(offers: Iterable[Offer]) -> dict[int, Price]:
    rows = Price.objects.filter(offer__in=list(offers)).order_by("offer_id", "-seen_at", "-id").distinct("offer_id")
    return {price.offer_id: price for price in rows}


def _take(stroke: Stroke, offer: Offer, reading: Reading, verdict: Verdict, reason: str, *, may_confirm: bool) -> None:
    if offer.seen_at is not None and reading.seen_at < offer.seen_at:
        stroke.finish(offer, Offer.State(offer.state), offer.state_reason)  # we know something newer
        return
    stroke.tally.read += 1
    latest = stroke.latest.get(offer.pk)
    is_repeated = latest is not None and says_the_same(latest, reading)
    if latest is not None and is_repeated and _is_still_rejected(latest, offer, reading, verdict):
        stroke.tally.unreadable += 1
        stroke.finish(offer, Offer.State.UNREADABLE, latest.reason)
    elif verdict is Verdict.ACCEPTED:
        settle(stroke, offer, reading)
    elif verdict is Verdict.REJECTED:
        stroke.tally.unreadable += 1
        if is_storable(reading):
            stroke.append(offer, reading, Verdict.REJECTED, reason)
        stroke.finish(offer, Offer.State.UNREADABLE, reason)
    else:
        _hold(stroke, offer, reading, reason, latest if is_repeated else None, may_confirm=may_confirm)


def _is_still_rejected(latest: Price, offer: Offer, reading: Reading, verdict: Verdict) -> bool:
    """Does the rejection of the same amount bind this reading too?

    An editor's does even where the judge finds nothing wrong: when the last good price is gone with its licence, the
    judge has nothing to compare with. Not against a price that is known to be good by now.
    """
    if latest.verdict != Verdict.REJECTED:
        return False
    is_known = (offer.amount, offer.currency) == (reading.amount, reading.currency)
    return verdict is not Verdict.ACCEPTED or (is_rejection_by_editor(latest.reason) and not is_known)


def _hold(
    stroke: Stroke, offer: Offer, reading: Reading, reason: str, earlier: Price | None, *, may_confirm: bool
) -> None:
    """Hold the reading, or believe it when an earlier one, at least ten minutes old, said the same (P7).

    A currency that the merchant does not use is never believed by repetition: only an editor can say that it is right.
    """
    is_pending = earlier is not None and earlier.verdict == Verdict.HELD and offer.state == Offer.State.HELD
    if earlier is None or not is_pending:
        stroke.append(offer, reading, Verdict.HELD, reason)
    elif may_confirm and reading.currency == stroke.merchant.currency and confirms_held(earlier, offer, reading):
        settle(stroke, offer, reading, "A second reading agreed.")
        return
    stroke.tally.held += 1
    stroke.finish(offer, Offer.State.HELD, reason)


def settle(stroke: Stroke, offer: Offer, reading: Reading, reason: str = "") -> None:
    """The reading is believed: into the history if it differs, and into the offer's columns."""
    known = (offer.amount, offer.currency, offer.availability)
    if known != (reading.amount, reading.currency, reading.availability.value):
        stroke.append(offer, reading, Verdict.ACCEPTED, reason)
        stroke.tally.changed += 1
    offer.amount = reading.amount
    offer.currency = reading.currency
    offer.shipping_amount = reading.shipping_amount
    offer.availability = reading.availability.value
    offer.seen_at = reading.seen_at
    stroke.finish(offer, Offer.State.OK)


@transaction.atomic
def store_unchanged(*, merchant: Merchant, offers: Sequence[Offer], now: datetime, key_of_round: str | None) -> Tally:
    """The feed is the one read last time: what was read then holds as of now, what was missing is missing again."""
    stroke = Stroke(merchant, now, key_of_round)
    ours = _still_ours(offers)
    for offer in ours.values():
        if offer.times_missing:
            _miss(stroke, offer)
        elif offer.state == Offer.State.OK:
            offer.seen_at = now
            stroke.tally.read += 1
            stroke.finish(offer, Offer.State.OK)
        else:
            stroke.tally.unreadable += 1
            stroke.finish(offer, Offer.State(offer.state), offer.state_reason)
    Offer.objects.bulk_update(ours.values(), _OFFER_COLUMNS, batch_size=200)
    return stroke.tally


@transaction.atomic
def store_missing(*, merchant: Merchant, offers: Sequence[Offer], now: datetime, key_of_round: str | None) -> Tally:
    """A complete answer did not name these offers. Once may be a slip; from the second time on it is said."""
    stroke = Stroke(merchant, now, key_of_round)
    ours = _still_ours(offers)
    for offer in ours.values():
        _miss(stroke, offer)
    Offer.objects.bulk_update(ours.values(), _OFFER_COLUMNS, batch_size=200)
    return stroke.tally


def _miss(stroke: Stroke, offer: Offer) -> None:
    offer.times_missing = min(offer.times_missing + 1, 30_000)
    if offer.times_missing == 1:
        stroke.finish(offer, Offer.State(offer.state), offer.state_reason)
        return
    stroke.tally.unreadable += 1
    advice = " Withdraw the offer if the merchant no longer sells it." if offer.times_missing > 2 else ""
    reason = f"Not in the merchant's answer, {offer.times_missing} times in a row.{advice}"
    stroke.finish(offer, Offer.State.UNREADABLE, reason)


@transaction.atomic
def store_failure(*, offers: Sequence[Offer], error: str, now: datetime, retry_at: datetime) -> None:
    """The merchant did not answer for these. Prices and their times stay; a held reading stays held."""
    ours = _still_ours(offers)
    for offer in ours.values():
        if offer.state in (Offer.State.OK, Offer.State.NEW):
            offer.state = Offer.State.UNREADABLE
            offer.state_reason = storable(f"The merchant could not be asked: {error}")[:300]
        offer.checked_at = now
        offer.claimed_at = None
        offer.next_check_at = retry_at
    Offer.objects.bulk_update(ours.values(), _OFFER_COLUMNS, batch_size=200)


def in_cents(reading: Reading) -> Reading:
    """The reading with its amounts to two places, as they are stored and compared."""
    cent = Decimal("0.01")
    if not is_storable(reading):
        return reading
    shipping = reading.shipping_amount
    # A shipping cost that cannot be is no reason to lose the price; one that rounds up to the limit cannot be either.
    is_usable = shipping is not None and shipping.is_finite() and 0 <= shipping <= TOO_LARGE - cent
    return replace(
        reading,
        amount=reading.amount.quantize(cent),
        shipping_amount=shipping.quantize(cent) if shipping is not None and is_usable else None,
        condition=Condition(reading.condition),
    )

"""What does a merchant's answer change in what we hold?

Readings are judged, appended only where they differ from the one before, and settled into the offer's columns. What
could not be read keeps the last price and the time it was read (P6, P8).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal

from django.db import transaction

from catalog.freshness import longest_shown
from catalog.models import Merchant, Offer, Price
from catalog.models.price import Verdict
from catalog.prices.history import with_day
from catalog.reading import NotSold, Reading, Unreadable
from catalog.schedule import ChangeRate, next_check
from catalog.services.claims import still_ours
from catalog.services.judging import as_stored, confirms_held, is_storable, judged, says_the_same
from catalog.services.page_changes import announce
from catalog.services.reasons import storable
from catalog.services.storing import append_prices, newest_accepted, newest_prices, update_offers

Answer = Reading | NotSold | Unreadable

# A whole feed that moves at once (all prices ×100) is the feed's mistake, however often it is repeated.
MASS_SHARE = Decimal("0.2")
MASS_AT_LEAST = 5
_DAY = timedelta(days=1)


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

    def add(self, other: Tally) -> None:
        self.read += other.read
        self.changed += other.changed
        self.held += other.held
        self.unreadable += other.unreadable


@dataclass(slots=True)
class Stroke:
    """One transaction's worth of answers: offers as they will be, and the readings to append."""

    merchant: Merchant
    now: datetime
    key_of_round: str | None
    latest: dict[int, Price] = field(default_factory=dict)
    appended: list[Price] = field(default_factory=list)
    # The offers that a page shows differently from now on.
    shown_anew: list[int] = field(default_factory=list)
    tally: Tally = field(default_factory=Tally)
    # Who said so, where it was not the merchant's own source.
    source: str = ""

    def append(self, offer: Offer, reading: Reading, verdict: Verdict, reason: str = "") -> None:
        self.appended.append(
            Price(
                offer_id=offer.pk,
                amount=reading.amount,
                currency=reading.currency,
                shipping_amount=reading.shipping_amount,
                availability=reading.availability.value,
                seen_at=reading.seen_at,
                source=self.source or self.merchant.source,
                verdict=verdict.value,
                reason=storable(reason)[:300],
                raw=storable(reading.raw_price)[:200],
            )
        )

    def learn(self, offer: Offer, seen_at: datetime, *, changed: bool) -> None:
        """One more look at how often this offer's price changes."""
        if offer.seen_at is None:
            return
        rate = ChangeRate(offer.rate_shape, offer.rate_days)
        rate = rate.seen(changed=changed, after_days=(seen_at - offer.seen_at) / _DAY)
        offer.rate_shape, offer.rate_days = rate.shape, rate.days

    def finish(self, offer: Offer, state: Offer.State, reason: str = "") -> None:
        """The claim ends here: the state is set and the next look planned."""
        offer.state = state.value
        offer.state_reason = storable(reason)[:300]
        offer.checked_at = self.now
        offer.claimed_at = None
        offer.next_check_at = next_check(
            now=self.now,
            refresh_every=self.merchant.refresh_every,
            key=self.key_of_round or f"offer {offer.pk}",
            price_lives=longest_shown(self.merchant.max_price_age),
            is_held=state is Offer.State.HELD,
            # A feed answers for all at once: its offers keep in step, whatever each of them is worth.
            rate=None if self.key_of_round else ChangeRate(offer.rate_shape, offer.rate_days),
            weight=offer.click_weight,
            least_worth=self.merchant.least_worth,
        )

    def write(self, offers: Iterable[Offer]) -> Tally:
        append_prices(self.appended)
        update_offers(list(offers))
        if self.shown_anew:
            announce(*(f"offer:{pk}" for pk in self.shown_anew))
        return self.tally


@transaction.atomic
def store_answers(
    *,
    merchant: Merchant,
    answers: Sequence[tuple[Offer, Answer]],
    now: datetime,
    key_of_round: str | None = None,
    source: str = "",
) -> Tally:
    """Store what was answered for these claimed offers. `key_of_round` keeps offers of one feed in step.

    `source`: who said so, where it was not the merchant's own source.
    """
    stroke = Stroke(merchant, now, key_of_round, source=source)
    ours = still_ours([offer for offer, _ in answers])
    found: list[tuple[Offer, Answer]] = [
        (ours[offer.pk], as_stored(answer) if isinstance(answer, Reading) else answer)
        for offer, answer in answers
        if offer.pk in ours
    ]
    readings = [(offer, answer) for offer, answer in found if isinstance(answer, Reading)]
    before = newest_accepted(offer.pk for offer, _ in readings if offer.amount is None and offer.seen_at is not None)
    verdicts = {
        offer.pk: judged(merchant, offer, answer, now=now, before=before.get(offer.pk)) for offer, answer in readings
    }
    # What agrees with the known price needs no look at what was held or rejected before.
    stroke.latest = newest_prices(
        offer.pk
        for offer, answer in readings
        if verdicts[offer.pk][0] is not Verdict.ACCEPTED or not _is_known(offer, answer)
    )
    in_doubt = sum(verdict is Verdict.HELD for verdict, _ in verdicts.values())
    is_mass_move = Tally(read=len(verdicts), held=in_doubt).is_mass_move
    for offer, answer in found:
        offer.times_missing = 0
        if isinstance(answer, Unreadable):
            stroke.tally.unreadable += 1
            stroke.finish(offer, Offer.State.UNREADABLE, answer.reason)
        elif isinstance(answer, NotSold):
            _take_off(stroke, offer, answer)
        else:
            _take(stroke, offer, answer, *verdicts[offer.pk], may_confirm=not is_mass_move)
    return stroke.write(ours.values())


def _is_known(offer: Offer, reading: Reading) -> bool:
    return offer.amount == reading.amount and offer.currency == reading.currency


def _is_older(stroke: Stroke, offer: Offer, seen_at: datetime) -> bool:
    """Do we know something newer? Then the answer ends the claim and changes nothing."""
    if offer.seen_at is None or seen_at >= offer.seen_at:
        return False
    stroke.finish(offer, Offer.State(offer.state), offer.state_reason)
    return True


def _take_off(stroke: Stroke, offer: Offer, answer: NotSold) -> None:
    """The merchant does not sell it now: that is an answer, and no price may be shown beside it."""
    if _is_older(stroke, offer, answer.seen_at):
        return
    stroke.tally.read += 1
    had_a_price = offer.amount is not None
    if had_a_price or offer.availability != answer.availability.value or offer.seen_at is None:
        stroke.tally.changed += 1
        stroke.shown_anew.append(offer.pk)
    stroke.learn(offer, answer.seen_at, changed=had_a_price)
    offer.amount, offer.currency, offer.shipping_amount = None, "", None
    offer.availability = answer.availability.value
    offer.days_seen = with_day(offer.days_seen, offer.seen_at, answer.seen_at, has_price=False)
    offer.seen_at = answer.seen_at
    stroke.finish(offer, Offer.State.OK, answer.reason)


def _take(stroke: Stroke, offer: Offer, reading: Reading, verdict: Verdict, reason: str, *, may_confirm: bool) -> None:
    if _is_older(stroke, offer, reading.seen_at):
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
    return verdict is not Verdict.ACCEPTED or (latest.decided_by != "" and not _is_known(offer, reading))


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
    is_same = _is_known(offer, reading)
    known = (offer.availability, offer.shipping_amount)
    if not is_same or known != (reading.availability.value, reading.shipping_amount):
        stroke.append(offer, reading, Verdict.ACCEPTED, reason)
        stroke.tally.changed += 1
        stroke.shown_anew.append(offer.pk)
    stroke.learn(offer, reading.seen_at, changed=not is_same)
    offer.amount = reading.amount
    offer.currency = reading.currency
    offer.shipping_amount = reading.shipping_amount
    offer.availability = reading.availability.value
    offer.days_seen = with_day(offer.days_seen, offer.seen_at, reading.seen_at)
    offer.seen_at = reading.seen_at
    stroke.finish(offer, Offer.State.OK)

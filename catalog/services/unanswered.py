"""What becomes of offers that were asked for and not answered: nothing new, not named, or the merchant was silent?"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import partial
from typing import Any

from django.db import connection, transaction

from catalog.freshness import longest_shown
from catalog.models import Merchant, Offer
from catalog.prices.history import DAYS_KEPT, MASK
from catalog.schedule import HALF_LIFE_DAYS, PRIOR, next_check
from catalog.services.claims import still_ours
from catalog.services.readings import Stroke, Tally
from catalog.services.reasons import storable
from catalog.services.storing import update_offers

_MOST_MISSES = 30_000
_NOT_NAMED = "Not in the merchant's answer, {} times in a row."
_ADVICE = " Withdraw the offer if the merchant no longer sells it."

# A round's claim is the time at which it began: nobody else's offers carry it.
_UNCHANGED = """
UPDATE catalog_offer SET
    seen_at = CASE WHEN times_missing = 0 AND state = 'ok' THEN greatest(seen_at, %(now)s) ELSE seen_at END,
    days_seen = CASE WHEN times_missing = 0 AND state = 'ok' AND %(now)s >= seen_at THEN
        (days_seen << least((%(now)s AT TIME ZONE 'UTC')::date - (seen_at AT TIME ZONE 'UTC')::date, %(days)s)
        | (amount IS NOT NULL)::int::bigint) & %(mask)s
        ELSE days_seen END,
    -- As `ChangeRate.seen(changed=False)`: what was seen before fades towards the prior, and the look is added.
    rate_shape = CASE WHEN times_missing = 0 AND state = 'ok' THEN %(shape)s + (rate_shape - %(shape)s)
        * power(0.5, greatest(extract(epoch FROM %(now)s - seen_at), 0)::float8 / 86400 / %(half)s)
        ELSE rate_shape END,
    rate_days = CASE WHEN times_missing = 0 AND state = 'ok' THEN %(prior)s + (rate_days - %(prior)s)
        * power(0.5, greatest(extract(epoch FROM %(now)s - seen_at), 0)::float8 / 86400 / %(half)s)
        + greatest(extract(epoch FROM %(now)s - seen_at), 0)::float8 / 86400
        ELSE rate_days END,
    state = CASE WHEN times_missing > 0 THEN 'unreadable' ELSE state END,
    state_reason = CASE WHEN times_missing > 0 THEN
        replace(%(not_named)s, '{}', (times_missing + 1)::text)
        || CASE WHEN times_missing > 1 THEN %(advice)s ELSE '' END
        ELSE state_reason END,
    times_missing = CASE WHEN times_missing > 0 THEN least(times_missing + 1, %(most)s) ELSE 0 END,
    checked_at = %(now)s,
    claimed_at = NULL,
    next_check_at = CASE WHEN state = 'held' AND times_missing = 0 THEN %(soon)s ELSE %(next)s END
WHERE merchant_id = %(merchant)s AND claimed_at = %(claim)s
RETURNING times_missing = 0 AND state = 'ok'
"""


@transaction.atomic
def store_unchanged(*, merchant: Merchant, claimed_at: datetime, now: datetime, key_of_round: str) -> Tally:
    """The feed is the one read last time: what was read then holds as of now, what was missing is missing again.

    For all offers of the merchant that this round claimed (`claimed_at`), in one statement.
    """
    plan = partial(
        next_check,
        now=now,
        refresh_every=merchant.refresh_every,
        price_lives=longest_shown(merchant.max_price_age),
        key=key_of_round,
    )
    values: dict[str, Any] = {
        "now": now,
        "days": DAYS_KEPT,
        "mask": MASK,
        "claim": claimed_at,
        "merchant": merchant.pk,
        "most": _MOST_MISSES,
        "not_named": _NOT_NAMED,
        "advice": _ADVICE,
        "shape": PRIOR.shape,
        "prior": PRIOR.days,
        "half": HALF_LIFE_DAYS,
        "next": plan(),
        "soon": plan(is_held=True),
    }
    with connection.cursor() as cursor:
        cursor.execute(_UNCHANGED, values)
        good = [is_good for (is_good,) in cursor.fetchall()]
    return Tally(read=sum(good), unreadable=len(good) - sum(good))


@transaction.atomic
def store_missing(*, merchant: Merchant, offers: Sequence[Offer], now: datetime, key_of_round: str | None) -> Tally:
    """A complete answer did not name these offers. Once may be a slip; from the second time on it is said."""
    stroke = Stroke(merchant, now, key_of_round)
    ours = still_ours(offers)
    for offer in ours.values():
        _miss(stroke, offer)
    return stroke.write(ours.values())


def _miss(stroke: Stroke, offer: Offer) -> None:
    offer.times_missing = min(offer.times_missing + 1, _MOST_MISSES)
    if offer.times_missing == 1:
        stroke.finish(offer, Offer.State(offer.state), offer.state_reason)
        return
    stroke.tally.unreadable += 1
    advice = _ADVICE if offer.times_missing > 2 else ""
    stroke.finish(offer, Offer.State.UNREADABLE, _NOT_NAMED.format(offer.times_missing) + advice)


@transaction.atomic
def store_failure(*, offers: Sequence[Offer], error: str, now: datetime, retry_at: datetime) -> None:
    """The merchant did not answer for these. Prices and their times stay; a held reading stays held."""
    ours = still_ours(offers)
    for offer in ours.values():
        if offer.state in (Offer.State.OK, Offer.State.NEW):
            offer.state = Offer.State.UNREADABLE
            offer.state_reason = storable(f"The merchant could not be asked: {error}")[:300]
        offer.checked_at = now
        offer.claimed_at = None
        offer.next_check_at = retry_at
    update_offers(ours.values())

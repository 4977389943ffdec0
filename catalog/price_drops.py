"""Which prices fell lately, by more than a trick? For those who follow prices in a feed reader.

A fall counts by the measure of `catalog.deal`, which asks what we ourselves watched, and is told only of shops whose
terms allow both a history and passing prices on.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Exists, F, OuterRef

from catalog import selectors
from catalog.deal import REDUCTION_LASTS, Deal, Verdict, deal
from catalog.models import Price
from catalog.page_tags import note, note_until
from catalog.prices.history import PriceHistory
from catalog.reading import Condition
from catalog.shown_offer import ShownOffer, ShownPrice
from catalog.terms import Use

FALLEN = frozenset({Verdict.LOWEST, Verdict.REDUCED})
# The readings that are looked through, newest first, and the products that are looked at closely: what is older than
# these is no news, and the work stays the same however long prices have been kept.
READINGS = 5_000
PRODUCTS = 150
_HISTORY = timedelta(days=365)


@dataclass(frozen=True, slots=True, kw_only=True)
class PriceDrop:
    """An offer whose `price` of now is a reduction that began at `began_at` and fell last at `fell_at` (aware)."""

    product_id: int
    offer: ShownOffer
    price: ShownPrice
    deal: Deal
    began_at: datetime
    fell_at: datetime


def price_drops(*, now: datetime, most: int) -> tuple[PriceDrop, ...]:
    """The newest reductions that stand now, the newest first, `most` at most. Five queries."""
    note("prices")
    products = _with_fallen_prices()
    histories = selectors.price_histories(products, since=now - _HISTORY)
    shown = selectors.shown_offers(products, now=now, use=Use.FEED)
    found = [
        drop
        for product_id in products
        for drop in _drops(product_id, histories.get(product_id, ()), shown.get(product_id, ()), now=now)
    ]
    newest = sorted(found, key=lambda drop: (drop.fell_at, drop.product_id), reverse=True)[:most]
    for drop in newest:
        note_until(drop.fell_at + REDUCTION_LASTS)
    return tuple(newest)


def _with_fallen_prices() -> list[int]:
    """The products of the newest readings that an offer still stands at and that were higher once."""
    higher = Price.objects.accepted().filter(
        offer=OuterRef("offer"), currency=OuterRef("currency"), amount__gt=OuterRef("amount"), pk__lt=OuterRef("pk")
    )
    newest = Price.objects.order_by("-pk").values("pk")[:READINGS]
    rows = (
        Price.objects.accepted()
        .filter(pk__in=newest, offer__amount=F("amount"), offer__currency=F("currency"))
        .filter(offer__condition=Condition.NEW.value, offer__withdrawn_at=None, offer__merchant__is_active=True)
        .filter(offer__merchant__prices_allowed=True, offer__merchant__history_allowed=True)
        .filter(Exists(higher), offer__merchant__feeds_allowed=True)
        .order_by("-pk")
        .values_list("offer__product_id", flat=True)
    )
    return list(dict.fromkeys(rows))[:PRODUCTS]


def _drops(
    product_id: int, histories: Sequence[PriceHistory], offers: Sequence[ShownOffer], *, now: datetime
) -> Iterator[PriceDrop]:
    deals = [(history, found) for history in histories if (found := deal(history, now=now))]
    for offer in offers:
        price = offer.price
        if price is None or offer.condition is not Condition.NEW or not offer.availability.can_be_ordered:
            continue
        for history, found in deals:
            # What is told and what the history ends with are the same, or nothing is told.
            is_same = (found.merchant, found.amount, found.currency) == (offer.merchant, price.amount, price.currency)
            if is_same and found.verdict in FALLEN and found.began_at is not None:
                yield PriceDrop(
                    product_id=product_id,
                    offer=offer,
                    price=price,
                    deal=found,
                    began_at=found.began_at,
                    fell_at=history.steps[-1].starts_at,
                )
                break

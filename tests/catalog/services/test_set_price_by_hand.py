"""An editor types in what a merchant asks: the way into the site without any interface of the merchant's (P13)."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

import pytest

from catalog.models import Offer, Price
from catalog.reading import Availability
from catalog.services.price_decisions import DecisionError, set_price_by_hand
from tests.catalog.services.feed_shop import HOUR, NOON, FeedShop
from tests.factories import make_offer

pytestmark = pytest.mark.django_db


def type_in(offer: Offer, amount: str = "49.90", **fields: Any) -> Price | None:
    values: dict[str, Any] = {"currency": "USD", "availability": Availability.IN_STOCK, "seen_at": NOON, "by": "ada"}
    return set_price_by_hand(offer=offer, amount=Decimal(amount), **{**values, **fields})


def test_it_is_shown_with_the_time_it_was_seen() -> None:
    offer = make_offer()
    price = type_in(offer)
    offer.refresh_from_db()
    assert (offer.amount, offer.currency, offer.seen_at, offer.state) == (Decimal("49.90"), "USD", NOON, "ok")
    assert price is not None
    assert (price.source, price.reason) == ("manual", "Typed in by ada.")


def test_the_same_price_later_is_the_same_reading_with_a_newer_time() -> None:
    offer = make_offer()
    type_in(offer)
    assert type_in(offer, seen_at=NOON + HOUR) is None
    offer.refresh_from_db()
    assert (offer.seen_at, Price.objects.count()) == (NOON + HOUR, 1)


@pytest.mark.parametrize(
    ("amount", "fields", "told"),
    [
        ("0", {}, "0 is not a price"),
        ("NaN", {}, "NaN is not a price"),
        ("-3", {}, "-3 is not a price"),
        ("99999999999", {}, "is not a price"),
        ("5", {"currency": "EUR"}, "sells in USD, not in 'EUR'"),
        ("5", {"seen_at": NOON - HOUR}, "a newer price was read"),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_is_lost(amount: str, fields: dict[str, Any], told: str) -> None:
    offer = make_offer()
    type_in(offer)
    with pytest.raises(DecisionError, match=told):
        type_in(offer, amount, **fields)
    offer.refresh_from_db()
    assert (offer.amount, Price.objects.count()) == (Decimal("49.90"), 1)


@pytest.mark.parametrize("seen_at", [NOON, NOON + HOUR])
def test_typing_the_known_price_settles_what_was_held(seen_at: datetime) -> None:
    offer = make_offer()
    type_in(offer)
    Offer.objects.update(state=Offer.State.HELD, state_reason="It moved.")
    type_in(offer, seen_at=seen_at)
    offer.refresh_from_db()
    assert (offer.state, offer.state_reason, offer.seen_at) == ("ok", "", seen_at)
    latest = offer.prices.first()
    assert latest is not None
    assert (latest.verdict, latest.seen_at) == ("accepted", seen_at)


def test_an_unchanged_feed_does_not_give_the_typed_price_a_newer_time(shop: FeedShop) -> None:
    offer = shop.offer("a")
    shop.sell(("a", "50.00 USD"))
    shop.etag = '"v1"'
    shop.refresh()
    type_in(offer, seen_at=NOON + HOUR)
    shop.merchant.refresh_from_db()
    assert (shop.merchant.feed_etag, shop.merchant.feed_sha256) == ("", "")
    shop.refresh(NOON + 2 * HOUR)
    offer.refresh_from_db()
    assert (offer.amount, offer.seen_at) == (Decimal(50), NOON + 2 * HOUR)

"""Readings are kept as long as their merchant's terms allow, and prices disappear with them."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from catalog.models import Offer, Price, RefreshRun
from catalog.reading import Availability
from catalog.services.price_decisions import reject_held_price, set_price_by_hand
from catalog.services.retention import delete_expired_readings
from tests.catalog.services.feed_shop import HOUR, NOON, FeedShop
from tests.factories import make_merchant, make_offer

pytestmark = pytest.mark.django_db


def offer_with_prices(*amounts: str, **terms: Any) -> Offer:
    """One reading an hour, the last one at noon."""
    offer = make_offer(merchant=make_merchant(**terms))
    for hours, amount in enumerate(reversed(amounts)):
        Price.objects.create(
            offer=offer,
            amount=Decimal(amount),
            currency="USD",
            availability="in_stock",
            seen_at=NOON - hours * HOUR,
            source="manual",
        )
    set_price_by_hand(
        offer=offer,
        amount=Decimal(amounts[-1]),
        currency="USD",
        availability=Availability.IN_STOCK,
        seen_at=NOON + HOUR / 60,
        by="ada",
    )
    return offer


def test_readings_older_than_the_terms_allow_are_deleted() -> None:
    offer = offer_with_prices("10", "11", "12", max_price_age=24 * HOUR)
    assert delete_expired_readings(now=NOON + 22.5 * HOUR) == 1
    assert delete_expired_readings(now=NOON + 23.5 * HOUR) == 1
    offer.refresh_from_db()
    assert offer.amount == 12


def test_the_price_goes_with_its_licence_and_the_offer_stays() -> None:
    offer = offer_with_prices("10", max_price_age=24 * HOUR)
    delete_expired_readings(now=NOON + 25 * HOUR)
    offer.refresh_from_db()
    assert (offer.amount, offer.currency, offer.availability, offer.state) == (None, "", "unknown", "new")
    assert not Price.objects.exists()


@pytest.mark.parametrize("terms", [{"max_price_age": None}, {"max_price_age": 24 * HOUR, "history_allowed": True}])
def test_history_that_is_allowed_is_kept(terms: dict[str, Any]) -> None:
    offer_with_prices("10", "11", **terms)
    assert delete_expired_readings(now=NOON + 1000 * HOUR) == 0
    assert Price.objects.count() == 3


def test_a_cleared_price_is_read_anew_although_the_feed_is_unchanged(shop: FeedShop) -> None:
    shop.merchant.max_price_age = 24 * HOUR
    shop.merchant.save()
    offer = shop.offer("a")
    shop.sell(("a", "10 USD"))
    shop.etag = '"v1"'
    shop.refresh()
    delete_expired_readings(now=NOON + 25 * HOUR)
    shop.refresh(NOON + 26 * HOUR)
    offer.refresh_from_db()
    assert (offer.amount, offer.seen_at) == (10, NOON + 26 * HOUR)


def test_rounds_of_refreshing_are_kept_for_a_month() -> None:
    merchant = make_merchant()
    for days in (29, 31):
        RefreshRun.objects.create(merchant=merchant, source="manual", started_at=NOON - 24 * days * HOUR)
    delete_expired_readings(now=NOON)
    assert [run.started_at for run in RefreshRun.objects.all()] == [NOON - 24 * 29 * HOUR]


def lives_a_day(shop: FeedShop) -> Offer:
    shop.merchant.max_price_age = 24 * HOUR
    shop.merchant.save()
    offer = shop.offer("a")
    shop.sell(("a", "100 USD"))
    shop.refresh()
    shop.sell(("a", "1 USD"))
    return offer


def test_a_rejected_price_stays_rejected_when_the_good_one_is_gone(shop: FeedShop) -> None:
    offer = lives_a_day(shop)
    shop.refresh(NOON + 20 * HOUR)
    reject_held_price(offer=offer, by="ada", now=NOON + 21 * HOUR)
    delete_expired_readings(now=NOON + 25 * HOUR)
    shop.refresh(NOON + 26 * HOUR)
    offer.refresh_from_db()
    assert (offer.amount, offer.state, offer.state_reason) == (None, "unreadable", "1.00 USD was rejected by ada.")


def test_a_held_price_is_still_held_when_the_good_one_is_gone(shop: FeedShop) -> None:
    offer = lives_a_day(shop)
    shop.refresh(NOON + 25 * HOUR - HOUR / 60)
    delete_expired_readings(now=NOON + 25 * HOUR)
    shop.refresh(NOON + 25 * HOUR + HOUR / 60)
    offer.refresh_from_db()
    assert (offer.amount, offer.state) == (None, "held")
    shop.refresh(NOON + 26 * HOUR)
    offer.refresh_from_db()
    assert (offer.amount, offer.state) == (1, "ok")


def test_a_whole_feed_that_leapt_is_not_believed_when_the_good_prices_are_gone(shop: FeedShop) -> None:
    shop.merchant.max_price_age = 24 * HOUR
    shop.merchant.save()
    skus = [f"s{number}" for number in range(6)]
    offers = [shop.offer(sku) for sku in skus]
    shop.sell(*((sku, "50 USD") for sku in skus))
    shop.refresh()
    shop.sell(*((sku, "5000 USD") for sku in skus))
    shop.refresh(NOON + HOUR)
    delete_expired_readings(now=NOON + 25 * HOUR)
    shop.merchant.paused_until = None
    shop.merchant.save()
    shop.refresh(NOON + 26 * HOUR)
    for offer in offers:
        offer.refresh_from_db()
    assert {(offer.amount, offer.state) for offer in offers} == {(None, "held")}

"""An implausible reading waits for a second one or for an editor (P7), and the last good price stays meanwhile."""

from __future__ import annotations

from decimal import Decimal

import pytest

from catalog.models import Merchant, Offer, Price
from catalog.services.price_decisions import DecisionError, accept_held_price, reject_held_price
from tests.catalog.services.feed_shop import HOUR, MINUTE, NOON, FeedShop


@pytest.fixture
def offer(shop: FeedShop) -> Offer:
    offer = shop.offer("a")
    shop.sell(("a", "100.00 USD"))
    shop.refresh()
    return offer


def state(offer: Offer) -> tuple[Decimal | None, str]:
    offer.refresh_from_db()
    return offer.amount, offer.state


def verdicts() -> list[tuple[str, Decimal]]:
    return list(Price.objects.order_by("id").values_list("verdict", "amount"))


@pytest.mark.parametrize("price", ["1.00 USD", "10000.00 USD", "1000 USD", "30 USD"])
def test_a_leap_is_held_and_the_last_price_stays(shop: FeedShop, offer: Offer, price: str) -> None:
    shop.sell(("a", price))
    run = shop.refresh(NOON + HOUR)
    assert state(offer) == (100, "held")
    assert offer.seen_at == NOON
    assert offer.state_reason.startswith("It moved by")
    assert run.offers_held == 1


def test_an_ordinary_change_is_believed_at_once(shop: FeedShop, offer: Offer) -> None:
    shop.sell(("a", "75.00 USD"))
    shop.refresh(NOON + HOUR)
    assert state(offer) == (75, "ok")


def test_a_second_reading_too_soon_settles_nothing(shop: FeedShop, offer: Offer) -> None:
    shop.sell(("a", "30.00 USD"))
    shop.refresh(NOON + HOUR)
    shop.refresh(NOON + HOUR + 9 * MINUTE)
    assert state(offer) == (100, "held")
    assert verdicts() == [("accepted", 100), ("held", 30)]


def test_a_second_reading_ten_minutes_later_is_believed(shop: FeedShop, offer: Offer) -> None:
    shop.sell(("a", "30.00 USD"))
    shop.refresh(NOON + HOUR)
    offer.refresh_from_db()
    assert offer.next_check_at is not None
    assert offer.next_check_at >= NOON + HOUR + 10 * MINUTE
    shop.refresh(offer.next_check_at)
    assert state(offer) == (30, "ok")
    assert verdicts() == [("accepted", 100), ("held", 30), ("accepted", 30)]


def test_a_second_reading_that_differs_is_held_anew(shop: FeedShop, offer: Offer) -> None:
    shop.sell(("a", "30.00 USD"))
    shop.refresh(NOON + HOUR)
    shop.sell(("a", "10.00 USD"))
    shop.refresh(NOON + 2 * HOUR)
    assert state(offer) == (100, "held")
    assert verdicts()[1:] == [("held", 30), ("held", 10)]


def test_a_reading_that_came_and_went_does_not_count_as_the_first_look(shop: FeedShop, offer: Offer) -> None:
    for hours, price in enumerate(("30.00 USD", "100.00 USD", "30.00 USD"), start=1):
        shop.sell(("a", price))
        shop.refresh(NOON + hours * HOUR)
    assert state(offer) == (100, "held")


def test_a_currency_the_merchant_does_not_use_is_never_believed_by_repetition(shop: FeedShop, offer: Offer) -> None:
    shop.sell(("a", "95.00 EUR"))
    for hours in (1, 2, 3):
        shop.refresh(NOON + hours * HOUR)
        assert state(offer) == (100, "held")
    assert offer.currency == "USD"
    assert "EUR" in offer.state_reason


def test_a_whole_feed_that_leaps_is_not_believed_and_the_merchant_rests(shop: FeedShop) -> None:
    skus = [f"s{number}" for number in range(6)]
    offers = [shop.offer(sku) for sku in skus]
    shop.sell(*((sku, "50.00 USD") for sku in skus))
    shop.refresh()
    shop.sell(*((sku, "5000.00 USD") for sku in skus))
    shop.refresh(NOON + HOUR)
    assert shop.merchant.paused_until is not None
    assert shop.merchant.last_error == "6 of 6 prices moved implausibly at once: look at the feed."
    Merchant.objects.update(paused_until=None)
    shop.refresh(NOON + 3 * HOUR)
    assert {state(offer) for offer in offers} == {(Decimal(50), "held")}


class TestAnEditorDecides:
    @pytest.fixture
    def held(self, shop: FeedShop, offer: Offer) -> Offer:
        shop.sell(("a", "30.00 USD"))
        shop.refresh(NOON + HOUR)
        return offer

    def test_accepting_shows_the_price_with_the_time_it_was_read(self, held: Offer) -> None:
        accept_held_price(offer=held, by="ada", now=NOON + 2 * HOUR)
        assert state(held) == (30, "ok")
        assert held.seen_at == NOON + HOUR
        assert Price.objects.first().reason == "Accepted by ada."  # type: ignore[union-attr]

    def test_rejecting_outlasts_the_merchants_repetition(self, shop: FeedShop, held: Offer) -> None:
        reject_held_price(offer=held, by="ada", now=NOON + 2 * HOUR)
        for hours in (3, 4):
            shop.refresh(NOON + hours * HOUR)
            assert state(held) == (100, "unreadable")
            assert held.state_reason == "30.00 USD was rejected by ada."
        shop.sell(("a", "99.00 USD"))
        shop.refresh(NOON + 5 * HOUR)
        assert state(held) == (99, "ok")

    def test_deciding_twice_is_refused(self, held: Offer) -> None:
        accept_held_price(offer=held, by="ada", now=NOON + 2 * HOUR)
        with pytest.raises(DecisionError, match="no reading is held any more"):
            reject_held_price(offer=held, by="bob", now=NOON + 2 * HOUR)
        assert state(held) == (30, "ok")

    def test_a_decision_during_a_round_is_not_overwritten(self, shop: FeedShop, held: Offer) -> None:
        from catalog.services import claims
        from catalog.services.unanswered import store_failure

        Offer.objects.update(next_check_at=NOON + 2 * HOUR)
        claimed = claims.claim_offers(merchant=shop.merchant, now=NOON + 2 * HOUR, limit=10, everything=False)
        accept_held_price(offer=held, by="ada", now=NOON + 2 * HOUR)
        store_failure(offers=claimed, error="away", now=NOON + 2 * HOUR, retry_at=NOON + 3 * HOUR)
        held.refresh_from_db()
        assert (held.amount, held.claimed_at) == (30, None)

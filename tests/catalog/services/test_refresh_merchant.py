"""A merchant is asked over HTTP; what it says is stored, and what it cannot say takes nothing away."""

from __future__ import annotations

import time
from datetime import timedelta
from decimal import Decimal

import pytest
from django.core import mail
from werkzeug import Request, Response

from catalog.freshness import OLDEST_SHOWN, is_showable
from catalog.models import Merchant, Offer, Price, RefreshRun
from catalog.schedule import FAILURES_BEFORE_PAUSE, PAUSE
from catalog.services.merchant_health import resume_merchant
from catalog.services.prices import refresh_merchant
from tests.catalog.services.feed_shop import HOUR, MINUTE, NOON, FeedShop
from tests.factories import make_product, make_staff


def seen(offer: Offer) -> tuple[Decimal | None, str, str]:
    offer.refresh_from_db()
    return offer.amount, offer.state, offer.state_reason


def test_a_price_is_read_and_shown_with_its_time(shop: FeedShop) -> None:
    offer = shop.offer("a")
    shop.sell(("a", "89.90 USD"))
    run = shop.refresh()
    assert seen(offer) == (Decimal("89.90"), "ok", "")
    assert (offer.currency, offer.availability, offer.seen_at, offer.claimed_at) == ("USD", "in_stock", NOON, None)
    assert (run.outcome, run.offers_read, run.offers_changed) == (RefreshRun.Outcome.DONE, 1, 1)
    price = Price.objects.get()
    assert (price.amount, price.verdict, price.source) == (Decimal("89.90"), "accepted", "merchant_feed")


def test_a_reading_is_appended_only_when_it_differs(shop: FeedShop) -> None:
    offer = shop.offer("a")
    shop.sell(("a", "89.90 USD"))
    shop.refresh()
    shop.sell(("a", "89.9 USD"), ("another item", "5 USD"))
    run = shop.refresh(NOON + HOUR)
    assert (run.outcome, run.offers_changed, Price.objects.count()) == ("done", 0, 1)
    offer.refresh_from_db()
    assert offer.seen_at == NOON + HOUR
    shop.sell(("a", "89.90 USD", "out of stock"))
    shop.refresh(NOON + 2 * HOUR)
    assert list(Price.objects.values_list("availability", flat=True)) == ["out_of_stock", "in_stock"]


def test_the_next_look_is_planned_when_this_one_is_done(shop: FeedShop) -> None:
    offers = [shop.offer("a"), shop.offer("b")]
    shop.sell(("a", "10 USD"), ("b", "20 USD"))
    shop.refresh()
    times = {Offer.objects.get(pk=offer.pk).next_check_at for offer in offers}
    assert len(times) == 1  # one feed answers for both, so they stay in step
    assert NOON + 5 * HOUR < (times.pop() or NOON) < NOON + 7 * HOUR


def test_an_unchanged_feed_is_not_read_again_and_its_prices_hold(shop: FeedShop) -> None:
    offer = shop.offer("a")
    shop.sell(("a", "89.90 USD"))
    shop.etag = '"v1"'
    shop.refresh()
    run = shop.refresh(NOON + HOUR)
    offer.refresh_from_db()
    assert (run.outcome, shop.asked, shop.answered_in_full) == (RefreshRun.Outcome.UNCHANGED, 2, 1)
    assert (offer.seen_at, offer.amount) == (NOON + HOUR, Decimal("89.90"))


def test_an_offer_that_was_never_read_is_read_although_the_feed_is_unchanged(shop: FeedShop) -> None:
    shop.offer("a")
    shop.sell(("a", "10 USD"), ("b", "20 USD"))
    shop.etag = '"v1"'
    shop.refresh()
    later = shop.offer("b")
    shop.refresh(NOON + HOUR)
    assert seen(later)[0] == Decimal(20)


def test_offers_of_a_feed_come_along_when_one_of_them_is_due(shop: FeedShop) -> None:
    early, late = shop.offer("a"), shop.offer("b", next_check_at=NOON + HOUR)
    shop.sell(("a", "10 USD"), ("b", "20 USD"))
    run = refresh_merchant(merchant_id=shop.merchant.pk, now=NOON, door=shop.door)
    assert run is not None
    assert run.offers_claimed == 2
    assert seen(early)[0] == 10
    assert seen(late)[0] == 20


def test_nothing_due_asks_nobody(shop: FeedShop) -> None:
    shop.offer("a", next_check_at=NOON + HOUR)
    assert refresh_merchant(merchant_id=shop.merchant.pk, now=NOON, door=shop.door) is None
    assert (shop.asked, RefreshRun.objects.count()) == (0, 0)
    assert refresh_merchant(merchant_id=0, now=NOON, door=shop.door) is None


def test_a_round_whose_worker_died_is_said_to_be_lost(shop: FeedShop) -> None:
    dead = RefreshRun.objects.create(merchant=shop.merchant, source="merchant_feed", started_at=NOON - HOUR)
    shop.offer("a")
    shop.sell(("a", "10 USD"))
    shop.refresh()
    dead.refresh_from_db()
    assert (dead.outcome, dead.error) == ("failed", "The worker that ran this round was lost.")


class TestCouldNotRead:
    """ "Could not read" is a state of its own: never sold out, never 0; the last price stays with its time (P6, P8)."""

    @pytest.fixture
    def offer(self, shop: FeedShop) -> Offer:
        offer = shop.offer("a")
        shop.sell(("a", "89.90 USD"))
        shop.refresh()
        return offer

    def holds(self, offer: Offer, state: str = "unreadable") -> str:
        offer.refresh_from_db()
        assert (offer.amount, offer.currency, offer.availability) == (Decimal("89.90"), "USD", "in_stock")
        assert (offer.seen_at, offer.state, offer.claimed_at) == (NOON, state, None)
        assert Price.objects.accepted().count() == 1
        return offer.state_reason

    @pytest.mark.parametrize("price", ["0", "0.00 USD", "USD", "call us", "12 34 USD", "-5 USD"])
    def test_a_price_that_is_none_keeps_the_last_one(self, shop: FeedShop, offer: Offer, price: str) -> None:
        shop.sell(("a", price))
        run = shop.refresh(NOON + HOUR)
        assert self.holds(offer)
        assert run.offers_unreadable == 1

    def test_a_feed_that_answers_html_keeps_the_last_one(self, shop: FeedShop, offer: Offer) -> None:
        shop.body = b"<!doctype html><html><body>We are doing maintenance</body></html>"
        shop.headers = {"Content-Type": "text/html"}
        run = shop.refresh(NOON + HOUR)
        assert self.holds(offer)
        assert run.outcome == RefreshRun.Outcome.FAILED
        assert "A web page came instead of the feed" in run.error

    def test_a_merchant_that_hangs_keeps_the_last_one(self, shop: FeedShop, offer: Offer) -> None:
        def hang(request: Request) -> Response:
            time.sleep(1.5)
            return Response("late")

        shop.server.clear()
        shop.server.expect_request("/feed.tsv").respond_with_handler(hang)
        run = shop.refresh(NOON + HOUR)
        assert self.holds(offer).startswith("The merchant could not be asked")
        assert run.outcome == RefreshRun.Outcome.FAILED

    @pytest.mark.parametrize("status", [404, 500, 503])
    def test_a_merchant_that_answers_an_error_keeps_the_last_one(
        self, shop: FeedShop, offer: Offer, status: int
    ) -> None:
        shop.status = status
        shop.refresh(NOON + HOUR)
        assert self.holds(offer)

    def test_a_feed_that_breaks_off_keeps_what_came_before(self, shop: FeedShop, offer: Offer) -> None:
        other = shop.offer("b")
        shop.server.clear()
        whole = b"<rss><channel><item><id>a</id><price>91.00 USD</price></item><item><id>b</id><pri"
        shop.server.expect_request("/feed.tsv").respond_with_data(whole, content_type="application/xml")
        run = shop.refresh(NOON + HOUR)
        assert run.outcome == RefreshRun.Outcome.FAILED
        assert seen(offer)[:2] == (Decimal("91.00"), "ok")
        assert seen(other)[:2] == (None, "unreadable")

    def test_an_item_that_is_gone_from_the_feed_is_flagged_the_second_time(self, shop: FeedShop, offer: Offer) -> None:
        shop.sell(("other", "5 USD"))
        shop.refresh(NOON + HOUR)
        assert self.holds(offer, "ok") == ""
        shop.refresh(NOON + 2 * HOUR)
        assert self.holds(offer) == "Not in the merchant's answer, 2 times in a row."
        shop.refresh(NOON + 3 * HOUR)
        assert self.holds(offer).endswith("Withdraw the offer if the merchant no longer sells it.")
        shop.sell(("a", "90.00 USD"))
        shop.refresh(NOON + 4 * HOUR)
        offer.refresh_from_db()
        assert (offer.state, offer.times_missing, offer.amount) == ("ok", 0, 90)

    def test_an_item_that_is_missing_from_an_unchanged_feed_is_still_missing(
        self, shop: FeedShop, offer: Offer
    ) -> None:
        shop.sell(("other", "5 USD"))
        shop.etag = '"v2"'
        shop.refresh(NOON + HOUR)
        shop.refresh(NOON + 2 * HOUR)
        assert self.holds(offer).startswith("Not in the merchant's answer, 2 times")

    def test_used_is_not_the_price_of_a_new_one(self, shop: FeedShop, offer: Offer) -> None:
        shop.sell(("a", "40.00 USD", "in stock", "used"))
        shop.refresh(NOON + HOUR)
        assert "used" in self.holds(offer)

    def test_the_new_one_is_taken_where_both_are_listed(self, shop: FeedShop) -> None:
        offer = shop.offer("c")
        shop.sell(("c", "40.00 USD", "in stock", "used"), ("c", "90.00 USD", "in stock", "new"))
        shop.refresh()
        assert seen(offer)[0] == 90

    def test_another_products_gtin_is_not_this_offers_price(self, shop: FeedShop, offer: Offer) -> None:
        make_product("Other").codes.create(scheme="gtin", value="4006381333931")
        shop.sell(("a", "88.00 USD", "in stock", "new", "4006381333931"))
        shop.refresh(NOON + HOUR)
        assert "is Acme Other; the offer is for Acme a" in self.holds(offer)

    def test_the_price_disappears_when_its_licence_ends_and_not_before(self, shop: FeedShop, offer: Offer) -> None:
        shop.merchant.max_price_age = 24 * HOUR
        shop.merchant.save()
        shop.status = 500
        shop.refresh(NOON + HOUR)
        offer.refresh_from_db()
        assert is_showable(shop.merchant.terms, offer.seen_at, NOON + timedelta(hours=23, minutes=59))
        assert not is_showable(shop.merchant.terms, offer.seen_at, NOON + 24 * HOUR)


def test_a_price_with_dots_and_commas_is_read_as_it_is_meant(shop: FeedShop) -> None:
    offer = shop.offer("a")
    shop.sell(("a", "1.299,00 USD"))
    shop.refresh()
    assert seen(offer)[0] == Decimal("1299.00")


class TestCircuitBreaker:
    def test_delays_grow_and_at_the_fifth_failure_the_merchant_rests(self, shop: FeedShop) -> None:
        make_staff("chief")
        offer = shop.offer("a")
        shop.status = 500
        for number in range(1, FAILURES_BEFORE_PAUSE + 1):
            assert shop.merchant.paused_until is None
            shop.refresh(NOON + number * HOUR)
            assert shop.merchant.consecutive_failures == number
        assert shop.merchant.paused_until == NOON + FAILURES_BEFORE_PAUSE * HOUR + PAUSE
        assert "500" in shop.merchant.last_error
        later = NOON + 10 * HOUR
        Offer.objects.update(next_check_at=later)
        assert refresh_merchant(merchant_id=shop.merchant.pk, now=later, door=shop.door) is None
        offer.refresh_from_db()
        assert offer.claimed_at is None

    def test_the_owner_is_told_once(self, shop: FeedShop, settings: object) -> None:
        settings.ADMINS = [("Chief", "chief@example.org")]  # type: ignore[attr-defined]
        shop.offer("a")
        shop.status = 410
        shop.refresh()
        shop.refresh(NOON + PAUSE + HOUR)
        assert [letter.to for letter in mail.outbox] == [["chief@example.org"]]
        assert mail.outbox[0].subject == "Shop is paused: its prices cannot be read"
        assert shop.merchant.last_error in mail.outbox[0].body

    def test_the_owner_is_told_again_after_it_had_worked(self, shop: FeedShop, settings: object) -> None:
        settings.ADMINS = [("Chief", "chief@example.org")]  # type: ignore[attr-defined]
        shop.offer("a")
        shop.status = 410
        shop.refresh()
        shop.sell(("a", "10 USD"))
        shop.refresh(NOON + PAUSE + HOUR)
        assert (shop.merchant.consecutive_failures, shop.merchant.paused_until) == (0, None)
        shop.status = 410
        shop.refresh(NOON + PAUSE + 2 * HOUR)
        assert len(mail.outbox) == 2

    def test_retry_after_is_obeyed(self, shop: FeedShop) -> None:
        offer = shop.offer("a")
        shop.status, shop.headers = 429, {"Retry-After": "3600"}
        shop.refresh()
        offer.refresh_from_db()
        assert offer.next_check_at is not None
        assert offer.next_check_at >= NOON + HOUR

    def test_resuming_asks_again_at_once(self, shop: FeedShop) -> None:
        offer = shop.offer("a")
        shop.status = 410
        shop.refresh()
        shop.sell(("a", "10 USD"))
        resume_merchant(merchant=shop.merchant, now=NOON + MINUTE)
        assert refresh_merchant(merchant_id=shop.merchant.pk, now=NOON + MINUTE, door=shop.door) is not None
        assert seen(offer)[:2] == (Decimal(10), "ok")

    def test_a_mistake_of_ours_is_raised_and_leaves_nothing_claimed(
        self, shop: FeedShop, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        offer = shop.offer("a")
        shop.merchant.source_settings = {}
        shop.merchant.save()
        with pytest.raises(KeyError):
            shop.refresh()
        offer.refresh_from_db()
        shop.merchant.refresh_from_db()
        assert (offer.claimed_at, shop.merchant.claimed_at) == (None, None)
        assert RefreshRun.objects.get().error == "Unexpected KeyError: 'feed_url'"


def test_a_price_is_read_again_before_we_would_hide_it_however_rarely_its_merchant_is_to_be_asked(
    shop: FeedShop,
) -> None:
    Merchant.objects.update(refresh_every=timedelta(days=60), max_price_age=None)
    offer = shop.offer("A1")
    shop.sell(("A1", "99.00 USD"))
    shop.refresh()
    offer.refresh_from_db()
    assert offer.next_check_at is not None
    assert offer.next_check_at - NOON < OLDEST_SHOWN * 0.6

"""Work is claimed: two workers never read one offer at the same time, and a dead one's claims are taken over."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from django.db import connection
from pytest_httpserver import HTTPServer

from catalog.models import Merchant, Offer, RefreshRun
from catalog.schedule import CLAIM_LIVES
from catalog.services.claims import claim_merchant, claim_offers, merchants_due, release_merchant
from catalog.services.prices import refresh_merchant
from catalog.services.unanswered import store_missing
from tests.catalog.services.feed_shop import HOUR, MINUTE, NOON, FeedShop, open_shop
from tests.factories import make_merchant, make_offer, make_product


def claim(shop: FeedShop, *, limit: int = 10) -> list[Offer]:
    return claim_offers(merchant=shop.merchant, now=NOON, limit=limit, everything=False)


def test_what_is_claimed_is_not_claimed_again(shop: FeedShop) -> None:
    for number in range(5):
        shop.offer(f"s{number}")
    first, second = claim(shop, limit=3), claim(shop)
    assert (len(first), len(second), len(claim(shop))) == (3, 2, 0)
    assert not {o.pk for o in first} & {o.pk for o in second}


def test_the_longest_waiting_come_first(shop: FeedShop) -> None:
    shop.offer("late", next_check_at=NOON - MINUTE)
    shop.offer("later", next_check_at=NOON)
    shop.offer("first", next_check_at=NOON - HOUR)
    assert [offer.merchant_sku for offer in claim(shop, limit=2)] == ["first", "late"]


def test_a_dead_workers_claims_are_taken_over_and_its_late_answer_is_not_stored(shop: FeedShop) -> None:
    shop.offer("a")
    [dead] = claim(shop)
    later = NOON + CLAIM_LIVES
    [taken] = claim_offers(merchant=shop.merchant, now=later, limit=10, everything=False)
    assert taken.pk == dead.pk
    store_missing(merchant=shop.merchant, offers=[dead], now=later, key_of_round=None)
    taken.refresh_from_db()
    assert (taken.claimed_at, taken.times_missing) == (later, 0)


def test_a_merchant_is_asked_by_one_worker_at_a_time(shop: FeedShop) -> None:
    mine = claim_merchant(merchant_id=shop.merchant.pk, now=NOON)
    assert mine is not None
    assert claim_merchant(merchant_id=shop.merchant.pk, now=NOON + MINUTE) is None
    release_merchant(merchant=mine)
    assert claim_merchant(merchant_id=shop.merchant.pk, now=NOON + MINUTE) is not None


def test_a_late_release_leaves_the_successors_claim(shop: FeedShop) -> None:
    dead = claim_merchant(merchant_id=shop.merchant.pk, now=NOON)
    assert dead is not None
    claim_merchant(merchant_id=shop.merchant.pk, now=NOON + CLAIM_LIVES)
    release_merchant(merchant=dead)
    assert Merchant.objects.get().claimed_at == NOON + CLAIM_LIVES


@pytest.mark.django_db
def test_only_merchants_with_something_to_do_are_due() -> None:
    product = make_product()
    due: dict[str, int] = {}
    for name, merchant_fields, offer_fields in [
        ("due", {}, {}),
        ("not yet", {}, {"next_check_at": NOON + MINUTE}),
        ("paused", {"paused_until": NOON + MINUTE}, {}),
        ("rested", {"paused_until": NOON}, {"next_check_at": NOON - HOUR}),
        ("closed", {"is_active": False}, {}),
        ("withdrawn", {}, {"withdrawn_at": NOON}),
        ("by hand", {"source": "manual"}, {}),
        ("claimed", {"claimed_at": NOON - MINUTE}, {}),
        ("dead worker", {"claimed_at": NOON - CLAIM_LIVES}, {"claimed_at": NOON - CLAIM_LIVES}),
    ]:
        merchant = make_merchant(name, **{"source": "merchant_feed", **merchant_fields})
        make_offer(product, merchant, **{"next_check_at": NOON, **offer_fields})
        due[name] = merchant.pk
    assert merchants_due(now=NOON) == [due["rested"], due["due"], due["dead worker"]]


@pytest.mark.django_db(transaction=True)
def test_two_workers_racing_ask_the_merchant_once(httpserver: HTTPServer) -> None:
    shop = open_shop(httpserver)
    offers = [shop.offer(f"s{number}") for number in range(20)]
    shop.sell(*((offer.merchant_sku, "10 USD") for offer in offers))
    start = threading.Barrier(4)
    runs: list[RefreshRun | None] = []

    def work() -> None:
        try:
            start.wait()
            runs.append(refresh_merchant(merchant_id=shop.merchant.pk, now=NOON, door=shop.door))
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [run.offers_read for run in runs if run] == [20]
    assert shop.asked == 1


@pytest.mark.django_db(transaction=True)
def test_two_workers_racing_for_offers_share_them(httpserver: HTTPServer) -> None:
    shop = open_shop(httpserver)
    for number in range(30):
        shop.offer(f"s{number}", next_check_at=NOON - timedelta(seconds=number))
    start = threading.Barrier(3)
    taken: list[int] = []

    def work() -> None:
        try:
            start.wait()
            taken.extend(offer.pk for offer in claim(shop, limit=30))
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(taken) == len(set(taken))
    taken += [offer.pk for offer in claim(shop, limit=30)]
    assert sorted(taken) == sorted(Offer.objects.values_list("pk", flat=True))

"""A host is asked no faster than it grants, by all workers together, and its wish to be left alone binds all (P1)."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

import pytest
from django.utils import timezone
from redis import Redis
from redis.exceptions import ConnectionError as NoRedis

from catalog.http import DoorError
from catalog.models import Merchant, Offer
from catalog.services import claims, pace
from catalog.services.pace import PacedDoor, PaceError, open_at, quota_used
from catalog.services.prices import refresh_merchant
from tests.catalog.services.feed_shop import NOON, FeedShop
from tests.catalog.shop import Shop, open_shop
from tests.factories import make_merchant

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _no_counts(settings: Any) -> None:
    Redis.from_url(settings.REDIS_URL).flushdb()
    pace._store.clear()


@pytest.fixture
def web() -> Iterator[Shop]:
    with open_shop() as shop:
        shop.serves("/page", b"hello")
        yield shop


def merchant(web: Shop, name: str = "Paced", **fields: Any) -> Merchant:
    return make_merchant(name, hosts=[web.host], source="page_markup", **fields)


def ask(door: PacedDoor, web: Shop) -> bytes:
    with door.get(web.url("/page")) as reply:
        return reply.read()


def test_two_workers_share_one_pace(web: Shop) -> None:
    shop = merchant(web, requests_per_minute=300)
    one, other = (PacedDoor(web.door(), shop) for _ in range(2))
    started = time.monotonic()
    for door in (one, other) * 6:
        ask(door, web)
    assert time.monotonic() - started >= 1.0  # five a second: the eleventh waits for the first second to be over
    assert (one.requests, other.requests) == (6, 6)


def test_a_used_up_quota_ends_the_round_politely(web: Shop) -> None:
    shop = merchant(web, requests_per_minute=60_000, requests_per_day=3)
    door = PacedDoor(web.door(), shop)
    for _ in range(3):
        ask(door, web)
    with pytest.raises(PaceError) as caught:
        ask(door, web)
    assert caught.value.host_is_down
    assert caught.value.retry_after is not None
    assert (len(web.asked), door.closed_for) == (3, caught.value.retry_after)
    assert quota_used(shop, timezone.now()) == (3, 3)
    assert open_at(shop) > 0


def test_what_a_host_asks_of_one_merchant_binds_its_neighbours(web: Shop) -> None:
    web.serves("/busy", lambda visit: visit.answer(b"", status=429, retry_after="120"))
    one, other = merchant(web, "One"), merchant(web, "Other", requests_per_minute=60_000)
    with pytest.raises(DoorError), PacedDoor(web.door(), one).get(web.url("/busy")):
        pass
    with pytest.raises(PaceError) as caught:
        ask(PacedDoor(web.door(), other), web)
    assert 100 < (caught.value.retry_after or 0) <= 120
    assert len(web.asked) == 1


def test_two_merchants_on_one_account_share_its_quota() -> None:
    settings = {"credential_id": "c-1"}
    one = make_merchant("One", source="amazon_creators", source_settings=settings)
    other = make_merchant("Other", source="amazon_creators", source_settings=settings)
    third = make_merchant("Third", source="amazon_creators", source_settings={"credential_id": "c-2"})
    assert pace._account(one) == pace._account(other) != pace._account(third)
    assert "c-1" not in pace._account(one)


def test_without_redis_nothing_is_asked(web: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    door = PacedDoor(web.door(), merchant(web))

    def away(key: str) -> float:
        raise NoRedis("away")

    monkeypatch.setattr(pace, "_away_for", away)
    with pytest.raises(PaceError, match="nothing is asked"):
        ask(door, web)
    assert (web.asked, door.closed_for) == ([], 60)


def test_our_own_limit_is_no_failure_of_the_merchant(shop: FeedShop) -> None:
    offer = shop.offer("a")
    shop.sell(("a", "10 USD"))
    Merchant.objects.update(requests_per_day=1)
    assert shop.refresh().outcome == "done"
    Offer.objects.update(next_check_at=NOON)
    run = refresh_merchant(merchant_id=shop.merchant.pk, now=NOON, door=shop.door)
    assert run is not None
    offer.refresh_from_db()
    shop.merchant.refresh_from_db()
    assert (offer.state, offer.claimed_at, shop.merchant.consecutive_failures) == ("ok", None, 0)
    assert offer.next_check_at is not None and offer.next_check_at > NOON  # noqa: PT018
    assert "goes on in a while" in run.error
    Offer.objects.update(next_check_at=NOON)
    assert refresh_merchant(merchant_id=shop.merchant.pk, now=NOON, door=shop.door) is None  # the gate is closed


def test_a_merchant_whose_terms_allow_no_prices_is_not_asked(shop: FeedShop) -> None:
    shop.offer("a")
    Merchant.objects.update(prices_allowed=False)
    assert claims.merchants_due(now=NOON) == []
    assert refresh_merchant(merchant_id=shop.merchant.pk, now=NOON, door=shop.door) is None
    assert shop.asked == 0

"""Due destinations are claimed, looked at one after the other, and what was seen is stored with its evidence."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from celery.contrib.testing.worker import start_worker
from django.db.models import F
from django.utils import timezone

from catalog import tasks
from catalog.models import Click, Destination, Failover, Merchant, Offer
from catalog.schedule import CLAIM_LIVES
from catalog.services import destinations
from catalog.services.destinations import (
    check_merchant,
    check_now,
    claim_destinations,
    decide,
    merchants_due,
    note_new_destinations,
)
from catalog.services.looks import Looker
from config.celery import app
from tests.factories import make_destination, make_merchant, make_offer, make_product, make_seen_offer
from tests.servers.destinations import (
    MISSING,
    DestinationServer,
    answers,
    open_destinations,
    redirects,
)

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def shop() -> Iterator[DestinationServer]:
    with open_destinations() as server:
        yield server


@pytest.fixture
def merchant(shop: DestinationServer) -> Merchant:
    return make_merchant("Shop", hosts=[shop.host], requests_per_minute=60_000)


def offer_of(merchant: Merchant, shop: DestinationServer, name: str = "One", **fields: Any) -> Offer:
    offer = make_seen_offer(make_product(name), merchant, url=shop.url(f"/p/acme-{name.lower()}"), **fields)
    note_new_destinations(now=timezone.now())
    return offer


def check(merchant: Merchant, shop: DestinationServer, now: datetime | None = None) -> int:
    """One round, at a time when everything is due."""
    now = now or timezone.now()
    Destination.objects.update(next_check_at=now)
    return check_merchant(merchant_id=merchant.pk, now=now, door=shop.door())


def state_of(offer: Offer) -> Destination:
    return Destination.objects.get(pk=offer.pk)


def test_every_offer_with_a_link_gets_looked_at_and_no_other(merchant: Merchant, shop: DestinationServer) -> None:
    linked = offer_of(merchant, shop)
    make_offer(make_product("Unlinked"), merchant, url=shop.url("/p/unlinked"))
    make_seen_offer(make_product("Gone"), merchant, withdrawn_at=timezone.now())
    assert note_new_destinations(now=timezone.now()) == 0
    assert list(Destination.objects.values_list("pk", flat=True)) == [linked.pk]
    assert merchants_due(now=timezone.now()) == [merchant.pk]


def test_what_was_seen_is_stored_with_its_evidence(merchant: Merchant, shop: DestinationServer) -> None:
    offer = offer_of(merchant, shop)
    shop.serves("/p/acme-one", redirects("/gear/acme-one"))
    shop.sells("/gear/acme-one")
    now = timezone.now()
    assert check(merchant, shop, now) == 1
    row = state_of(offer)
    assert (row.state, row.status_code, row.checked_at, row.claimed_at) == ("fine", 200, now, None)
    assert row.final_address == shop.url("/gear/acme-one")
    assert [hop[2] for hop in row.hops] == [302, 200, 200]
    assert row.next_check_at
    assert row.next_check_at > now


def test_two_strikes_an_hour_apart_make_a_failure_and_one_good_look_ends_it(
    merchant: Merchant, shop: DestinationServer
) -> None:
    offer = offer_of(merchant, shop)
    shop.serves("/p/acme-one", answers(404, MISSING.format(title="Gone")))
    now = timezone.now()
    check(merchant, shop, now)
    assert (state_of(offer).state, state_of(offer).suspected) == ("suspect", "broken")
    check(merchant, shop, now + timedelta(minutes=30))
    assert state_of(offer).state == "suspect"
    check(merchant, shop, now + timedelta(minutes=61))
    row = state_of(offer)
    assert (row.state, row.failing_since, row.status_code) == ("broken", now, 404)
    assert "404" in row.detail
    shop.sells("/p/acme-one")
    check(merchant, shop, now + timedelta(hours=3))
    assert (state_of(offer).state, state_of(offer).failing_since) == ("fine", None)


def test_a_check_is_never_a_click_nor_carries_a_sub_id(merchant: Merchant, shop: DestinationServer) -> None:
    merchant.network_settings = {"parameter": "ref", "value": "earmark", "sub_id_parameter": "sub"}
    merchant.save()
    offer_of(merchant, shop)
    shop.sells("/p/acme-one")
    check(merchant, shop)
    paths = [path for _, path, _, _ in shop.asked if path != "/robots.txt"]
    assert paths == ["/p/acme-one?ref=earmark"] * 2
    assert not Click.objects.exists()


def test_an_address_that_cannot_be_linked_is_broken_without_asking_anybody(
    merchant: Merchant, shop: DestinationServer
) -> None:
    offer = offer_of(merchant, shop)
    Offer.objects.filter(pk=offer.pk).update(url="https://elsewhere.example/p/1")
    check(merchant, shop)
    assert state_of(offer).suspected == "broken"
    assert "not an address of Shop" in state_of(offer).detail
    assert shop.asked == []


def test_those_that_lose_most_clicks_go_first(merchant: Merchant, shop: DestinationServer) -> None:
    now = timezone.now()
    fine, small, large = (
        offer_of(merchant, shop, name, click_weight=weight) for name, weight in (("A", 9), ("B", 1), ("C", 5))
    )
    Destination.objects.update(next_check_at=now)
    Destination.objects.filter(pk=fine.pk).update(state="fine")
    Destination.objects.filter(pk=small.pk).update(state="broken")
    Destination.objects.filter(pk=large.pk).update(state="suspect")
    claimed = claim_destinations(merchant_id=merchant.pk, now=now, limit=2)
    assert [row.pk for row in claimed] == [large.pk, small.pk]


def test_one_merchant_at_a_time_the_costliest_and_then_the_longest_waiting(shop: DestinationServer) -> None:
    now = timezone.now()
    found = {}
    for name, state, hours in (("New", "fine", 1), ("Old", "fine", 9), ("Failing", "broken", 0)):
        offer = make_seen_offer(make_product(name), make_merchant(name))
        make_destination(offer, state, next_check_at=now - timedelta(hours=hours))
        found[name] = offer.merchant_id
    assert merchants_due(now=now) == [found["Failing"]]
    claim_destinations(merchant_id=found["Failing"], now=now)
    assert merchants_due(now=now) == []
    Destination.objects.filter(offer__merchant=found["Failing"]).update(claimed_at=None, next_check_at=None)
    assert merchants_due(now=now) == [found["Old"]]


def test_nobody_looks_at_pages_whose_owner_forbids_robots(shop: DestinationServer) -> None:
    amazon = make_merchant("Amazon", hosts=["amazon.com"], network="amazon", network_settings={"tag_us": "earmark-20"})
    offer = make_seen_offer(make_product(), amazon, url="https://www.amazon.com/dp/B000000001")
    assert note_new_destinations(now=timezone.now()) == 0
    make_destination(offer, "new", next_check_at=timezone.now())
    assert merchants_due(now=timezone.now()) == []


def test_what_somebody_claimed_is_nobody_elses_until_the_claim_is_old(
    merchant: Merchant, shop: DestinationServer
) -> None:
    offer_of(merchant, shop)
    now = timezone.now()
    assert len(claim_destinations(merchant_id=merchant.pk, now=now)) == 1
    assert claim_destinations(merchant_id=merchant.pk, now=now) == []
    assert merchants_due(now=now) == []
    later = now + CLAIM_LIVES + timedelta(seconds=1)
    assert merchants_due(now=later) == [merchant.pk]
    assert len(claim_destinations(merchant_id=merchant.pk, now=later)) == 1


def test_a_worker_whose_claim_was_taken_over_stores_nothing(merchant: Merchant, shop: DestinationServer) -> None:
    offer = offer_of(merchant, shop)
    shop.sells("/p/acme-one")
    now = timezone.now()
    row = claim_destinations(merchant_id=merchant.pk, now=now)[0]
    Destination.objects.update(claimed_at=now + timedelta(hours=1))
    looker = Looker(shop.door(), rest=0.001)
    assert destinations.look_at(row=row, looker=looker, now=now) is None
    assert state_of(offer).state == "new"


def test_a_busy_shop_ends_the_round_and_gives_the_rest_back(merchant: Merchant, shop: DestinationServer) -> None:
    first, second = offer_of(merchant, shop, "One"), offer_of(merchant, shop, "Two")
    for path in ("/p/acme-one", "/p/acme-two"):
        shop.serves(path, answers(503, "busy", retry_after="600"))
    now = timezone.now()
    assert check(merchant, shop, now) == 0
    for offer in (first, second):
        row = state_of(offer)
        assert (row.state, row.claimed_at) == ("new", None)
        assert row.next_check_at == now + timedelta(seconds=600)
    assert len([method for method in shop.methods if method.startswith("HEAD")]) == 1


def test_a_merchant_that_is_gone_or_off_is_nobodys_work(merchant: Merchant, shop: DestinationServer) -> None:
    offer_of(merchant, shop)
    Merchant.objects.update(is_active=False)
    assert merchants_due(now=timezone.now()) == []
    assert check_merchant(merchant_id=merchant.pk, now=timezone.now(), door=shop.door()) == 0
    assert check_merchant(merchant_id=merchant.pk + 999, now=timezone.now(), door=shop.door()) == 0


def test_when_no_shop_answers_it_is_us_and_nobody_is_blamed(merchant: Merchant, shop: DestinationServer) -> None:
    offer = offer_of(merchant, shop)
    Offer.objects.filter(pk=offer.pk).update(url=f"http://{merchant.hosts[0]}/p/acme-one")
    now = timezone.now()
    for name in ("Second", "Third"):
        make_destination(make_offer(make_product(name), make_merchant(name)), "suspect", status_code=None)
    for server in shop.servers:
        server.server_close()
    assert check(merchant, shop, now) == 0
    row = state_of(offer)
    assert (row.state, row.strikes, row.claimed_at) == ("new", 0, None)
    assert row.next_check_at
    assert row.next_check_at > now


def test_a_repaired_address_is_looked_at_at_once(merchant: Merchant, shop: DestinationServer) -> None:
    offer = offer_of(merchant, shop)
    Destination.objects.update(state="broken", next_check_at=timezone.now() + timedelta(days=1))
    Offer.objects.filter(pk=offer.pk).update(amount=F("amount") + 1)
    assert state_of(offer).next_check_at > timezone.now()  # type: ignore[operator]
    Offer.objects.filter(pk=offer.pk).update(url=shop.url("/p/better"))
    assert state_of(offer).next_check_at <= timezone.now()  # type: ignore[operator]


def test_what_an_editor_said_holds_as_long_as_its_failure(merchant: Merchant, shop: DestinationServer) -> None:
    offer = offer_of(merchant, shop)
    Destination.objects.filter(pk=offer.pk).update(state="broken", strikes=2, failing_since=timezone.now())
    assert decide(rows=Destination.objects.all(), decision="accepted", by="ed", now=timezone.now()) == 1
    shop.serves("/p/acme-one", answers(404))
    check(merchant, shop)
    assert (state_of(offer).state, state_of(offer).decision, state_of(offer).decided_by) == ("broken", "accepted", "ed")
    shop.sells("/p/acme-one")
    check(merchant, shop)
    assert (state_of(offer).state, state_of(offer).decision) == ("fine", "")


def test_nothing_can_be_decided_about_what_does_not_fail(merchant: Merchant, shop: DestinationServer) -> None:
    offer_of(merchant, shop)
    assert decide(rows=Destination.objects.all(), decision="accepted", by="ed", now=timezone.now()) == 0


def test_check_now_makes_it_due(merchant: Merchant, shop: DestinationServer) -> None:
    offer_of(merchant, shop)
    Destination.objects.update(next_check_at=timezone.now() + timedelta(days=1))
    now = timezone.now()
    assert check_now(rows=Destination.objects.all(), now=now) == 1
    assert merchants_due(now=now) == [merchant.pk]


@pytest.mark.filterwarnings("default")
def test_a_real_worker_finds_a_missing_page_and_leads_readers_to_the_next_shop(
    merchant: Merchant, shop: DestinationServer, settings: Any
) -> None:
    settings.PRIVATE_HOSTS_ALLOWED = [shop.host, shop.other_host]
    settings.FETCH_USER_AGENT = "EarmarkTest/1.0"
    other = make_merchant("Other", hosts=[shop.other_host], requests_per_minute=60_000)
    offer = offer_of(merchant, shop)
    second = make_seen_offer(offer.product, other, url=shop.url("/good", host=shop.other_host))
    shop.sells("/good")
    app.control.purge()
    with start_worker(app, perform_ping_check=False, pool="solo", shutdown_timeout=30):
        tasks.check_destinations.delay()
        wait_until(lambda: state_of(offer).state == "suspect")
        Destination.objects.filter(pk=offer.pk).update(
            failing_since=F("failing_since") - timedelta(hours=1), next_check_at=timezone.now()
        )
        tasks.check_destinations.delay()
        wait_until(lambda: Failover.objects.filter(ended_at=None).exists())
        tasks.check_destinations.delay()
        wait_until(lambda: state_of(second).state == "fine")
    made = Failover.objects.get()
    assert (made.from_offer, made.to_offer) == (offer, second)


def wait_until(is_so: Any) -> None:
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        if is_so():
            return
        time.sleep(0.05)
    pytest.fail(f"Not after 30 seconds: {list(Destination.objects.values('state', 'detail', 'hops'))}")

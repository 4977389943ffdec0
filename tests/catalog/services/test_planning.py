"""Are clicks weighed, quotas shared out and the freshness written down?"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from math import isclose
from typing import Any

import pytest

from catalog.models import ClickTally, FreshnessSample, Merchant, Offer
from catalog.schedule import UNCLICKED, ChangeRate, interval
from catalog.services import planning
from catalog.services.planning import account_of, looks_per_day, plan_refreshes, sample_freshness, weigh_clicks
from catalog.sources import SOURCES
from tests.factories import make_merchant, make_offer, make_product, make_seen_offer

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 25, 12, 30, tzinfo=UTC)
DAY = timedelta(days=1)
HOUR = timedelta(hours=1)


def click(offer: Offer, *, at: datetime = NOW - DAY, net: int = 1, raw: int = 0) -> None:
    ClickTally.objects.create(day=at.date(), dimension="offer", key=f"{offer.pk}", clicks=net + raw, net_clicks=net)


def shop(name: str = "Pages", offers: int = 4, **fields: Any) -> Merchant:
    merchant = make_merchant(name, **{"source": "page_markup", **fields})
    for number in range(offers):
        make_offer(make_product(f"{name} {number}"), merchant)
    return merchant


def amazon(name: str, credential: str, offers: int = 4, **fields: Any) -> Merchant:
    settings = {"credential_id": credential}
    return shop(name, offers, source="amazon_creators", source_settings=settings, **fields)


def test_net_clicks_of_four_weeks_become_the_weight() -> None:
    offer, other = make_offer(), make_offer(make_product("Two"), Merchant.objects.get())
    click(offer, net=2, raw=5)
    click(offer, at=NOW, net=1)
    click(offer, at=NOW - 28 * DAY, net=50)
    click(other, net=0, raw=9)
    ClickTally.objects.create(day=NOW.date(), dimension="merchant", key=f"{offer.pk}", clicks=7, net_clicks=7)
    assert weigh_clicks(now=NOW) == 1
    offer.refresh_from_db()
    assert isclose(offer.click_weight, UNCLICKED + 3 / 28)


def test_only_weights_that_change_are_written_and_clicks_grow_old() -> None:
    offer = make_offer()
    click(offer)
    assert [weigh_clicks(now=NOW), weigh_clicks(now=NOW)] == [1, 0]
    assert weigh_clicks(now=NOW + 28 * DAY) == 1
    offer.refresh_from_db()
    assert offer.click_weight == UNCLICKED


def test_batches_reach_every_offer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(planning, "WEIGHED_AT_ONCE", 2)
    shop(offers=7)
    offers = list(Offer.objects.order_by("pk"))
    Offer.objects.update(click_weight=9.0)
    for offer in offers[:3]:
        click(offer)
    assert weigh_clicks(now=NOW) == 7
    weights = list(Offer.objects.order_by("pk").values_list("click_weight", flat=True))
    assert weights == [UNCLICKED + 1 / 28] * 3 + [UNCLICKED] * 4


def test_a_plan_spends_what_refreshing_all_in_turn_would() -> None:
    merchant = shop(offers=6, refresh_every=12 * HOUR)
    for number, offer in enumerate(Offer.objects.all()):
        offer.rate_shape, offer.rate_days, offer.click_weight = 1.0 + number, 10.0, 0.1 * 2**number
        offer.save()
    assert plan_refreshes(now=NOW) == 1
    merchant.refresh_from_db()
    price = merchant.least_worth
    assert price is not None
    assert merchant.planned_at == NOW
    bounds = {"shortest": timedelta(minutes=5), "longest": 14 * DAY}
    spent = sum(
        DAY / interval(ChangeRate(offer.rate_shape, offer.rate_days), offer.click_weight, price, **bounds)
        for offer in Offer.objects.all()
    )
    assert isclose(spent, 12, rel_tol=0.02)


def test_a_withdrawn_offer_takes_nothing_of_the_budget() -> None:
    shop("One", offers=4)
    two = shop("Two", offers=4)
    make_offer(make_product("gone"), two, withdrawn_at=NOW)
    plan_refreshes(now=NOW)
    prices = set(Merchant.objects.values_list("least_worth", flat=True))
    assert len(prices) == 1


def test_merchants_on_one_account_share_its_quota() -> None:
    merchants = [amazon("US", "key"), amazon("DE", "key"), amazon("Other", "another")]
    accounts = [account_of(merchant) for merchant in merchants]
    assert accounts[0] == accounts[1] != accounts[2]
    Offer.objects.filter(merchant=merchants[0]).update(click_weight=5.0)
    plan_refreshes(now=NOW)
    us, de, other = (Merchant.objects.get(pk=merchant.pk).least_worth for merchant in merchants)
    assert us == de != other


def test_a_quota_cuts_the_budget_and_a_call_counts_for_all_it_answers() -> None:
    merchant = amazon("US", "key", refresh_every=HOUR)
    source, quota = SOURCES["amazon_creators"], 100
    assert looks_per_day(source, [merchant], {merchant.pk: 1000}) == 24_000
    merchant.requests_per_day = quota
    assert looks_per_day(source, [merchant], {merchant.pk: 1000}) == 0.9 * quota * source.items_per_request
    merchant.requests_per_day, merchant.requests_per_minute = None, 1
    assert looks_per_day(source, [merchant], {merchant.pk: 10_000}) == 0.9 * 1440 * source.items_per_request


def test_the_sources_own_quota_counts_where_the_merchant_names_none() -> None:
    merchant = amazon("US", "key", refresh_every=HOUR)
    assert looks_per_day(SOURCES["amazon_creators"], [merchant], {merchant.pk: 10**7}) == 0.9 * 8640 * 10


@pytest.mark.parametrize("source", ["manual", "merchant_feed"])
def test_what_is_answered_for_all_at_once_or_by_hand_has_no_plan(source: str) -> None:
    merchant = shop(source=source, least_worth=1.0)
    assert plan_refreshes(now=NOW) == 0
    merchant.refresh_from_db()
    assert merchant.least_worth is None


def test_the_share_of_readers_who_met_a_stale_price_is_weighed_by_clicks() -> None:
    merchant = make_merchant(source="page_markup")
    make_seen_offer(
        make_product("old"), merchant, seen_at=NOW - 3 * DAY, rate_shape=1.0, rate_days=2.0, click_weight=1.0
    )
    make_seen_offer(
        make_product("new"), merchant, seen_at=NOW - 1 * DAY, rate_shape=1.0, rate_days=2.0, click_weight=3.0
    )
    assert sample_freshness(now=NOW) == 1
    sample = FreshnessSample.objects.get()
    assert (sample.at, sample.clicks_a_day, sample.stale_share) == (NOW.replace(minute=0), 4.0, 0.25)
    assert isclose(sample.wrong_share, (1 - 2 / 5) / 4 + (1 - 2 / 3) * 3 / 4)


def test_an_hour_is_sampled_once_and_old_samples_go() -> None:
    merchant = make_merchant(source="page_markup")
    make_seen_offer(make_product(), merchant, seen_at=NOW - DAY)
    FreshnessSample.objects.create(merchant=merchant, at=NOW - 91 * DAY, stale_share=0, wrong_share=0, clicks_a_day=1)
    assert [sample_freshness(now=NOW), sample_freshness(now=NOW + timedelta(minutes=5))] == [1, 0]
    assert [sample.at for sample in FreshnessSample.objects.all()] == [NOW.replace(minute=0)]


def test_a_price_that_is_not_shown_is_met_by_nobody() -> None:
    merchant = make_merchant(source="page_markup", max_price_age=DAY)
    make_seen_offer(make_product("expired"), merchant, seen_at=NOW - 2 * DAY)
    make_offer(make_product("never read"), merchant)
    assert sample_freshness(now=NOW) == 0


def test_a_rate_that_is_known_well_and_long_ago_does_not_break_the_sum() -> None:
    merchant = make_merchant(source="page_markup")
    make_seen_offer(make_product(), merchant, seen_at=NOW - 700 * DAY, rate_shape=5000.0, rate_days=0.01)
    assert sample_freshness(now=NOW) == 1
    assert FreshnessSample.objects.get().wrong_share == 1.0

"""The job page: how each merchant is doing, what waits, and how often readers meet a wrong price."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client, override_settings
from django.utils import timezone

from catalog.models import FeedImport, FreshnessSample, Merchant, RefreshRun
from catalog.services.merchant_overview import MerchantAtWork, in_words, merchants_at_work
from catalog.services.work_overview import work_waiting
from tests.factories import make_merchant, make_offer, make_product, make_staff

pytestmark = pytest.mark.django_db
PAGE = "/admin/catalog/refreshrun/"


def one(merchant: Merchant) -> MerchantAtWork:
    return next(row for row in merchants_at_work(now=timezone.now()) if row.pk == merchant.pk)


def test_a_round_is_told_with_its_requests_and_how_long_it_took() -> None:
    merchant, now = make_merchant(), timezone.now()
    RefreshRun.objects.create(
        merchant=merchant,
        source="page_markup",
        started_at=now - timedelta(seconds=9),
        finished_at=now - timedelta(seconds=5),
        outcome="done",
        requests=7,
    )
    row = one(merchant)
    assert (row.last_took, row.last_requests, row.last_outcome) == (timedelta(seconds=4), 7, "Done")


def test_the_quota_is_that_of_the_merchant_and_none_is_no_limit() -> None:
    assert one(make_merchant("Limited", source="page_markup", requests_per_day=500)).quota == 500
    assert one(make_merchant("Typed", source="manual")).quota is None


def test_how_often_readers_meet_a_wrong_price_is_told_hour_by_hour() -> None:
    merchant, now = make_merchant(), timezone.now()
    for hours, share in ((3, 0.1), (2, 0.4), (1, 0.2), (24 * 8, 0.9)):
        FreshnessSample.objects.create(
            merchant=merchant, at=now - timedelta(hours=hours), wrong_share=share, stale_share=share / 2, clicks_a_day=1
        )
    row = one(merchant)
    assert row.wrong_shares == (0.1, 0.4, 0.2)
    assert (row.wrong_share, row.stale_share) == (0.2, 0.1)
    assert row.spark == "M0.0 17.5L60.0 1.0L120.0 12.0"


def test_an_offer_that_should_have_been_read_long_ago_is_late_but_not_where_its_merchant_rests() -> None:
    now = timezone.now()
    merchant = make_merchant("Late", source="page_markup")
    make_offer(make_product("Late"), merchant, next_check_at=now - timedelta(hours=2))
    assert one(merchant).overdue > timedelta(hours=1)
    Merchant.objects.filter(pk=merchant.pk).update(paused_until=now + timedelta(hours=1))
    assert one(merchant).overdue == timedelta()
    Merchant.objects.filter(pk=merchant.pk).update(paused_until=now - timedelta(hours=1))
    assert one(merchant).overdue > timedelta(hours=1)


def test_the_plan_is_told_in_words() -> None:
    now = timezone.now()
    merchant = make_merchant("Planned", source="page_markup")
    assert one(merchant).plan == ""
    for minutes in (20, 720):
        later = now + timedelta(minutes=minutes)
        make_offer(make_product(f"P{minutes}"), merchant, state="ok", checked_at=now, next_check_at=later)
    # A held price is looked at again soon: that is no plan.
    soon = now + timedelta(minutes=10)
    make_offer(make_product("Held"), merchant, state="held", checked_at=now, next_check_at=soon)
    assert one(merchant).plan == "an offer every 20 min to 12 h"


@pytest.mark.parametrize(
    ("time", "words"),
    [
        (timedelta(seconds=40), "40 s"),
        (timedelta(minutes=2), "2 min"),
        (timedelta(hours=47), "47 h"),
        (timedelta(days=9), "9 days"),
    ],
)
def test_a_time_is_told_in_the_largest_unit_that_says_enough(time: timedelta, words: str) -> None:
    assert in_words(time) == words


def test_of_a_merchant_that_nobody_asks_the_page_tells_when_a_price_came_in(client: Client) -> None:
    client.force_login(make_staff("ada", "catalog.view_refreshrun"))
    merchant = make_merchant("Sender", source="pushed")
    assert "no price came in yet" in client.get(PAGE).content.decode()
    heard = datetime(2026, 11, 25, 12, 30, tzinfo=UTC)
    make_offer(make_product("Sent"), merchant, state="ok", checked_at=heard, next_check_at=heard)
    page = client.get(PAGE).content.decode()
    assert "a price came in 2026-11-25 12:30:00" in page
    assert "late by" not in page


def test_times_are_those_of_the_place_where_the_admin_is(client: Client) -> None:
    client.force_login(make_staff("ada", "catalog.view_refreshrun"))
    merchant = make_merchant("Late", source="page_markup")
    due = datetime(2026, 11, 25, 12, 30, tzinfo=UTC)
    make_offer(make_product("Due"), merchant, next_check_at=due)
    with override_settings(TIME_ZONE="Europe/Berlin"):
        page = client.get(PAGE).content.decode()
    for part in ("2026-11-25 13:30:00", "late by", "times in Europe/Berlin"):
        assert part in page


def test_running_imports_stand_there_with_their_rows() -> None:
    merchant = make_merchant()
    FeedImport.objects.create(merchant=merchant, state="running", position=40, rows_total=90, file_name="a.csv")
    FeedImport.objects.create(merchant=merchant, state="done", file_name="b.csv")
    (running,) = work_waiting().imports
    assert (running.done, running.total) == (40, 90)
    assert work_waiting().queued is not None


def test_the_page_says_all_of_it_and_lets_a_merchant_be_resumed(client: Client) -> None:
    merchant = make_merchant("Resting", source="page_markup", requests_per_day=500)
    Merchant.objects.update(paused_until=timezone.now() + timedelta(hours=5), consecutive_failures=5, last_error="Hm.")
    FeedImport.objects.create(merchant=merchant, state="running", position=40, rows_total=90, file_name="a.csv")
    rights = ("catalog.view_refreshrun", "catalog.change_merchant", "catalog.view_offer")
    client.force_login(make_staff("ada", *rights))
    page = client.get(PAGE).content.decode()
    for part in ("Resume Resting", "0 of 500", "40 of 90 rows", "Hm.", "not measured yet"):
        assert part in page
    client.post(f"{PAGE}resume/{merchant.pk}/")
    merchant.refresh_from_db()
    assert merchant.paused_until is None


def test_resuming_needs_the_right_and_a_post(client: Client) -> None:
    merchant = make_merchant(paused_until=timezone.now() + timedelta(hours=5))
    client.force_login(make_staff("eve", "catalog.view_refreshrun"))
    assert "Resume" not in client.get(PAGE).content.decode()
    assert client.post(f"{PAGE}resume/{merchant.pk}/").status_code == 403
    assert client.get(f"{PAGE}resume/{merchant.pk}/").status_code == 405

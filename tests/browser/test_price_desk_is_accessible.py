"""The pages on which editors keep prices true: nothing axe can find, nothing wider than a phone, no broken policy."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.utils import timezone
from pytest_django.live_server_helper import LiveServer

from catalog.models import FreshnessSample, Merchant, Offer, Price, RefreshRun
from tests.browser.admin_desk import complaints, logged_in, make_administrator
from tests.factories import make_doubt, make_merchant, make_product, make_seen_offer

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def pages(live_server: LiveServer) -> list[str]:
    """One of everything that waits for an editor; where it is shown."""
    make_administrator()
    shop = make_merchant("Shop", source="page_markup", requests_per_day=500)
    one, double = make_product(), make_product("Two")
    offer = make_seen_offer(one, shop, amount="99.00")
    make_seen_offer(double, shop)
    make_doubt(one, shop)
    _history(offer)
    _work(shop)
    _work(make_merchant("Paused", source="page_markup", paused_until=timezone.now() + timedelta(hours=3)))
    merge = f"/admin/catalog/product/merge/?product={one.pk}&product={double.pk}"
    return [
        "/admin/catalog/offer/held/",
        "/admin/catalog/refreshrun/",
        "/admin/catalog/doubtfulmatch/?decision__exact=open",
        merge,
        f"{merge}&kept={one.pk}",
    ]


def _history(offer: Offer) -> None:
    """Thirty days of prices, then one that is held."""
    now = timezone.now()
    told: dict[str, Any] = {"offer": offer, "currency": "USD", "availability": "in_stock", "source": "page_markup"}
    for days in range(30, 1, -4):
        Price.objects.create(amount=95 + days % 3, seen_at=now - timedelta(days=days), **told)
    reason = "It moved by a factor of 10, as when a decimal sign is lost."
    Price.objects.create(amount="9.90", seen_at=now, verdict="held", reason=reason, raw="9,90 €", **told)
    Offer.objects.filter(pk=offer.pk).update(state=Offer.State.HELD, state_reason=reason, checked_at=now)


def _work(merchant: Merchant) -> None:
    now = timezone.now()
    RefreshRun.objects.create(
        merchant=merchant,
        source=merchant.source,
        started_at=now - timedelta(minutes=9),
        finished_at=now - timedelta(minutes=8),
        outcome="done",
        requests=70,
    )
    for hours in range(24):
        share = (hours % 7) / 20
        FreshnessSample.objects.create(
            merchant=merchant, at=now - timedelta(hours=hours), wrong_share=share, stale_share=share / 2, clicks_a_day=9
        )


def test_axe_finds_nothing_and_a_phone_is_wide_enough(
    browser: Browser, live_server: LiveServer, pages: list[str]
) -> None:
    page = logged_in(browser, live_server, pages[0])
    assert complaints(page, live_server, pages) == []
    page.context.close()

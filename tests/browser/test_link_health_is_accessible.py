"""Link health, failovers and a product with a failing offer: nothing axe can find, nothing wider than a phone."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.utils import timezone
from pytest_django.live_server_helper import LiveServer

from catalog.models import Failover
from catalog.services.failover import settle_failovers
from tests.browser.admin_desk import complaints, logged_in, make_administrator
from tests.factories import make_destination, make_merchant, make_product, make_seen_offer

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def pages(live_server: LiveServer) -> list[str]:
    make_administrator()
    product = make_product(kind="headphones", type="over-ear")
    long_way = "https://shop.example/p/acme-one?" + "&".join(f"part{number}=of-the-way" for number in range(12))
    failing = make_seen_offer(product, make_merchant("Shop"), click_weight=7.5)
    hops = [["HEAD", long_way, 302], ["GET", long_way, 404]]
    make_destination(failing, "broken", hops=hops, final_address=long_way, status_code=404)
    make_seen_offer(product, make_merchant("Other"))
    make_destination(
        make_seen_offer(product, make_merchant("Third")), "sold_out", decision="muted", decided_by="editor"
    )
    settle_failovers(offer_ids=[failing.pk], now=timezone.now())
    return [
        "/admin/catalog/destination/",
        f"/admin/catalog/destination/{failing.pk}/change/",
        "/admin/catalog/failover/",
        "/products/acme-one/",
    ]


def test_axe_finds_nothing_and_a_phone_is_wide_enough(
    browser: Browser, live_server: LiveServer, pages: list[str]
) -> None:
    page = logged_in(browser, live_server, "/admin/catalog/failover/")
    assert complaints(page, live_server, pages) == []
    page.context.close()


def test_a_failover_is_taken_back_with_one_click(browser: Browser, live_server: LiveServer, pages: list[str]) -> None:
    page = logged_in(browser, live_server, "/admin/catalog/failover/")
    page.set_viewport_size({"width": 360, "height": 900})
    page.get_by_role("button", name="Take the failover of /go/acme-one-shop/ back").click()
    page.get_by_text("leads to Acme One at Shop again").wait_for()
    page.context.close()
    assert Failover.objects.get().reverted_by == "editor"

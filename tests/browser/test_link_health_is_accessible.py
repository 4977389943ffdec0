"""Link health, failovers and a product with a failing offer: nothing axe can find, nothing wider than a phone."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.utils import timezone
from pytest_django.live_server_helper import LiveServer

from catalog.models import Failover
from catalog.services.failover import settle_failovers
from tests.factories import make_destination, make_merchant, make_product, make_seen_offer, make_staff

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def pages(live_server: LiveServer) -> list[str]:
    make_staff("editor").__class__.objects.filter(username="editor").update(is_superuser=True)
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


def log_in(page: Page, live_server: LiveServer) -> None:
    page.goto(f"{live_server.url}/admin/login/?next=/admin/catalog/failover/")
    page.fill("#id_username", "editor")
    page.fill("#id_password", "listen-closely")
    page.keyboard.press("Enter")
    page.wait_for_url(f"{live_server.url}/admin/catalog/failover/")


def test_axe_finds_nothing_and_a_phone_is_wide_enough(
    browser: Browser, live_server: LiveServer, pages: list[str]
) -> None:
    page = browser.new_context().new_page()
    log_in(page, live_server)
    said: list[str] = []
    found: list[str] = []
    page.on("console", lambda message: said.append(message.text) if message.type == "error" else None)
    for path in pages:
        for width in (360, 1280):
            page.set_viewport_size({"width": width, "height": 900})
            answer = page.goto(live_server.url + path)
            assert answer is not None
            assert (answer.status, said) == (200, []), path
            looked = Axe().run(page, context={"include": [["#content-main" if "/admin/" in path else "main"]]})
            found += [
                f"{path} at {width}, {rule['id']}: {node['html'][:160]}"
                for rule in looked.response["violations"]
                for node in rule["nodes"]
            ]
            said.clear()  # axe itself tries inline styles, which the policy forbids
            if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
                found.append(f"{path} at {width} is wider than the window")
    page.context.close()
    assert found == []


def test_a_failover_is_taken_back_with_one_click(browser: Browser, live_server: LiveServer, pages: list[str]) -> None:
    page = browser.new_context(viewport={"width": 360, "height": 900}).new_page()
    log_in(page, live_server)
    page.get_by_role("button", name="Take the failover of /go/acme-one-shop/ back").click()
    page.get_by_text("leads to Acme One at Shop again").wait_for()
    page.context.close()
    assert Failover.objects.get().reverted_by == "editor"

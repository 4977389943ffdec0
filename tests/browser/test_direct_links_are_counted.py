"""A link straight to a merchant is counted once, with and without JavaScript, and the reader need not wait for it."""

from __future__ import annotations

import time
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from csp.utils import build_policy
from django.template.loader import render_to_string

from catalog.placements import place_of
from catalog.shown_offer import DirectLink
from tests.reviews.blocks.facts import shown_offer

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page
    from pytest_django.fixtures import SettingsWrapper
    from pytest_httpserver import HTTPServer

pytestmark = pytest.mark.browser

SCRIPT = Path(__file__).parents[2] / "static" / "js" / "every_page.js"
PLACE = "a12.3.1"
LINK = "a.offer-link"


def serve(httpserver: HTTPServer, settings: SettingsWrapper) -> None:
    """A page of ours with the link as our pages print it, under our own policy; the shop is another site."""
    settings.SITE_URL = httpserver.url_for("").rstrip("/")
    shop = f"http://127.0.0.1:{httpserver.port}/shop"
    direct = DirectLink(
        address=shop, address_at=lambda place: f"{shop}?tag=earmark-20", referrer_policy="no-referrer-when-downgrade"
    )
    offer = shown_offer(link_code="one", href=shop, direct=direct)
    link = render_to_string("partials/offer_link.html", {"offer": offer, "placement": PLACE})
    html = f"""<!doctype html><title>x</title><script src="/beacon.js" defer></script>
{link} <a id="plain" href="/read">Read</a>"""
    policy = {"Content-Security-Policy": build_policy()}
    httpserver.expect_request("/guides/one/").respond_with_data(html, content_type="text/html", headers=policy)
    httpserver.expect_request("/beacon.js").respond_with_data(SCRIPT.read_text(), content_type="text/javascript")
    for path in ("/shop", "/read"):
        httpserver.expect_request(path).respond_with_data("here", content_type="text/html")
    httpserver.expect_request("/go/one/", method="POST").respond_with_data("", status=204)


@pytest.fixture(params=[True, False], ids=["with JavaScript", "without JavaScript"])
def page(request: pytest.FixtureRequest, browser: Browser, httpserver: HTTPServer, settings: SettingsWrapper) -> Page:
    serve(httpserver, settings)
    page = browser.new_context(java_script_enabled=request.param).new_page()
    page.goto(httpserver.url_for("/guides/one/"))
    return page


def counted(httpserver: HTTPServer, expected: int) -> int:
    """How many clicks were told to us, after what could come late has come. Each names the place the link stood in."""
    end = time.monotonic() + 5
    while len(_told(httpserver)) < expected and time.monotonic() < end:
        time.sleep(0.02)
    time.sleep(0.3)
    for path in _told(httpserver):
        assert place_of(path.removeprefix("/go/one/?p=")) == PLACE
    return len(_told(httpserver))


def _told(httpserver: HTTPServer) -> list[str]:
    asked = [request for request, _ in httpserver.log if request.path.startswith("/go/")]
    assert {request.method for request in asked} <= {"POST"}
    assert {request.headers["Sec-Fetch-Site"] for request in asked} <= {"same-origin"}
    return [request.full_path for request in asked]


def test_a_click_is_counted_once_and_the_reader_arrives(page: Page, httpserver: HTTPServer) -> None:
    page.click(f"{LINK} .offer-label")
    page.wait_for_url("**/shop?*")
    assert counted(httpserver, 1) == 1


def test_the_keyboard_counts_once(page: Page, httpserver: HTTPServer) -> None:
    page.focus(LINK)
    page.keyboard.press("Enter")
    page.wait_for_url("**/shop?*")
    assert counted(httpserver, 1) == 1


@pytest.mark.parametrize("how", ["middle button", "control key"])
def test_a_new_tab_counts_once_and_the_next_click_once_more(page: Page, httpserver: HTTPServer, how: str) -> None:
    clicks = {
        "middle button": partial(page.click, LINK, button="middle"),
        "control key": partial(page.click, LINK, modifiers=["Control"]),
    }
    clicks[how]()
    assert counted(httpserver, 1) == 1
    page.click(LINK)
    page.wait_for_url("**/shop?*")
    assert counted(httpserver, 2) == 2


def test_the_menu_button_and_other_links_count_nothing(page: Page, httpserver: HTTPServer) -> None:
    page.click(LINK, button="right")
    page.keyboard.press("Escape")
    page.click("#plain")
    page.wait_for_url("**/read")
    assert counted(httpserver, 0) == 0


def test_the_shop_sees_the_page_but_neither_the_place_nor_our_address(page: Page, httpserver: HTTPServer) -> None:
    page.click(LINK)
    page.wait_for_url("**/shop?*")
    (seen,) = [request for request, _ in httpserver.log if request.path == "/shop"]
    assert seen.full_path == "/shop?tag=earmark-20"
    assert seen.headers["Referer"] == httpserver.url_for("/guides/one/")
    assert PLACE not in str(seen.headers)


def test_without_a_beacon_the_ping_counts(browser: Browser, httpserver: HTTPServer, settings: SettingsWrapper) -> None:
    """The browser takes only so many beacons at once: it may refuse one."""
    serve(httpserver, settings)
    page = browser.new_context().new_page()
    page.add_init_script("navigator.sendBeacon = () => false;")
    page.goto(httpserver.url_for("/guides/one/"))
    page.click(LINK)
    page.wait_for_url("**/shop?*")
    assert counted(httpserver, 1) == 1

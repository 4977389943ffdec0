"""A link straight to a merchant is counted by a beacon, once, and the reader arrives without waiting for it."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page
    from pytest_httpserver import HTTPServer

pytestmark = pytest.mark.browser

SCRIPT = Path(__file__).parents[2] / "static" / "js" / "beacon.js"
PAGE = """<!doctype html><title>x</title><script src="/beacon.js" defer></script>
<a id="direct" href="/shop" data-beacon="/go/one/?p=guide.1.1"><span id="inside">Buy</span></a>
<a id="plain" href="/shop">Read</a>"""


@pytest.fixture
def page(browser: Browser, httpserver: HTTPServer) -> Page:
    policy = {"Content-Security-Policy": "default-src 'none'; script-src 'self'; connect-src 'self'"}
    httpserver.expect_request("/").respond_with_data(PAGE, content_type="text/html", headers=policy)
    httpserver.expect_request("/beacon.js").respond_with_data(SCRIPT.read_text(), content_type="text/javascript")
    httpserver.expect_request("/shop").respond_with_data("the shop", content_type="text/html")
    httpserver.expect_request("/go/one/", method="POST").respond_with_data("", status=204)
    page = browser.new_context().new_page()
    page.goto(httpserver.url_for("/"))
    return page


def beacons(httpserver: HTTPServer) -> list[str]:
    time.sleep(0.3)
    asked = [request for request, _ in httpserver.log if request.path.startswith("/go/")]
    assert {request.method for request in asked} <= {"POST"}
    return [request.full_path for request in asked]


def test_a_click_inside_the_link_is_counted_once_and_the_reader_arrives(page: Page, httpserver: HTTPServer) -> None:
    page.click("#inside")
    page.wait_for_url("**/shop")
    assert beacons(httpserver) == ["/go/one/?p=guide.1.1"]


def test_the_middle_button_and_the_keyboard_count_too(page: Page, httpserver: HTTPServer) -> None:
    page.click("#direct", button="middle")
    assert len(beacons(httpserver)) == 1
    page.focus("#direct")
    page.keyboard.press("Enter")
    page.wait_for_url("**/shop")
    assert len(beacons(httpserver)) == 2


def test_the_menu_button_and_other_links_count_nothing(page: Page, httpserver: HTTPServer) -> None:
    page.click("#direct", button="right")
    page.click("#plain")
    page.wait_for_url("**/shop")
    assert beacons(httpserver) == []

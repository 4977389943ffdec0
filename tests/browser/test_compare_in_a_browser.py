"""Comparing by keyboard alone, without scripts, on a phone and on paper; what has the focus is never hidden."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect
from pytest_django.live_server_helper import LiveServer

from tests.factories import make_merchant, make_product, make_seen_offer
from tests.reviews.scored import give, make_method

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

FIVE = "/compare/?products=" + ",".join(f"acme-model-{number}" for number in range(1, 6))
# Whether what has the focus is under the table's sticky head or first column, or outside the window.
HIDDEN = """() => {
  const one = document.activeElement;
  if (one === document.body || !one.closest('table')) return '';
  const box = one.getBoundingClientRect();
  const at = document.elementFromPoint(box.left + box.width / 2, box.top + Math.min(box.height / 2, 12));
  return at && (one.contains(at) || at.contains(one)) ? '' : one.textContent.trim().slice(0, 60) || one.tagName;
}"""


@pytest.fixture
def site(live_server: LiveServer) -> str:
    shop, method = make_merchant(), make_method()
    for number in range(1, 7):
        specs = {"weight_g": 200 + number, "anc": True, "wireless": number % 2 == 0, "battery_hours": 20 + number}
        product = make_product(f"Model {number}", kind="headphones", type="over-ear", specs=specs)
        make_seen_offer(product, shop, amount=f"{90 + number}.00")
        give(method, product, sound=f"{number}.0", comfort="7.0", carrying="6.0")
    return live_server.url


def open_page(browser: Browser, address: str, **options: object) -> Page:
    page = browser.new_context(reduced_motion="reduce", **options).new_page()  # type: ignore[arg-type]
    page.goto(address)
    return page


@pytest.mark.parametrize("width", [360, 1280])
def test_nothing_that_has_the_focus_is_hidden_by_what_sticks(browser: Browser, site: str, width: int) -> None:
    page = open_page(browser, site + FIVE, viewport={"width": width, "height": 640})
    page.locator(".compare-scroll").focus()
    hidden = []
    for key in ["Tab"] * 30 + ["Shift+Tab"] * 30:
        page.keyboard.press(key)
        page.wait_for_timeout(20)
        hidden += [found for found in [page.evaluate(HIDDEN)] if found]
    assert hidden == []


@pytest.mark.parametrize("width", [360, 1280])
def test_names_of_products_and_rows_stay_in_sight(browser: Browser, site: str, width: int) -> None:
    page = open_page(browser, site + FIVE, viewport={"width": width, "height": 640})
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    # Wide: the page scrolls under the head. Narrow: the region does, down and sideways.
    page.evaluate(
        """() => {
          const region = document.querySelector('.compare-scroll');
          region.scrollIntoView({ block: 'start' });
          if (region.scrollHeight > region.clientHeight) region.scrollTo(400, 500); else scrollBy(0, 500);
        }"""
    )
    page.wait_for_timeout(100)
    last = page.locator("tbody tr > th").last
    for one in (page.locator("thead th").nth(0), page.locator("thead th").nth(1 if width > 1000 else 4)):
        box = one.bounding_box()
        assert box is not None
        assert -1 <= box["x"] < width
        assert -1 <= box["y"] < 640
    left = last.bounding_box()
    assert left is not None
    assert 0 <= left["x"] < 200


@pytest.mark.parametrize("scripts", [True, False])
def test_a_product_is_found_added_moved_and_removed_by_keyboard(browser: Browser, site: str, scripts: bool) -> None:
    page = open_page(browser, f"{site}/compare/?products=acme-model-1", java_script_enabled=scripts)
    page.locator("#add-q").focus()
    page.keyboard.type("model 6")
    page.keyboard.press("Enter")
    page.wait_for_url("**q=model*")
    page.locator("a", has_text="Add Acme Model 6").first.focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**products=acme-model-1,acme-model-6")
    page.locator("a", has_text="Move Acme Model 6 left").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**products=acme-model-6,acme-model-1")
    page.locator("a", has_text="Remove Acme Model 6").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**products=acme-model-1")


def test_products_are_suggested_while_one_types_and_counted_aloud(browser: Browser, site: str) -> None:
    page = open_page(browser, f"{site}/compare/?products=acme-model-1")
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    page.locator("#add-q").press_sequentially("model 4")
    # Each letter asks anew, and the search forgives: what is awaited is the answer to all of them.
    page.locator("#found li:first-child a", has_text="Add Acme Model 4").wait_for()
    count = page.locator("#found li").count()
    said = "One product found" if count == 1 else f"{count} products found"
    assert page.locator("[data-suggests-said]").text_content() == said
    assert page.evaluate("document.activeElement.id") == "add-q"
    assert complaints == []


def test_axe_finds_nothing_in_five_columns_and_in_differences(browser: Browser, site: str) -> None:
    found = []
    for width in (360, 1280):
        for path in (FIVE, f"{FIVE}&only=differences", "/compare/?products=acme-model-1&q=model"):
            page = open_page(browser, site + path, viewport={"width": width, "height": 900}, color_scheme="dark")
            found += [f"{path} at {width}: {rule['id']}" for rule in Axe().run(page).response["violations"]]
    assert found == []


def test_on_paper_there_is_the_table_whole_and_no_navigation(browser: Browser, site: str) -> None:
    # A4 across, without its margins: 277 mm at 96 dots an inch.
    page = open_page(browser, site + FIVE, viewport={"width": 1047, "height": 718})
    page.emulate_media(media="print")
    for selector in (".site-nav", ".compare-controls", ".compare-add", ".share", ".compare-views", ".site-foot"):
        expect(page.locator(selector).first).to_be_hidden()
    assert page.evaluate("document.documentElement.scrollWidth") <= 1047
    expect(page.locator("thead th").nth(5)).to_be_visible()

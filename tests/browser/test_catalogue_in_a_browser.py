"""The list of all products in a real browser: by mouse, by keyboard alone, without scripts, and back again."""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING, Literal

import pytest
from django.utils import timezone
from pytest_django.live_server_helper import LiveServer

from catalog import product_index
from catalog.facets.asked import Asked
from catalog.product_index import find_products
from tests.browser.test_pages_are_accessible import violations
from tests.factories import make_merchant, make_product, make_seen_offer

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
ADDRESSES = (
    "/products/",
    "/products/?q=acme&wireless=yes&weight_g=-300",
    "/products/?view=table",
    "/products/?brand=acme&kind=headset",
    "/products/?kind=hat",
    "/products/?page=2",
)


@pytest.fixture
def site(live_server: LiveServer) -> str:
    """Thirty products, two pages of them, of two brands."""
    shop = make_merchant()
    for number in range(30):
        specs = {"wireless": number % 2 == 0, "anc": number % 3 == 0, "weight_g": 200 + number * 10}
        brand = "Acme" if number < 20 else "Sony"
        one = make_product(f"Model {number:02}", brand=brand, kind="headphones", type="over-ear", specs=specs)
        if number % 5 == 0:
            make_seen_offer(one, shop, amount=f"{90 + number}.00")
    index_has_heard()
    return live_server.url


def index_has_heard() -> None:
    """An emptied database is read again by a thread, while readers are answered from what was there."""
    find_products(Asked(), start=0, size=1, now=timezone.now())
    product_index._kept.wait()


def found(page: Page) -> str:
    return page.locator("#found").inner_text()


def comes(page: Page, words: str) -> None:
    """Waits until the list says so."""
    page.locator("#found", has_text=words).wait_for(timeout=60_000)


def test_axe_finds_nothing_and_nothing_is_wider_than_the_screen(browser: Browser, site: str) -> None:
    wrong = []
    for width, scheme in product((360, 1280), SCHEMES):
        page = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme).new_page()
        # notes look alike at any width: once in light and once in dark is enough for them
        for address in ADDRESSES if (width, scheme) in {(360, "light"), (1280, "dark")} else ADDRESSES[:3]:
            page.goto(site + address)
            page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
            wrong += [f"{address} at {width}, {scheme}: {what}" for what in violations(page)]
            if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
                wrong.append(f"{address} is wider than {width}")
        page.context.close()
    assert wrong == []


def test_the_table_scrolls_in_its_own_region_and_keeps_the_names_in_sight(browser: Browser, site: str) -> None:
    page = browser.new_context(viewport={"width": 360, "height": 800}).new_page()
    page.goto(f"{site}/products/?view=table")
    page.locator(".scroll").focus()
    for _ in range(8):
        page.keyboard.press("ArrowRight")
    page.wait_for_function("() => document.querySelector('.scroll').scrollLeft > 100")
    assert page.evaluate(
        "document.querySelector('tbody th').getBoundingClientRect().left -"
        " document.querySelector('.scroll').getBoundingClientRect().left < 3"
    )


def test_the_list_follows_what_is_typed_and_chosen(browser: Browser, site: str) -> None:
    page = browser.new_context(viewport={"width": 1280, "height": 900}).new_page()
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto(f"{site}/products/")
    page.evaluate("window.isTheSamePage = true")
    page.locator("#q").press_sequentially("sony", delay=20)
    comes(page, "10 products")
    assert page.evaluate("document.activeElement.id") == "q"
    assert page.url == f"{site}/products/?q=sony"
    assert page.locator("#said").inner_text().startswith("10 products")

    page.get_by_role("checkbox", name="Yes").first.check()
    comes(page, "5 products")
    assert page.url == f"{site}/products/?q=sony&wireless=yes"
    # the choice that was not made says what it would show now, in its place
    assert page.locator('label:has([name="brand[]"][value="acme"]) b').inner_text() == "0"
    page.locator("#sort").focus()
    page.locator("#sort").select_option("weight_g")
    page.wait_for_url("**sort=weight_g")
    assert page.evaluate("document.activeElement.id") == "sort"
    assert page.evaluate("window.isTheSamePage")
    assert complaints == []


def test_back_from_a_product_the_list_is_as_it_was(browser: Browser, site: str) -> None:
    page = browser.new_context(viewport={"width": 1280, "height": 900}).new_page()
    page.goto(f"{site}/products/")
    page.locator("#q").press_sequentially("sony", delay=20)
    comes(page, "10 products")
    page.locator(".cards h3 a").first.click()
    page.wait_for_url("**/products/sony-model-*/")
    page.go_back()
    comes(page, "10 products")
    assert page.locator("#q").input_value() == "sony"
    assert page.url.endswith("?q=sony")


def test_without_scripts_the_form_asks_and_the_address_is_the_one(browser: Browser, site: str) -> None:
    page = browser.new_context(java_script_enabled=False, viewport={"width": 360, "height": 800}).new_page()
    page.goto(f"{site}/products/")
    page.locator(".filter-box > summary").click()
    page.locator('[name="brand[]"][value="sony"]').check()
    page.get_by_role("button", name="Show products").click()
    page.wait_for_url("**/products/?brand=sony")
    assert found(page) == "10 products"
    page.locator("#sort").select_option("name")
    page.get_by_role("button", name="Sort").click()
    page.wait_for_url("**/products/?brand=sony&sort=name")
    page.get_by_role("link", name="Remove Brand: Sony").click()
    page.wait_for_url("**/products/?sort=name")
    page.locator("#q").fill("acme")
    page.locator("#q").press("Enter")
    page.wait_for_url("**/products/?q=acme&sort=name")


def test_what_is_ticked_goes_to_the_comparison_over_a_changed_list(browser: Browser, site: str) -> None:
    page = browser.new_context(viewport={"width": 1280, "height": 900}).new_page()
    page.goto(f"{site}/products/?sort=name")
    page.get_by_label("Compare Acme Model 03").check()
    assert page.locator("[data-selected]").inner_text() == "One is ticked: tick another one."
    page.locator("#q").press_sequentially("sony", delay=20)
    comes(page, "10 products")
    page.get_by_label("Compare Sony Model 21").check()
    assert page.locator("[data-selected]").inner_text() == "2 are ticked."
    page.get_by_role("button", name="Compare selected").click()
    page.wait_for_url("**/compare/?*")
    assert {"acme-model-03", "sony-model-21"} <= set(page.url.split("=", 1)[1].replace("%2C", ",").split(","))


def test_the_keyboard_alone_filters_sorts_turns_the_page_and_compares(browser: Browser, site: str) -> None:
    page = browser.new_context(viewport={"width": 1280, "height": 900}).new_page()
    page.goto(f"{site}/products/")
    _tab_to(page, '[name="brand[]"][value="acme"]')
    page.keyboard.press("Space")
    comes(page, "20 products")
    assert page.evaluate("document.activeElement.value") == "acme"
    page.goto(f"{site}/products/?sort=name")
    _tab_to(page, '.cards li:nth-child(2) [name="p[]"]')
    page.keyboard.press("Space")
    _tab_to(page, '.cards li:nth-child(24) [name="p[]"]')
    page.keyboard.press("Space")
    _comes_clear_of_the_bar(page)
    _tab_to(page, ".compare-bar button")
    page.keyboard.press("Enter")
    page.wait_for_url("**/compare/?*")
    page.goto(f"{site}/products/?sort=name")
    _tab_to(page, '[rel="next"]')
    page.keyboard.press("Enter")
    page.wait_for_url("**page=2")
    assert found(page).startswith("30 products")


def _tab_to(page: Page, selector: str) -> None:
    """Presses Tab until it is reached; what has the focus is seen all the way."""
    for _ in range(300):
        page.keyboard.press("Tab")
        if page.evaluate("(selector) => document.activeElement.matches(selector)", selector):
            assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"
            return
    raise AssertionError(f"Tab never reaches {selector}")


def _comes_clear_of_the_bar(page: Page) -> None:
    """What has the focus scrolls out from under it, which takes a moment."""
    page.wait_for_function(
        "() => document.activeElement.getBoundingClientRect().bottom <="
        " document.querySelector('.compare-bar').getBoundingClientRect().top"
    )


def test_a_brand_is_found_among_many(browser: Browser, live_server: LiveServer) -> None:
    for number in range(12):
        make_product("One", brand=f"Maker {number:02}")
    index_has_heard()
    page = browser.new_context(viewport={"width": 1280, "height": 900}).new_page()
    page.goto(f"{live_server.url}/products/")
    page.locator(".more > summary").click()
    page.get_by_label("Find in Brand").fill("11")
    shown = [text.split()[1] for text in page.locator(".more .options li:visible").all_inner_texts()]
    assert shown == ["11"]

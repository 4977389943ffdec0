"""Choosing a country: kept by the address and the browser, without a cookie; without scripts by the address alone."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.utils import timezone
from pytest_django.live_server_helper import LiveServer

from catalog.market import forget_market
from catalog.models import ExchangeRate
from tests.factories import make_merchant, make_product, make_seen_offer

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
CHOSEN = "country=DE&currency=EUR"


@pytest.fixture
def site(live_server: LiveServer) -> str:
    day = timezone.now().date() - timedelta(days=1)
    ExchangeRate.objects.create(day=day, currency="USD", per_euro=Decimal("1.25"))
    product = make_product(kind="headphones", type="over-ear")
    make_seen_offer(product, make_merchant("Home", delivers_to=["US"]), amount="50.00")
    make_seen_offer(product, make_merchant("Both", delivers_to=["US", "DE"]), amount="100.00")
    forget_market()
    return live_server.url


def open_page(browser: Browser, address: str, **options: object) -> Page:
    page = browser.new_context(reduced_motion="reduce", **options).new_page()  # type: ignore[arg-type]
    page.goto(address)
    return page


def choose(page: Page) -> None:
    page.get_by_label("Country").select_option("DE")
    page.get_by_label("Currency").select_option("EUR")
    page.get_by_role("button", name="Show", exact=True).click()
    page.wait_for_url(f"**?{CHOSEN}")


def query(page: Page) -> str:
    return urlsplit(page.url).query


def test_who_chose_once_is_shown_it_on_every_page_and_has_no_cookie(browser: Browser, site: str) -> None:
    page = open_page(browser, f"{site}/products/acme-one/")
    assert "≈" not in page.inner_text("main")
    choose(page)
    assert "≈ €80.00, converted at the ECB’s rate" in page.inner_text("main")
    assert "Does not deliver to Germany" in page.inner_text("main")
    page.get_by_role("link", name="Products", exact=True).first.click()
    assert query(page) == CHOSEN
    for path in ("/headphones/", "/products/acme-one/"):
        page.goto(site + path)
        page.wait_for_url(f"**{path}?{CHOSEN}")
    assert page.context.cookies() == []
    assert page.evaluate("localStorage.length") == 1


def test_what_somebody_else_sent_is_shown_and_not_kept(browser: Browser, site: str) -> None:
    page = open_page(browser, f"{site}/products/acme-one/?{CHOSEN}")
    assert "Germany" in page.inner_text("main")
    assert page.evaluate("localStorage.length") == 0
    page.goto(f"{site}/headphones/")
    page.wait_for_timeout(300)
    assert query(page) == ""


def test_the_choice_can_be_changed_back(browser: Browser, site: str) -> None:
    page = open_page(browser, f"{site}/products/acme-one/")
    choose(page)
    page.get_by_label("Country").select_option("US")
    page.get_by_label("Currency").select_option("USD")
    page.get_by_role("button", name="Show", exact=True).click()
    page.wait_for_url("**?country=US&currency=USD")
    assert "Does not deliver" not in page.inner_text("main")


def test_typing_into_the_catalogue_keeps_it(browser: Browser, site: str) -> None:
    page = open_page(browser, f"{site}/products/?{CHOSEN}")
    page.get_by_label("Brand, model or what it is").type("acme")
    page.wait_for_url(f"**/products/?q=acme&{CHOSEN}")
    assert "≈ €80.00" in page.inner_text("#results")


def test_without_scripts_the_address_keeps_it_from_page_to_page(browser: Browser, site: str) -> None:
    page = open_page(browser, f"{site}/products/acme-one/", java_script_enabled=False)
    choose(page)
    page.get_by_role("link", name="Products", exact=True).first.click()
    assert query(page) == CHOSEN
    page.get_by_role("link", name="Acme One").first.click()
    assert query(page) == CHOSEN
    assert "≈ €80.00" in page.inner_text("main")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1280])
def test_axe_finds_nothing_and_nothing_is_cut_off(browser: Browser, site: str, width: int, scheme: str) -> None:
    for path in ("/products/acme-one/", "/products/", "/products/?view=table"):
        mark = "&" if "?" in path else "?"
        page = open_page(
            browser, f"{site}{path}{mark}{CHOSEN}", viewport={"width": width, "height": 800}, color_scheme=scheme
        )
        assert Axe().run(page).response["violations"] == []
        assert page.evaluate("document.documentElement.scrollWidth") <= width

"""The pages on which editors lead links: nothing axe can find, nothing wider than a phone, no broken policy."""

from __future__ import annotations

from datetime import time
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect
from pytest_django.live_server_helper import LiveServer

from catalog.models import Link, LinkRoute
from tests.browser.admin_desk import complaints, logged_in, make_administrator
from tests.factories import make_link, make_merchant, make_offer, make_product

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def link() -> Link:
    make_administrator()
    link = make_link(make_offer(make_product(), make_merchant("Shop")))
    other = make_offer(link.offer.product, make_merchant("Other"))
    evening = {"from_time": time(18), "until_time": time(23), "time_zone": "Europe/Berlin"}
    LinkRoute.objects.create(link=link, offer=other, countries=["DE", "AT"], forms=["phone"], **evening)
    LinkRoute.objects.create(link=link, offer=other, position=2, weight=2)
    LinkRoute.objects.create(link=link, offer=link.offer, position=2, weight=1)
    LinkRoute.objects.create(link=link, offer=other, position=3)  # never taken, which the page says
    return link


@pytest.fixture
def page(browser: Browser, live_server: LiveServer) -> Page:
    return logged_in(browser, live_server, "/admin/")


def test_axe_finds_nothing_and_a_phone_is_wide_enough(link: Link, page: Page, live_server: LiveServer) -> None:
    desk = f"/admin/catalog/link/{link.pk}"
    paths = [
        "/admin/catalog/link/",
        f"{desk}/change/",
        f"{desk}/try/?country=DE&device=phone+ios&language=de&at=2026-11-27+19:30",
        f"{desk}/try/?country=FR&device=desktop+macos&at=never",
    ]
    assert complaints(page, live_server, paths, also="#link-desk") == []
    page.context.close()


def test_the_words_follow_what_is_filled_in(link: Link, page: Page, live_server: LiveServer) -> None:
    page.goto(f"{live_server.url}/admin/catalog/link/{link.pk}/change/")
    assert "From Austria or Germany, on a phone" in page.inner_text("#routes-in-words")
    page.fill("#id_routes-0-countries", "Japan")
    page.uncheck("#id_routes-0-forms_0")
    page.wait_for_selector("#routes-in-words >> text=From Japan, 18:00–23:00 Berlin time")
    assert "not saved yet" in page.inner_text("#routes-in-words")
    page.fill("#id_routes-0-countries", "DE, AT")
    page.check("#id_routes-0-forms_0")
    expect(page.locator("#routes-in-words")).to_contain_text("From Austria or Germany, on a phone")
    expect(page.locator("#routes-in-words")).not_to_contain_text("not saved yet")
    page.context.close()
    assert LinkRoute.objects.filter(countries=["DE", "AT"]).exists()


def test_a_visitor_is_tried_without_javascript(link: Link, browser: Browser, live_server: LiveServer) -> None:
    page = browser.new_context(java_script_enabled=False).new_page()
    page.goto(f"{live_server.url}/admin/login/?next=/admin/catalog/link/{link.pk}/change/")
    page.fill("#id_username", "editor")
    page.fill("#id_password", "listen-closely")
    with page.expect_navigation():
        page.press("#id_password", "Enter")
    page.select_option("#id_country", "DE")
    page.select_option("#id_device", "phone ios")
    page.fill("#id_at", "2026-11-27 19:30")
    page.click("text=Where does it lead this visitor?")
    assert "Decided by route 1 (Other)." in page.inner_text("#outcome-title")
    assert "https://other.example/p/acme-one" in page.inner_text(".outcome")
    page.context.close()

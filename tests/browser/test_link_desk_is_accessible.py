"""The pages on which editors lead links: nothing axe can find, nothing wider than a phone, no broken policy."""

from __future__ import annotations

from datetime import time
from typing import TYPE_CHECKING

import pytest
from axe_playwright_python.sync_playwright import Axe
from pytest_django.live_server_helper import LiveServer

from catalog.models import Link, LinkRoute
from tests.factories import make_link, make_merchant, make_offer, make_product, make_staff

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def link() -> Link:
    make_staff("editor").__class__.objects.filter(username="editor").update(is_superuser=True)
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
    page = browser.new_context().new_page()
    page.goto(f"{live_server.url}/admin/login/?next=/admin/")
    page.fill("#id_username", "editor")
    page.fill("#id_password", "listen-closely")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    return page


def test_axe_finds_nothing_and_a_phone_is_wide_enough(link: Link, page: Page, live_server: LiveServer) -> None:
    desk = f"/admin/catalog/link/{link.pk}"
    paths = [
        "/admin/catalog/link/",
        f"{desk}/change/",
        f"{desk}/try/?country=DE&device=phone+ios&language=de&at=2026-11-27+19:30",
        f"{desk}/try/?country=FR&device=desktop+macos&at=never",
    ]
    said: list[str] = []
    found: list[str] = []
    page.on("console", lambda message: said.append(message.text) if message.type == "error" else None)
    for path in paths:
        for width in (360, 1280):
            page.set_viewport_size({"width": width, "height": 900})
            answer = page.goto(live_server.url + path)
            assert answer is not None
            assert answer.status == 200, path
            assert said == [], path
            include = [["#content-main"], ["#link-desk"]] if path.endswith("/change/") else [["#content-main"]]
            looked = Axe().run(page, context={"include": include, "exclude": [[".select2"], [".datetime"]]})
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


def test_the_words_follow_what_is_filled_in(link: Link, page: Page, live_server: LiveServer) -> None:
    page.goto(f"{live_server.url}/admin/catalog/link/{link.pk}/change/")
    assert "From Austria or Germany, on a phone" in page.inner_text("#routes-in-words")
    page.fill("#id_routes-0-countries", "Japan")
    page.uncheck("#id_routes-0-forms_0")
    page.wait_for_selector("#routes-in-words >> text=From Japan, 18:00–23:00 Berlin time")
    assert "not saved yet" in page.inner_text("#routes-in-words")
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

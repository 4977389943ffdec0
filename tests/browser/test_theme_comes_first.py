"""Who chose a theme never sees a flash of the other one, however slow the line is."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pytest
from pytest_django.live_server_helper import LiveServer

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Route

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

# What the page looks like when something of it is shown for the first time.
FIRST_FRAME = "requestAnimationFrame(() => { window.shownFirst = document.documentElement.dataset.theme ?? 'none' })"


def late(route: Route) -> None:
    time.sleep(0.5)
    route.continue_()


def test_nothing_is_painted_before_the_chosen_theme_is_known(browser: Browser, live_server: LiveServer) -> None:
    context = browser.new_context(color_scheme="light")
    page = context.new_page()
    page.goto(live_server.url + "/privacy/")
    page.evaluate("localStorage.setItem('theme', 'dark')")
    page.add_init_script(FIRST_FRAME)
    page.route("**/theme*.js", late)
    page.goto(live_server.url + "/how-we-work/")
    page.wait_for_function("window.shownFirst !== undefined")
    assert page.evaluate("window.shownFirst") == "dark"
    context.close()


def test_a_theme_that_does_not_exist_is_that_of_the_system(browser: Browser, live_server: LiveServer) -> None:
    context = browser.new_context()
    page = context.new_page()
    page.goto(live_server.url + "/privacy/")
    page.evaluate("localStorage.setItem('theme', 'toString')")
    page.reload()
    assert page.locator(".theme-switch").inner_text() == "Theme: automatic"
    context.close()

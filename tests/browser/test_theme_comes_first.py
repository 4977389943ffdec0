"""Who chose a theme is not to see a flash of the other one: its script does not wait for the page."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from pytest_django.live_server_helper import LiveServer

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Route

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_the_theme_is_there_before_the_styles_so_that_nothing_is_painted_without_it(
    browser: Browser, live_server: LiveServer
) -> None:
    context = browser.new_context(color_scheme="light")
    page = context.new_page()
    page.goto(live_server.url + "/privacy/")
    page.evaluate("localStorage.setItem('theme', 'dark')")
    waiting: list[Route] = []

    # Nothing is painted before the styles have come.
    def hold(route: Route) -> None:
        waiting.append(route)

    page.route("**/css/site*.css", hold)
    page.goto(live_server.url + "/how-we-work/", wait_until="commit")
    page.wait_for_selector("html[data-theme=dark]", state="attached")
    assert waiting
    waiting[0].continue_()
    assert page.locator(".theme-switch").inner_text() == "Theme: dark"
    context.close()


def test_a_theme_that_does_not_exist_is_that_of_the_system(browser: Browser, live_server: LiveServer) -> None:
    context = browser.new_context()
    page = context.new_page()
    page.goto(live_server.url + "/privacy/")
    page.evaluate("localStorage.setItem('theme', 'toString')")
    page.reload()
    assert page.locator(".theme-switch").inner_text() == "Theme: automatic"
    context.close()

"""A page of ours gives no script the power to make HTML of a string, and its own two scripts go on working."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.factories import make_product

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
TRIES = """() => [
    () => { document.body.innerHTML = "<b>x</b>"; },
    () => { document.write("<b>x</b>"); },
    () => { document.createElement("script").src = "https://evil.example/x.js"; },
    () => { document.createElement("iframe").srcdoc = "<b>x</b>"; },
    () => { new DOMParser().parseFromString("<b>x</b>", "text/html"); },
    () => { window.trustedTypes.createPolicy("mine", { createHTML: (text) => text }); },
    () => { setTimeout("window.ran = 1"); },
].map((attempt) => { try { attempt(); return "done"; } catch (error) { return error.name; } })"""


@pytest.mark.parametrize("path", ["/products/", "/compare/", "/guides/"])
def test_no_sink_takes_a_string(browser: Browser, live_server: Any, path: str) -> None:
    page = browser.new_page()
    page.goto(f"{live_server.url}{path}")
    assert set(page.evaluate(TRIES)) <= {"TypeError", "EvalError"}
    page.close()


def test_the_catalogue_still_follows_what_is_typed(browser: Browser, live_server: Any) -> None:
    make_product("Quiet One")
    make_product("Loud Two")
    page = browser.new_page()
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: said.append(str(error)))
    page.goto(f"{live_server.url}/products/")
    page.fill("#filters input[type=search], #filters input[name=q]", "quiet")
    page.wait_for_selector("#results:has-text('Quiet One'):not(:has-text('Loud Two'))")
    assert "q=quiet" in page.url
    assert said == []
    page.close()

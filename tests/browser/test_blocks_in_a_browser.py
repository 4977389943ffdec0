"""Blocks as a browser has them: the gallery for editors, a video that asks nobody before it is pressed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect
from pytest_django.live_server_helper import LiveServer

from reviews.services.articles import BlockInput
from tests.browser.admin_desk import complaints, logged_in, make_administrator
from tests.factories import make_merchant, make_product, make_published_article, make_seen_offer

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

GALLERY = "/admin/reviews/article/blocks/"
VIDEO = BlockInput("video", {"address": "https://youtu.be/a1B2c3D4e5F", "title": "Three microphones", "length": "4:07"})


def test_the_gallery_shows_every_block_and_has_nothing_that_axe_finds(
    browser: Browser, live_server: LiveServer
) -> None:
    make_administrator()
    page = logged_in(browser, live_server, GALLERY)
    expect(page.locator(".gallery-block")).to_have_count(18)
    expect(page.locator(".scheme-dark[inert]")).to_have_count(18)
    assert complaints(page, live_server, [GALLERY]) == []
    page.emulate_media(color_scheme="dark")
    assert complaints(page, live_server, [GALLERY]) == []


def test_a_video_asks_nothing_of_its_host_before_it_is_pressed(browser: Browser, live_server: LiveServer) -> None:
    article = make_published_article(blocks=[VIDEO])
    page = browser.new_page()
    asked: list[str] = []
    said: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: said.append(message.text))
    page.goto(live_server.url + article.get_absolute_url(), wait_until="networkidle")
    assert [url for url in asked if not url.startswith(live_server.url)] == []
    page.get_by_role("link", name="Watch on YouTube: Three microphones (4:07)").press("Enter")
    frame = page.locator("iframe.video-frame")
    frame.wait_for()
    player = "https://www.youtube-nocookie.com/embed/a1B2c3D4e5F?autoplay=1&rel=0"
    assert (frame.get_attribute("title"), frame.get_attribute("src")) == ("Three microphones", player)
    assert page.evaluate("document.activeElement.tagName") == "IFRAME"
    # The test's network ends at this machine, but the policy let the browser ask.
    page.wait_for_timeout(500)
    assert [url for url in asked if not url.startswith(live_server.url)] == [player]
    assert not [text for text in said if "Content Security Policy" in text]
    page.close()


def test_without_javascript_the_video_is_a_link_to_its_own_page(browser: Browser, live_server: LiveServer) -> None:
    article = make_published_article(blocks=[VIDEO])
    page = browser.new_page(java_script_enabled=False)
    page.goto(live_server.url + article.get_absolute_url())
    assert page.locator("a.video-poster").get_attribute("href") == "https://www.youtube.com/watch?v=a1B2c3D4e5F"
    page.close()


def test_blocks_on_an_article_have_nothing_that_axe_finds(browser: Browser, live_server: LiveServer) -> None:
    shop = make_merchant("Shop")
    products = [make_product(model) for model in ("One", "Two", "Three")]
    for product in products:
        make_seen_offer(product, shop)
    ids = [product.pk for product in products]
    rows = [{"label": f"Best {pk}", "product": pk, "line": "In a line."} for pk in ids]
    cells = [["Where", *(f"Room {number}" for number in range(9))], ["Boom", *["98 % of all words understood"] * 9]]
    article = make_published_article(
        blocks=[
            BlockInput("disclosure", {"text": ""}),
            BlockInput("prose", {"html": f'<h2>First</h2><p>It costs <a href="price:{products[0].slug}">x</a>.</p>'}),
            BlockInput("quick_picks", {"title": "Quick picks", "rows": rows}),
            BlockInput("considered", {"title": "Left out", "rows": [{"product": ids[0], "reason": "Creaks."}]}),
            BlockInput(
                "table", {"caption": "Rooms", "cells": cells, "has_header_row": True, "has_header_column": True}
            ),
            BlockInput("quiz", {"title": "Not sure?", "text": "Ask.", "do": ["music"]}),
            *(BlockInput("callout", {"tone": tone, "html": "<p>Mind.</p>"}) for tone in ("note", "tip", "warning")),
            VIDEO,
        ]
    )
    for scheme in ("light", "dark"):
        for width in (360, 1280):
            page = browser.new_page(color_scheme=scheme, viewport={"width": width, "height": 900})  # type: ignore[arg-type]
            page.goto(live_server.url + article.get_absolute_url())
            found = Axe().run(page, context="main").response["violations"]
            assert [(one["id"], one["nodes"][0]["html"]) for one in found] == []
            assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
            page.close()
    page = browser.new_page(viewport={"width": 360, "height": 900})
    page.goto(live_server.url + article.get_absolute_url())
    table = page.get_by_role("region", name="Rooms: table, scrolls sideways")
    table.focus()
    page.keyboard.press("ArrowRight")
    page.wait_for_function("() => document.activeElement.scrollLeft > 0")
    page.locator(".block-quiz").get_by_role("link", name="Find out which").click()
    page.wait_for_url("**/choose/?do=music*")
    page.close()

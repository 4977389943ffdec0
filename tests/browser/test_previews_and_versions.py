"""Previews, versions and the search result in a real browser: frames, looks, paper, without JavaScript, axe."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect
from pytest_django.live_server_helper import LiveServer

from reviews.models import Article
from reviews.services.articles import BlockInput, edit_article
from reviews.snippet_width import DESCRIPTION, TITLE, measured
from tests.browser.admin_desk import complaints, logged_in, make_administrator
from tests.factories import make_article, make_merchant, make_product, make_published_article, make_seen_offer

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Frame, Page

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def _no_window_stays_open(browser: Browser) -> Iterator[None]:
    """A page with frames keeps many connections to the server, and each of them one to the database."""
    yield
    for context in browser.contexts:
        context.close()


@pytest.fixture
def article(live_server: LiveServer) -> Article:
    """Published, with a shop's link, and written on since."""
    make_administrator()
    product = make_product("One", kind="headphones", type="over-ear")
    make_seen_offer(product, make_merchant())
    card = BlockInput("product_card", {"text": "Light and even."}, [product])
    words = [BlockInput("prose", {"html": f"<h2>Part {n}</h2><p>Words of part {n}.</p>"}) for n in (1, 2, 3)]
    made = make_published_article("a-guide", title="A guide to quiet rooms", blocks=[card, *words])
    made.title = "A guide to loud rooms"
    edit_article(article=made, blocks=[card, *words[1:], BlockInput("prose", {"html": "<p>New words.</p>"})])
    return made


def path_to(article: Article, rest: str) -> str:
    return f"/admin/reviews/article/{article.pk}/{rest}"


def in_the_frame(page: Page) -> Frame:
    frame = page.locator("iframe").first.element_handle().content_frame()
    assert frame is not None
    frame.wait_for_load_state()
    return frame


def style(frame: Frame, selector: str, name: str) -> Any:
    script = f"element => getComputedStyle(element).getPropertyValue({name!r})"
    return frame.locator(selector).first.evaluate(script)


def test_axe_finds_nothing_and_a_phone_is_wide_enough(
    browser: Browser, live_server: LiveServer, article: Article
) -> None:
    page = logged_in(browser, live_server, path_to(article, "preview/"))
    paths = [
        path_to(article, "preview/"),
        path_to(article, "preview/?width=desktop&look=dark"),
        path_to(article, "versions/"),
        path_to(article, "versions/compare/?from=r1&to=now"),
    ]
    found = complaints(page, live_server, paths)
    page.emulate_media(color_scheme="dark")
    found += complaints(page, live_server, paths[::2] + paths[3:])
    assert found == []


def test_the_frame_is_as_wide_as_chosen_and_looks_as_chosen(
    browser: Browser, live_server: LiveServer, article: Article
) -> None:
    page = logged_in(browser, live_server, path_to(article, "preview/"))
    for width, wide in (("phone", 360), ("tablet", 768), ("desktop", 1280), ("paper", 794)):
        page.goto(live_server.url + path_to(article, f"preview/?width={width}"))
        frame = in_the_frame(page)
        assert frame.evaluate("innerWidth") == wide
        assert frame.locator("h1").inner_text() == "A guide to loud rooms"
        assert not frame.evaluate("document.documentElement.scrollWidth > innerWidth")
        # On paper nobody walks through the site.
        expect(frame.locator(".site-nav")).to_be_visible(visible=width in ("tablet", "desktop", "phone"))
    for look, ground in (("light", "rgb(251, 250, 246)"), ("dark", "rgb(18, 22, 25)")):
        page.goto(live_server.url + path_to(article, f"preview/?look={look}"))
        assert style(in_the_frame(page), "body", "background-color") == ground


def test_without_javascript_no_script_of_the_page_runs(
    browser: Browser, live_server: LiveServer, article: Article
) -> None:
    """A script that would draw a button is put into the frame, once it may run and once it may not."""
    page = logged_in(browser, live_server, path_to(article, "preview/?width=desktop"))
    for scripts, buttons in (("on", 1), ("off", 0)):
        page.goto(live_server.url + path_to(article, f"preview/?width=desktop&scripts={scripts}"))
        frame = in_the_frame(page)
        assert frame.locator("h1").inner_text() == "A guide to loud rooms"
        page.evaluate(
            """() => {
                const inner = document.querySelector("iframe").contentDocument;
                const address = inner.defaultView.trustedTypes
                    .createPolicy("own-page", { createScriptURL: (text) => text })
                    .createScriptURL("/static/js/theme.js");
                inner.body.append(Object.assign(inner.createElement("script"), { src: address }));
            }"""
        )
        page.wait_for_timeout(500)
        expect(frame.locator(".theme-switch")).to_have_count(buttons)


def test_links_open_beside_the_frame(browser: Browser, live_server: LiveServer, article: Article) -> None:
    page = logged_in(browser, live_server, path_to(article, "preview/?width=desktop"))
    frame = in_the_frame(page)
    with page.context.expect_page() as opened:
        frame.get_by_role("link", name="Ada Field").first.click()
    opened.value.wait_for_load_state()
    assert opened.value.url.endswith("/authors/ada-field/")


def test_everything_is_reached_without_javascript_and_by_keyboard(
    browser: Browser, live_server: LiveServer, article: Article
) -> None:
    door = logged_in(browser, live_server, path_to(article, "preview/"))
    plain = browser.new_context(java_script_enabled=False, storage_state=door.context.storage_state())
    page = plain.new_page()
    page.goto(live_server.url + path_to(article, "preview/"))
    page.get_by_role("radio", name="1 hour").check()
    page.get_by_role("button", name="Make a link").press("Enter")
    address = page.get_by_label("The link, until").input_value()
    visitor = browser.new_context().new_page()
    answer = visitor.goto(live_server.url + address.partition("/preview/")[1] + address.partition("/preview/")[2])
    assert answer is not None
    assert answer.status == 200
    assert visitor.locator("h1").inner_text() == "A guide to loud rooms"
    page.get_by_role("link", name="Versions").press("Enter")
    page.get_by_role("button", name="Compare the two").press("Enter")
    assert page.locator(".change del").first.text_content() == "[removed:  quiet]"
    page.get_by_role("button", name="Restore Revision 1").press("Enter")
    assert "The working copy is Revision 1 again." in page.locator(".messagelist").inner_text()
    assert page.locator("#id_title").input_value() == "A guide to quiet rooms"


def test_the_search_result_follows_what_is_typed_and_counts_as_the_server_does(
    browser: Browser, live_server: LiveServer, article: Article
) -> None:
    make_article("other", title="Best headsets for calls")
    page = logged_in(browser, live_server, path_to(article, "change/"))
    result = page.locator("[data-snippet]")
    for title in ("Ohrhörer – “leise”, 50 % weniger Lärm", "耳机 🎧 e\u0301 \u200bx", "Wide WWWWW " * 8, "x"):
        page.locator("#id_title").fill(title)
        words = " ".join(title.split())
        expected = measured(f"{words} – Earmark" if len(words) < 60 else words, TITLE)
        page.wait_for_function(
            "width => document.querySelector('[data-snippet-title-width]').textContent === width",
            arg=f"{expected.pixels} of {TITLE.room} px",
        )
        assert result.locator("[data-snippet-title]").text_content() == expected.shown
    page.locator("#id_title").fill("The best headset for calls")
    result.get_by_text("“Best headsets for calls” (draft) has the same title.").wait_for()
    page.locator("#id_standfirst").fill("word " * 75)
    assert result.locator("[data-snippet-description]").text_content() == measured("word " * 75, DESCRIPTION).shown
    assert "px are shown" in result.locator("[data-snippet-advice]").inner_text()

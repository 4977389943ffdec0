"""An article from its title to its readers, without a mouse: every press in here is one of a key."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from reviews.models import Article
from tests.browser.admin_desk import make_administrator
from tests.browser.editor_desk import Colleague
from tests.factories import make_author, make_merchant, make_product, make_seen_offer

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def add_by_words(desk: Colleague, words: str) -> None:
    """Over the chooser: its button, words, the first kind that fits."""
    desk.tab_to("button[aria-label='Find a block by words']")
    desk.page.keyboard.press("Enter")
    desk.page.keyboard.type(words)
    desk.page.keyboard.press("Enter")


def test_an_article_is_written_and_published_by_keyboard_alone(browser: Browser, live_server: Any) -> None:
    make_administrator()
    make_author()
    make_seen_offer(make_product("Alpha 1"), make_merchant())
    make_product("Alpha 2")
    desk = Colleague(browser, live_server)
    page, keys = desk.page, desk.page.keyboard

    desk.open("admin:reviews_article_add")
    desk.tab_to("#id_title")
    keys.type("What to wear on a train")
    desk.tab_to("#id_kind")
    keys.type("Guide")
    desk.tab_to("#id_standfirst")
    keys.type("In short.")
    desk.tab_to("#id_author")
    keys.type("Ada")

    add_by_words(desk, "text")
    page.wait_for_selector(".ProseMirror:focus")
    keys.type("Quiet is worth ")
    keys.press("Control+b")
    keys.type("a lot")

    add_by_words(desk, "product card")
    page.wait_for_selector("[role=combobox]:focus")
    keys.type("alpha")
    page.wait_for_selector("[role=option]")
    assert "offer" in page.text_content("[role=option] .option-facts")
    keys.press("ArrowDown")
    assert page.get_attribute("[role=option][aria-selected=true]", "data-name") == "Acme Alpha 1"
    keys.press("Enter")
    assert page.text_content("[data-block-status]") == "Acme Alpha 1 added."
    desk.tab_to("textarea[name$=data_text]")
    keys.type("It folds.")

    assert desk.kinds == ["prose", "product_card"]
    keys.press("Alt+ArrowUp")
    assert desk.kinds == ["product_card", "prose"]
    assert page.text_content("[data-block-status]") == "Moved to position 1 of 2."
    assert page.evaluate("document.activeElement.name").endswith("data_text")  # the focus moved along
    keys.press("Alt+ArrowDown")

    desk.tab_to("button[aria-label^='Duplicate']", back=True)
    keys.press("Enter")
    page.wait_for_selector("[data-block-list] > [data-block]:nth-child(3)")
    assert desk.kinds == ["prose", "product_card", "product_card"]
    desk.tab_to("[data-block]:last-child button[aria-label^='Remove']", back=True)
    keys.press("Enter")

    desk.tab_to("input[name=_continue]")
    desk.press_enter_and_wait()
    article = Article.objects.get()
    assert [block.kind for block in article.blocks.all()] == ["prose", "product_card"]
    assert article.blocks.first().data == {"html": "<p>Quiet is worth <strong>a lot</strong></p>"}  # type: ignore[union-attr]

    desk.tab_to("a[href$='/preview/']")
    desk.press_enter_and_wait()
    assert "/preview/" in page.url
    desk.tab_to("a[href$='/change/']")
    desk.press_enter_and_wait()

    desk.tab_to("summary:has(~ button[value=publish])")
    keys.press("Enter")
    desk.tab_to("button[value=publish]")
    desk.press_enter_and_wait()
    article.refresh_from_db()
    assert article.status == "published", page.text_content("#content-main")
    assert desk.complaints == []


def test_the_summary_of_problems_leads_to_the_field(browser: Browser, live_server: Any) -> None:
    make_administrator()
    make_author()
    desk = Colleague(browser, live_server)
    desk.open("admin:reviews_article_add")
    desk.tab_to("#id_title")
    desk.page.keyboard.type("Half done")
    add_by_words(desk, "product card")
    desk.tab_to("input[name=_continue]")
    desk.press_enter_and_wait()
    page = desk.page
    page.wait_for_selector("[data-problems]:focus")
    assert page.evaluate("document.activeElement.matches('[data-problems]')")
    assert "problems: nothing is saved yet" in page.text_content("[data-problems] h2")
    desk.tab_to("[data-problems] a[href*='blocks-']")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.closest('[data-block]') !== null")
    assert page.evaluate("document.activeElement.matches('input, textarea')")
    assert page.input_value("#id_title") == "Half done"

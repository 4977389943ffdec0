"""What is typed survives: closed windows, ended sessions, a site that is away, and a colleague who saved first."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from reviews.models import Article, EditingSession
from reviews.services.articles import BlockInput
from tests.browser.admin_desk import make_administrator
from tests.browser.editor_desk import Colleague
from tests.factories import make_article, make_author

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def state(desk: Colleague) -> str:
    return desk.page.text_content("[data-keep-state]") or ""


def wait_for_state(desk: Colleague, name: str) -> None:
    desk.page.wait_for_selector(f"[data-keep-state][data-state={name}]")


def test_typing_is_kept_and_taken_up_again(browser: Browser, live_server: Any) -> None:
    make_administrator()
    article = make_article()
    desk = Colleague(browser, live_server)
    desk.open("admin:reviews_article_change", article.pk)
    desk.page.fill("#id_title", "")  # fits no article, and is kept all the same
    desk.page.fill("#id_standfirst", "Typed and not saved.")
    began = timezone.now()
    wait_for_state(desk, "kept")
    kept_at = EditingSession.objects.get().kept_at
    assert kept_at is not None
    # A moment after the last key; the rest is for a machine that is busy.
    assert (kept_at - began).total_seconds() < 10
    assert "not yet saved" in state(desk)
    desk.page.close()

    desk.page = desk.context.new_page()
    desk.open("admin:reviews_article_change", article.pk)
    assert "that was not saved" in desk.page.text_content("[data-kept-work]")
    assert desk.page.input_value("#id_standfirst") == "In short."
    desk.page.click("text=Take it up")
    assert desk.page.input_value("#id_standfirst") == "Typed and not saved."
    assert desk.page.input_value("#id_title") == ""
    desk.page.fill("#id_title", "With a title")
    with desk.page.expect_navigation():
        desk.page.click(".submit-row input[name=_continue]")
    article.refresh_from_db()
    assert (article.title, article.standfirst) == ("With a title", "Typed and not saved.")
    expect(desk.page.locator("[data-kept-work]")).to_have_count(0)


def test_what_is_thrown_away_does_not_come_back(browser: Browser, live_server: Any) -> None:
    make_administrator()
    make_author()
    desk = Colleague(browser, live_server)
    desk.open("admin:reviews_article_add")
    desk.page.fill("#id_title", "A thought")
    wait_for_state(desk, "kept")
    desk.open("admin:reviews_article_add")
    with desk.page.expect_navigation():
        desk.page.click("text=Throw it away")
    expect(desk.page.locator("[data-kept-work]")).to_have_count(0)
    assert desk.page.input_value("#id_title") == ""
    assert not EditingSession.objects.exclude(form_data=None).exists()


def test_signed_out_while_typing_loses_nothing_and_goes_on_after_signing_in(browser: Browser, live_server: Any) -> None:
    make_administrator()
    article = make_article()
    desk = Colleague(browser, live_server)
    desk.open("admin:reviews_article_change", article.pk)
    desk.context.clear_cookies()
    desk.page.fill("#id_standfirst", "Typed while signed out.")
    wait_for_state(desk, "signed-out")
    assert "kept in this browser" in state(desk)
    desk.page.click(".submit-row input[name=_continue]")  # saving now would lose it: it waits
    assert desk.page.input_value("#id_standfirst") == "Typed while signed out."
    desk.sign_in(desk.context.new_page())
    desk.page.evaluate("dispatchEvent(new Event('focus'))")
    wait_for_state(desk, "kept")
    with desk.page.expect_navigation():
        desk.page.click(".submit-row input[name=_continue]")
    article.refresh_from_db()
    assert article.standfirst == "Typed while signed out."


def test_a_site_that_is_away_is_waited_for_even_over_a_closed_window(browser: Browser, live_server: Any) -> None:
    make_administrator()
    article = make_article()
    desk = Colleague(browser, live_server)
    desk.open("admin:reviews_article_change", article.pk)
    desk.context.set_offline(True)
    desk.page.fill("#id_standfirst", "Typed on a train.")
    wait_for_state(desk, "offline")
    assert "Cannot reach the site: kept in this browser" in state(desk)
    desk.page.close()
    desk.context.set_offline(False)
    desk.page = desk.context.new_page()
    desk.open("admin:reviews_article_change", article.pk)
    desk.page.click("text=Take it up")
    assert desk.page.input_value("#id_standfirst") == "Typed on a train."


def test_the_second_of_two_editors_is_warned_and_nothing_of_either_is_lost(browser: Browser, live_server: Any) -> None:
    make_administrator("editor")
    make_administrator("ines")
    words = [BlockInput("prose", {"html": f"<p>{word}</p>"}) for word in ("one", "two", "three")]
    article = make_article(blocks=words)
    first, second = Colleague(browser, live_server), Colleague(browser, live_server, "ines")
    first.open("admin:reviews_article_change", article.pk)
    second.open("admin:reviews_article_change", article.pk)
    assert "editor has this article open since" in second.page.text_content("[data-presence]")

    first.page.fill("#id_title", "Their title")
    type_in(first, 0, "theirs ")
    type_in(first, 1, "theirs ")
    with first.page.expect_navigation():
        first.page.click(".submit-row input[name=_continue]")

    second.page.fill("#id_standfirst", "My standfirst.")
    type_in(second, 1, "mine ")
    wait_for_state(second, "kept")
    assert "It was saved after you opened it" in second.page.text_content("[data-presence]")
    with second.page.expect_navigation():
        second.page.click(".submit-row input[name=_continue]")
    page = second.page
    assert article_now(article) == ("Their title", "In short.", ["theirs one", "theirs two", "three"])
    assert "editor saved" in page.text_content("#content-main")
    parts = page.locator("[data-part]").evaluate_all("all => all.map(one => one.querySelector('.who').textContent)")
    assert sorted(parts) == ["changed by both of you", "changed by them", "changed by them", "changed by you"]
    both = page.locator("[data-part]", has_text="changed by both of you")
    assert "theirs two" in both.inner_text()
    assert "mine two" in both.inner_text()
    both.get_by_label("Yours").check()
    with page.expect_navigation():
        page.click("button[value=chosen]")
    assert article_now(article) == ("Their title", "My standfirst.", ["theirs one", "mine two", "three"])
    assert Article.objects.get().version == 3


def type_in(desk: Colleague, number: int, words: str) -> None:
    block = desk.page.locator("[data-block]").nth(number)
    block.scroll_into_view_if_needed()  # its editor comes when it is near
    editor = block.locator(".ProseMirror[contenteditable]")
    editor.click()
    # The editor puts its cursor where the click was a moment later: go to the beginning until it stays there.
    for _ in range(20):
        desk.page.keyboard.press("Control+Home")
        desk.page.wait_for_timeout(100)
        if editor.evaluate("one => one.contains(getSelection().anchorNode) && getSelection().anchorOffset === 0"):
            break
    desk.page.keyboard.type(words)


def article_now(article: Article) -> tuple[str, str, list[str]]:
    row = Article.objects.get(pk=article.pk)
    texts = [block.data["html"].removeprefix("<p>").removesuffix("</p>") for block in row.blocks.all()]
    return row.title, row.standfirst, texts

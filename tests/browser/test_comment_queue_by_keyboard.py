"""A moderator works through what waits by keyboard, takes it back, and can switch the keys off; axe finds nothing."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from django.utils import timezone
from playwright.sync_api import expect
from pytest_django.live_server_helper import LiveServer

from reviews.comments.spam_words import sums_of
from reviews.models import Comment, SpamExample
from reviews.services.spam_lessons import learn_spam
from reviews.spam_filter import words_key
from tests.browser.admin_desk import complaints, logged_in, make_administrator
from tests.factories import make_comment, make_published_article
from tests.reviews.spam.corpus import corpus

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Page

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
QUEUE = "/admin/reviews/comment/queue/"


@pytest.fixture
def comments(live_server: LiveServer) -> list[Comment]:
    make_administrator()
    article = make_published_article("a-guide")
    now = timezone.now()
    return [
        make_comment(
            article,
            f"Number {number} creaks.",
            name=f"Reader {number}",
            state="held",
            reasons=["It is the first one from this address."],
            written_at=now - timedelta(hours=9 - number),
        )
        for number in range(4)
    ]


@pytest.fixture
def page(browser: Browser, live_server: LiveServer, comments: list[Comment]) -> Iterator[Page]:
    opened = logged_in(browser, live_server, QUEUE)
    yield opened
    opened.context.close()


def states(comments: list[Comment]) -> list[str]:
    return [Comment.objects.get(pk=one.pk).state for one in comments]


def press(page: Page, key: str) -> None:
    with page.expect_navigation():
        page.keyboard.press(key)


def test_keys_go_through_the_queue_and_take_back(page: Page, comments: list[Comment]) -> None:
    page.keyboard.press("a")
    assert states(comments) == ["held"] * 4, "nothing is marked yet"
    page.keyboard.press("j")
    expect(page.locator("[data-comment]").first).to_be_focused()
    expect(page.locator("[data-said]")).to_have_text("Comment 1 of 4.")
    press(page, "a")
    expect(page.locator(f"#comment-{comments[1].pk}")).to_be_focused()
    press(page, "s")
    page.keyboard.press("j")
    page.keyboard.press("k")
    press(page, "d")
    assert states(comments) == ["shown", "spam", "deleted", "held"]
    press(page, "u")
    assert states(comments) == ["shown", "spam", "held", "held"]


def test_a_reason_is_written_and_the_keys_are_letters_there(page: Page, comments: list[Comment]) -> None:
    page.keyboard.press("j")
    page.keyboard.press("e")
    page.keyboard.type("as dead ads")
    expect(page.locator(f"#reason-{comments[0].pk}")).to_have_value("as dead ads")
    page.keyboard.press("Escape")
    expect(page.locator(f"#comment-{comments[0].pk}")).to_be_focused()
    assert states(comments) == ["held"] * 4


def test_several_are_chosen_by_key_and_decided_by_button(page: Page, comments: list[Comment]) -> None:
    for _ in range(2):
        page.keyboard.press("j")
        page.keyboard.press("x")
    expect(page.locator("[data-said]")).to_have_text("2 chosen.")
    with page.expect_navigation():
        page.get_by_role("button", name="They are spam").press("Enter")
    assert states(comments) == ["spam", "spam", "held", "held"]


def test_the_keys_can_be_switched_off_and_stay_off(
    page: Page, comments: list[Comment], live_server: LiveServer
) -> None:
    turn = page.get_by_role("button", name="Shortcuts by single keys")
    expect(turn).to_have_attribute("aria-pressed", "true")
    turn.press("Enter")
    expect(page.locator("[data-said]")).to_have_text("Single keys do nothing now; the buttons do.")
    page.goto(live_server.url + QUEUE)
    expect(page.get_by_role("button", name="Shortcuts by single keys")).to_have_attribute("aria-pressed", "false")
    expect(page.locator("[aria-keyshortcuts]")).to_have_count(0)
    page.locator("[data-comment]").first.focus()
    for key in "asdux?":
        page.keyboard.press(key)
    expect(page.locator("#keys-help")).to_be_hidden()
    assert states(comments) == ["held"] * 4


def test_a_question_mark_shows_what_the_keys_do(page: Page) -> None:
    page.keyboard.press("?")
    expect(page.locator("#keys-help")).to_be_focused()
    page.keyboard.press("?")
    expect(page.locator("#keys-help")).to_be_hidden()
    expect(page.get_by_role("button", name="What the keys do")).to_be_focused()


def test_all_of_it_works_without_javascript(browser: Browser, live_server: LiveServer, comments: list[Comment]) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{live_server.url}/admin/login/?next={QUEUE}")
    page.fill("#id_username", "editor")
    page.fill("#id_password", "listen-closely")
    page.keyboard.press("Enter")
    expect(page.locator("[data-keys]")).to_be_hidden()
    for number in (0, 2):
        page.get_by_label(f"Choose the comment of Reader {number}").check()
    page.get_by_role("button", name="Delete them").click()
    assert states(comments) == ["deleted", "held", "deleted", "held"]
    page.get_by_role("button", name="Take it back").click()
    assert states(comments) == ["held"] * 4
    context.close()


def test_axe_finds_nothing_and_a_phone_is_wide_enough(page: Page, live_server: LiveServer) -> None:
    SpamExample.objects.bulk_create(
        SpamExample(is_spam=is_spam, words=sorted(sums_of(text, words_key())), decided_at=timezone.now())
        for is_spam, _, text in corpus()
    )
    learn_spam(now=timezone.now())
    pages = (QUEUE, f"{QUEUE}?order=most", "/admin/reviews/comment/spam/")
    assert complaints(page, live_server, pages) == []
    page.emulate_media(color_scheme="dark")
    assert complaints(page, live_server, pages) == []

"""A picture is uploaded from the article's form, and a gallery of three is made, every press being one of a key."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from reviews.models import Article, Picture
from tests.browser.admin_desk import make_administrator
from tests.browser.editor_desk import Colleague
from tests.factories import make_author, make_ready_picture, picture_file

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
CLOSED = "dialog:has(input[type=file]):not([open])"
ROW = "[data-row]:nth-of-type({})"


def add_gallery(desk: Colleague) -> None:
    desk.tab_to("button[aria-label='Find a block by words']")
    desk.page.keyboard.press("Enter")
    desk.page.keyboard.type("gallery")
    desk.page.keyboard.press("Enter")
    desk.page.wait_for_selector("[data-block] [data-row]")


def choosers_are_ours(desk: Colleague) -> None:
    """From now on, not from the moment one is waited for: a chooser that opens in between is the system's, for good."""
    desk.page.on("filechooser", lambda _: None)


def open_picker(desk: Colleague, row: int) -> None:
    desk.tab_to(f"{ROW.format(row)} button[aria-label^='Choose']")
    desk.page.keyboard.press("Enter")
    desk.page.wait_for_selector("dialog[open]:has(input[type=file]) input[type=search]:focus")


def upload(desk: Colleague, path: Path, words: str) -> None:
    """In the open picker: the file by the system's own chooser, what it shows, and the button."""
    desk.tab_to("dialog[open] input[type=file]")
    with desk.page.expect_file_chooser() as chooser:
        desk.page.keyboard.press("Enter")
    chooser.value.set_files(path)
    desk.tab_to("dialog[open] input[type=text]")
    desk.page.keyboard.press("Control+a")
    desk.page.keyboard.type(words)
    desk.tab_to("dialog[open] button[aria-label='Upload and choose']")
    desk.page.keyboard.press("Enter")


def add_row(desk: Colleague) -> None:
    desk.tab_to("button[aria-label='Add a row']")
    desk.page.keyboard.press("Enter")


def test_a_gallery_of_three_pictures_is_made_without_a_mouse(
    browser: Browser, live_server: Any, tmp_path: Path
) -> None:
    make_administrator()
    make_author()
    there = make_ready_picture("A headset that was here before")
    first, drawing, second = tmp_path / "one.jpg", tmp_path / "drawing.svg", tmp_path / "two.png"
    first.write_bytes(picture_file(320, 240, colour="#334455"))
    second.write_bytes(picture_file(240, 320, colour="#554433", kind="PNG"))
    drawing.write_bytes(b"<svg xmlns='http://www.w3.org/2000/svg' onload='pwned=1'/>")
    desk = Colleague(browser, live_server)
    choosers_are_ours(desk)
    page, keys = desk.page, desk.page.keyboard
    desk.open("admin:reviews_article_add")
    desk.tab_to("#id_title")
    keys.type("From all sides")
    desk.tab_to("#id_kind")
    keys.type("Guide")
    desk.tab_to("#id_standfirst")
    keys.type("In short.")
    desk.tab_to("#id_author")
    keys.type("Ada")

    add_gallery(desk)
    open_picker(desk, 1)
    upload(desk, drawing, "A drawing")
    page.wait_for_selector("dialog[open] [role=alert]:not([hidden])")
    assert "SVG" in page.inner_text("dialog[open] [role=alert]")
    upload(desk, first, "Folded, from the front")
    page.wait_for_selector(CLOSED, state="attached")
    assert page.text_content("[data-block-status]") == "Folded, from the front chosen."
    assert page.evaluate("document.activeElement.getAttribute('aria-label').startsWith('Choose')")
    desk.tab_to("input[name$=caption]")
    keys.type("Folded")

    add_row(desk)
    open_picker(desk, 2)
    keys.type("here before")
    page.wait_for_selector(".picture-options li:only-child:has-text('here before')")
    desk.tab_to(".picture-options button")
    keys.press("Enter")
    page.wait_for_selector(CLOSED, state="attached")

    add_row(desk)
    open_picker(desk, 3)
    upload(desk, second, "Its boom, turned up")
    page.wait_for_selector(CLOSED, state="attached")
    open_picker(desk, 3)  # looked at again, and left as it is
    keys.press("Escape")
    page.wait_for_selector(CLOSED, state="attached")

    desk.tab_to("input[name=_continue]")
    desk.press_enter_and_wait()
    article = Article.objects.get()
    pictures = {picture.alt: picture.pk for picture in Picture.objects.all()}
    assert set(pictures) == {"A headset that was here before", "Folded, from the front", "Its boom, turned up"}
    assert article.blocks.get().data["pictures"] == [
        {"picture": pictures["Folded, from the front"], "caption": "Folded"},
        {"picture": there.pk, "caption": ""},
        {"picture": pictures["Its boom, turned up"], "caption": ""},
    ]
    # The drawing was refused with an answer that browsers write down.
    assert [one for one in desk.complaints if "422" not in one] == []


def test_a_signed_out_editor_is_told_and_the_form_keeps_its_words(
    browser: Browser, live_server: Any, tmp_path: Path
) -> None:
    make_administrator()
    make_author()
    file = tmp_path / "one.jpg"
    file.write_bytes(picture_file(320, 240))
    desk = Colleague(browser, live_server)
    choosers_are_ours(desk)
    desk.open("admin:reviews_article_add")
    desk.tab_to("#id_title")
    desk.page.keyboard.type("From all sides")
    add_gallery(desk)
    open_picker(desk, 1)
    desk.context.clear_cookies()
    desk.page.set_input_files("dialog[open] input[type=file]", file)
    desk.page.fill("dialog[open] input[type=text]", "A headset")
    desk.page.click("dialog[open] button[aria-label='Upload and choose']")
    desk.page.wait_for_selector("dialog[open] [role=alert]:not([hidden])")
    assert "signed in" in desk.page.inner_text("dialog[open] [role=alert]")
    assert desk.page.input_value("dialog[open] input[type=text]") == "A headset"
    assert desk.page.input_value("#id_title") == "From all sides"
    assert not Picture.objects.exists()


def test_a_slow_answer_of_before_never_takes_the_place_of_a_later_one(browser: Browser, live_server: Any) -> None:
    make_administrator()
    make_author()
    make_ready_picture("A headset that was here before")
    make_ready_picture("Folded, from the front")
    desk = Colleague(browser, live_server)
    page, keys, held = desk.page, desk.page.keyboard, []

    def keep_the_first(route: Any) -> None:
        if held:
            route.continue_()
        else:
            held.append(route)

    desk.open("admin:reviews_article_add")
    page.route(lambda address: "?q=&page=1" in address, keep_the_first)
    add_gallery(desk)
    open_picker(desk, 1)
    keys.type("here before")
    page.wait_for_selector(".picture-options li:only-child")
    with page.expect_response(lambda answer: "?q=&page=1" in answer.url):
        held[0].continue_()
    page.evaluate("() => new Promise((done) => setTimeout(done))")
    assert page.locator(".picture-options li").all_inner_texts() == ["A headset that was here before"]

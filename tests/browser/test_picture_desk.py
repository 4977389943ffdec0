"""The desk's pictures: nothing axe can find, the focus by mouse and by keyboard, and everything without JavaScript."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect
from pytest_django.live_server_helper import LiveServer

from reviews.models import Picture
from tests.browser.admin_desk import complaints, logged_in, make_administrator
from tests.factories import make_picture, make_ready_picture, picture_file

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
LIST = "/admin/reviews/picture/"


def test_axe_finds_nothing_in_the_list_and_on_pages_in_every_state(browser: Browser, live_server: LiveServer) -> None:
    make_administrator()
    ready, waiting, failed = (make_ready_picture("Ready"), make_picture("Waiting"), make_picture("Failed"))
    Picture.objects.filter(pk=failed.pk).update(state="failed", state_reason="The disk is full.")
    page = logged_in(browser, live_server, LIST)
    paths = [LIST, f"{LIST}?used=no", f"{LIST}add/", *(f"{LIST}{one.pk}/change/" for one in (ready, waiting, failed))]
    for theme in ("light", "dark"):
        page.evaluate(f"localStorage.setItem('theme', '{theme}')")
        assert complaints(page, live_server, paths) == []
    page.context.close()


def test_the_focus_moves_by_a_click_and_by_the_keyboard(browser: Browser, live_server: LiveServer) -> None:
    make_administrator()
    picture = make_ready_picture(file=picture_file(400, 300))
    page = logged_in(browser, live_server, f"{LIST}{picture.pk}/change/")
    shown = page.locator(".focus-picture img").bounding_box()
    assert shown is not None
    page.mouse.click(shown["x"] + shown["width"] * 0.25, shown["y"] + shown["height"] * 0.75)
    assert float(page.locator("#id_focus_x").input_value()) == pytest.approx(0.25, abs=0.01)
    page.locator("#id_focus_y").focus()
    page.keyboard.press("Control+A")
    page.keyboard.type("0.4")
    mark, shown = page.locator(".focus-mark").bounding_box(), page.locator(".focus-picture img").bounding_box()
    assert mark is not None
    assert shown is not None
    assert mark["y"] + mark["height"] / 2 == pytest.approx(shown["y"] + shown["height"] * 0.4, abs=2)
    with page.expect_navigation():
        page.keyboard.press("Enter")
    picture.refresh_from_db()
    assert abs(picture.focus_x - Decimal("0.25")) < Decimal("0.01")
    assert (picture.focus_y, picture.state) == (Decimal("0.4"), Picture.State.WAITING)
    page.context.close()


def test_a_picture_comes_in_without_javascript(browser: Browser, live_server: LiveServer) -> None:
    make_administrator()
    page = logged_in(browser, live_server, LIST)
    quiet = browser.new_context(java_script_enabled=False, storage_state=page.context.storage_state()).new_page()
    quiet.goto(f"{live_server.url}{LIST}add/")
    quiet.get_by_label("What it shows:").fill("A headset on a desk")
    quiet.get_by_label("File:").set_input_files({"name": "a.svg", "mimeType": "image/svg+xml", "buffer": b"<svg/>"})
    quiet.get_by_role("button", name="Save", exact=True).click()
    expect(quiet.get_by_text("This is an SVG drawing")).to_be_visible()
    assert quiet.get_by_label("What it shows:").input_value() == "A headset on a desk"
    quiet.get_by_label("File:").set_input_files({"name": "a.jpg", "mimeType": "image/jpeg", "buffer": picture_file()})
    quiet.get_by_label("Focus, from the left:").fill("0.3")
    with quiet.expect_navigation():
        quiet.get_by_role("button", name="Save", exact=True).click()
    assert Picture.objects.get().focus_x == Decimal("0.3")
    page.context.close()
    quiet.context.close()

"""The scoring method in a real browser: axe, a phone's width, the keyboard, live shares, and no script at all."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from pytest_django.live_server_helper import LiveServer

from reviews.models import MethodVersion, Score, Weight
from tests.browser.admin_desk import complaints, logged_in, make_administrator
from tests.reviews.weighed import make_weighed_guide

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
LIST = "/admin/reviews/methodversion/"


@pytest.fixture
def draft(live_server: LiveServer) -> MethodVersion:
    make_administrator()
    return make_weighed_guide()[1]


def test_axe_finds_nothing_and_a_phone_is_wide_enough(
    browser: Browser, live_server: LiveServer, draft: MethodVersion
) -> None:
    page = logged_in(browser, live_server, LIST)
    active = MethodVersion.objects.get(state="active")
    paths = [f"{LIST}{draft.pk}/{part}/" for part in ("change", "moves", "scores", "scores/import")]
    paths += [LIST, f"{LIST}{active.pk}/change/", "/method/", "/products/acme-heavy/", "/best/weighed/"]
    assert complaints(page, live_server, paths) == []
    page.emulate_media(color_scheme="dark")
    assert complaints(page, live_server, [*paths[:3], "/method/"]) == []
    page.context.close()


def test_shares_follow_what_is_typed_and_arrows_walk(
    browser: Browser, live_server: LiveServer, draft: MethodVersion
) -> None:
    page = logged_in(browser, live_server, f"{LIST}{draft.pk}/change/")
    first = page.get_by_label("Sound for Every day")
    shares = page.locator("[data-weights] tbody tr td:nth-of-type(1) output")
    assert shares.all_inner_texts()[:3] == ["40 %", "20 %", "40 %"]
    first.fill("1")
    page.keyboard.press("ArrowDown")
    page.keyboard.type("1")
    page.keyboard.press("ArrowDown")
    page.keyboard.type("1")
    assert shares.all_inner_texts()[:3] == ["34 %", "33 %", "33 %"]
    with page.expect_navigation():
        page.keyboard.press("Enter")
    weights = Weight.objects.filter(use_case__version=draft, use_case__key="everyday")
    assert set(weights.values_list("weight", flat=True)) == {1}
    page.context.close()


def test_scores_are_entered_and_the_version_activated_without_javascript(
    browser: Browser, live_server: LiveServer, draft: MethodVersion
) -> None:
    page = logged_in(browser, live_server, LIST)
    quiet = browser.new_context(java_script_enabled=False, storage_state=page.context.storage_state()).new_page()
    quiet.goto(f"{live_server.url}{LIST}{draft.pk}/scores/")
    quiet.get_by_label("Sound of Acme Light", exact=True).fill("9.5")
    quiet.get_by_label("What the score for Sound of Acme Light rests on").fill("Heard again.")
    quiet.get_by_role("button", name="Save the scores").click()
    assert "1 score saved." in quiet.locator(".messagelist").inner_text()
    assert Score.objects.filter(value="9.5", criterion__version=draft).count() == 1
    quiet.get_by_role("link", name="Who moves where, and activate").click()
    assert "up 1 place" in quiet.locator(".move-up").inner_text()
    quiet.get_by_role("button", name="Activate Method 2").click()
    assert "Method 2 is in use. 1 published article to look through" in quiet.locator(".messagelist").inner_text()
    page.context.close()
    quiet.context.close()

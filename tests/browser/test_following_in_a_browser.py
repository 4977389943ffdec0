"""A reader asks for a price and for comments, without a script and by keyboard; axe finds nothing on the way."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.utils import timezone
from playwright.sync_api import expect
from pytest_django.live_server_helper import LiveServer

from catalog.models import Alert
from readers.links import preference_token
from readers.models import Consent, Reader
from tests.factories import make_merchant, make_product, make_published_article, make_seen_offer

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

ADA = "ada@mail.example"
WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")


@pytest.fixture
def site(live_server: LiveServer) -> str:
    Reader.objects.create(address=ADA, confirmed_at=timezone.now())
    shop = make_merchant("Open", alerts_allowed=True, mail_allowed=True, max_price_age=None)
    make_seen_offer(make_product("One", kind="headphones"), shop, amount="99.00")
    make_published_article("a-guide")
    return str(live_server.url)


def test_a_price_is_asked_for_without_a_script_by_keyboard(site: str, browser: Browser) -> None:
    context = browser.new_context(java_script_enabled=False, viewport={"width": 360, "height": 800})
    page = context.new_page()
    page.goto(f"{site}/products/acme-one/")
    page.get_by_text("Tell me when the price drops").click()
    page.get_by_label("It costs at most, in USD").focus()
    page.keyboard.type("120")
    page.keyboard.press("Tab")
    page.keyboard.type(ADA)
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("It costs $99.00 already")
    expect(page.get_by_label("Your mail address")).to_have_value(ADA)
    page.get_by_label("It costs at most, in USD").fill("79.90")
    page.get_by_label("Your mail address").press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Look into your mailbox")
    assert [str(one.amount) for one in Alert.objects.all()] == ["79.900"]
    assert context.cookies() == []
    context.close()


def test_comments_are_followed_without_a_script(site: str, browser: Browser) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{site}/guides/a-guide/")
    page.get_by_text("Be told of new comments without writing one").click()
    page.get_by_label("Your mail address, never shown", exact=True).fill(ADA)
    page.get_by_role("button", name="Tell me of all new comments").press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Look into your mailbox")
    assert Consent.objects.get().topic.startswith("comments:")
    context.close()


@pytest.mark.parametrize("scheme", SCHEMES)
def test_axe_finds_nothing_in_forms_and_ones_own_page(
    site: str, browser: Browser, scheme: Literal["light", "dark"]
) -> None:
    context = browser.new_context(color_scheme=scheme, viewport={"width": 360, "height": 800})
    page = context.new_page()

    def look(where: str) -> None:
        # as in `test_pages_are_accessible`: nothing moves while it is looked at, and what is folded is open
        page.evaluate("() => document.querySelectorAll('details').forEach((one) => { one.open = true })")
        found = Axe().run(page, options={"runOnly": {"type": "tag", "values": WCAG}})
        assert found.response["violations"] == [], where
        assert page.evaluate("() => document.documentElement.scrollWidth") <= 360, where

    page.goto(f"{site}/products/acme-one/")
    look("product")
    page.goto(f"{site}/alerts/new/acme-one/")
    look("the form alone")
    page.get_by_label("Your mail address").fill(ADA)
    page.get_by_role("button", name="Tell me").click()
    look("what was wrong")
    page.get_by_label("It costs at most, in USD").fill("79.90")
    page.get_by_role("button", name="Tell me").click()
    look("asked")
    reader = Reader.objects.get()
    page.goto(f"{site}/newsletter/you/{preference_token(reader.pk, 0)}/")
    look("one's own page")
    page.get_by_label("Once a week, all in one letter").check()
    page.get_by_role("button", name="Keep this").click()
    expect(page.get_by_role("status")).to_contain_text("Kept: what waits comes by it too.")
    page.get_by_role("link", name="Change").click()
    look("one's own alert")
    page.get_by_label("It costs at most, in USD").fill("70")
    page.get_by_role("button", name="Keep this").click()
    expect(page.locator("main")).to_contain_text("Kept. Acme One at $70.00 or less")
    page.goto(f"{site}/guides/a-guide/")
    look("article")
    context.close()

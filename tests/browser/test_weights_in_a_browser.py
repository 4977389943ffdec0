"""A reader weighs by slider or number, by keyboard alone, without scripts; the address keeps it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect
from pytest_django.live_server_helper import LiveServer

from reviews.services.articles import BlockInput
from tests.factories import make_product, make_published_article
from tests.reviews.scored import give, make_method

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")


@pytest.fixture
def site(live_server: LiveServer) -> str:
    method = make_method()
    one, two, three = (make_product(name, kind="headphones", type="over-ear") for name in ("One", "Two", "Three"))
    give(method, one, sound="9.0", comfort="5.0", carrying="6.0")
    give(method, two, sound="6.0", comfort="9.0", carrying="6.0")
    give(method, three, sound="8.0", comfort="8.0")
    cards = [BlockInput("product_card", {"text": "Why.", "badge": ""}, products=[item]) for item in (one, two)]
    make_published_article("list", kind="best_of", use_case="everyday", blocks=cards)
    return live_server.url


@pytest.mark.parametrize("scripts", [True, False])
@pytest.mark.parametrize("path", ["/rank/everyday/", "/best/list/"])
def test_numbers_typed_by_keyboard_rank_the_list_anew(browser: Browser, site: str, path: str, scripts: bool) -> None:
    page = browser.new_context(java_script_enabled=scripts).new_page()
    page.goto(site + path)
    assert page.locator(".weighed-name").all_inner_texts() == ["Acme One", "Acme Two"]
    page.locator("#w-sound").focus()
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.type("1")
    page.keyboard.press("Enter")
    page.wait_for_url("**w=sound.1#your-weights")
    assert page.locator(".weighed-name").all_inner_texts() == ["Acme Two", "Acme One"]
    assert "up 1 place" in page.locator(".weighed li").first.inner_text()
    page.locator("a", has_text="Back to our weights").click()
    page.wait_for_url(f"**{path}#your-weights")
    assert page.locator(".weighed-name").first.inner_text() == "Acme One"


def test_the_slider_and_its_number_are_equal_both_ways(browser: Browser, site: str) -> None:
    page = browser.new_context().new_page()
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    page.goto(f"{site}/rank/everyday/")
    number, slider = page.locator("#w-comfort"), page.get_by_role("slider", name="Comfort, as a slider")
    assert slider.input_value() == number.input_value() == "6"
    slider.focus()
    page.keyboard.press("ArrowRight")
    assert number.input_value() == "7"
    number.fill("2")
    assert slider.input_value() == "2"
    assert complaints == []


def test_a_ranking_on_paper_says_what_was_weighed_how(browser: Browser, site: str) -> None:
    page = browser.new_context().new_page()
    page.goto(f"{site}/rank/everyday/?w=sound.1")
    expect(page.locator("main")).not_to_contain_text("Counted, from 0 to 10", use_inner_text=True)
    page.emulate_media(media="print")
    expect(page.locator("#w-sound")).not_to_be_visible()
    expect(page.locator("main")).to_contain_text("Sound 1 (ours 10), Comfort 6", use_inner_text=True)
    page.context.close()


def test_axe_finds_nothing_and_nothing_is_wider_than_a_phone(browser: Browser, site: str) -> None:
    found = []
    for width in (360, 1280):
        for scheme in SCHEMES:
            page = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme).new_page()
            for path in ("/rank/everyday/?w=sound.1", "/best/list/?w=sound.1", "/products/acme-one/"):
                page.goto(site + path)
                page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
                found += [
                    f"{path} at {width}, {scheme}: {rule['id']}" for rule in Axe().run(page).response["violations"]
                ]
                if page.evaluate("document.documentElement.scrollWidth") > width:
                    found.append(f"{path} is wider than {width}")
    assert found == []

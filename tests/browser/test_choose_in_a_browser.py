"""The question pages in a real browser: usable without scripts and by keyboard, and without an accessibility fault."""

from __future__ import annotations

import gzip
from typing import TYPE_CHECKING, Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect
from pytest_django.live_server_helper import LiveServer

from tests.factories import make_merchant, make_product, make_seen_offer

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page, Response

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PAGES = (
    "/choose/",
    "/choose/?do=gaming_voice&mic=maybe",
    "/choose/?do=gaming_voice&ask=budget",
    "/choose/all/",
    "/choose/all/?do=music:2&do=phone_calls&hear=nice&age=old",
    "/choose/in-words/?text=Calls+all+day+in+an+office%2C+some+music%2C+glasses%2C+under+120+euros%2C+purple+curtains",
    "/choose/in-words/?text=qwertz",
    "/choose/why/?do=gaming_voice&mic=own",
    "/choose/result/?do=gaming_voice&mic=none&budget=100",
    "/choose/result/?do=video_creation&colour=red",
    "/choose/result/?do=gaming_voice&mic=none&why=g",
)


def _shop() -> None:
    merchant = make_merchant()
    for number in range(3):
        specs = {"mic_grade": "communication", "connectors": ["usb_a"], "wireless": False, "radios": []}
        product = make_product(f"G{number}", kind="headset", type="gaming", specs=specs)
        make_seen_offer(product, merchant, amount=f"{70 + number * 20}.00")


@pytest.mark.parametrize(("width", "scheme"), [(360, "light"), (1280, "dark")])
def test_no_accessibility_fault_and_no_sideways_scrolling(
    browser: Browser, live_server: LiveServer, width: int, scheme: Literal["light", "dark"]
) -> None:
    _shop()
    context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme)
    page = context.new_page()
    for path in PAGES:
        page.goto(live_server.url + path)
        found = Axe().run(page)
        assert found.violations_count == 0, f"{path}: {found.generate_report()}"
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), path
    context.close()


def test_without_scripts_and_with_the_keyboard_alone_the_questions_lead_to_a_result(
    browser: Browser, live_server: LiveServer
) -> None:
    _shop()
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{live_server.url}/choose/")
    page.get_by_label("Games, talking with others").press("Space")
    _press_enter(page)
    for _ in range(6):
        if "/choose/result/" in page.url:
            break
        if page.locator("#budget").count():
            page.locator("#budget").fill("120")
        else:
            page.locator(".choose-form input[type=radio]").first.press("Space")
        _press_enter(page)
    assert page.get_by_role("heading", level=1).inner_text() == "You want a headset"
    assert context.cookies() == []
    context.close()


def test_on_a_telephone_the_next_step_is_in_reach_and_covers_nothing_that_has_the_focus(
    browser: Browser, live_server: LiveServer
) -> None:
    context = browser.new_context(viewport={"width": 360, "height": 740}, reduced_motion="reduce")
    page = context.new_page()
    page.goto(f"{live_server.url}/choose/")
    assert page.evaluate("document.querySelector('.choose-form').getBoundingClientRect().bottom") > 1000
    box = page.get_by_role("button", name="Next").bounding_box()
    assert box
    assert box["y"] + box["height"] <= 740
    page.locator(".choose-question input").first.focus()
    seen = 0
    while page.evaluate("document.activeElement.closest('.choose-question') !== null"):
        page.evaluate("() => new Promise(drawn => requestAnimationFrame(() => requestAnimationFrame(drawn)))")
        focused, bar = page.evaluate("""() => [
            (document.activeElement.closest('label') ?? document.activeElement).getBoundingClientRect().bottom,
            document.querySelector('.choose-at-hand').getBoundingClientRect().top]""")
        assert focused <= bar, seen
        page.keyboard.press("Tab")
        seen += 1
    assert seen > 20
    context.close()


def test_on_paper_stand_the_reasons_and_the_products_and_nothing_to_press(
    browser: Browser, live_server: LiveServer
) -> None:
    _shop()
    context = browser.new_context()
    page = context.new_page()
    page.goto(f"{live_server.url}/choose/result/?do=gaming_voice&mic=own&budget=100")
    lost = page.get_by_text("Rule UHP-4 over")
    expect(lost).to_be_hidden()
    page.emulate_media(media="print")
    expect(lost).to_be_visible()
    expect(page.get_by_role("heading", name="Why", exact=True)).to_be_visible()
    for pressed in page.locator("main :is(button, input, select, textarea)").all():
        expect(pressed).to_be_hidden()
    expect(page.get_by_role("heading", name="Why not another product?")).to_be_hidden()
    expect(page.get_by_text("Leave out").first).to_be_hidden()
    context.close()


def test_a_sentence_leads_to_a_result_without_scripts_and_by_the_keyboard(
    browser: Browser, live_server: LiveServer
) -> None:
    _shop()
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{live_server.url}/choose/")
    page.get_by_label("Or say it in your own words").fill(
        "Online games with friends, we talk all night. I wear glasses."
    )
    page.get_by_label("Or say it in your own words").press("Tab")
    _press_enter(page)
    assert page.get_by_role("heading", level=1).inner_text() == "What we understood"
    page.get_by_label("Glasses").select_option(label="Leave out")
    page.get_by_role("button", name="Show the answer").focus()
    _press_enter(page)
    assert page.get_by_role("heading", level=1).inner_text() == "You want a headset"
    assert "glasses=yes" not in page.url
    assert "friends" not in page.url
    context.close()


def test_each_page_is_light(browser: Browser, live_server: LiveServer) -> None:
    """All that a first look loads, packed as the site packs it; pictures of products come on top on a result."""
    _shop()
    for path in PAGES:
        context = browser.new_context(viewport={"width": 360, "height": 800})
        page = context.new_page()
        answers: dict[str, Response] = {}
        page.on("response", lambda response, found=answers: found.__setitem__(response.url, response))
        page.goto(live_server.url + path, wait_until="networkidle")
        sizes = {url: _packed(answer.body()) for url, answer in answers.items() if "/pictures/" not in url}
        scripts, styles = (sum(size for url, size in sizes.items() if end in url) for end in (".js", ".css"))
        # the budget of docs/page-quality.md, in kilobytes of 1,000 bytes
        assert 0 < scripts <= 10_000, f"{path}: {scripts}"
        assert 0 < styles <= 12_000, f"{path}: {styles}"
        assert sum(sizes.values()) <= 80_000, f"{path}: {sizes}"
        assert len(sizes) <= 10, f"{path}: {list(sizes)}"
        assert all(url.startswith(live_server.url) for url in answers), path
        context.close()


def _packed(body: bytes) -> int:
    return len(gzip.compress(body, 6))


def _press_enter(page: Page) -> None:
    with page.expect_navigation():
        page.keyboard.press("Enter")

"""Every kind of page, in a phone's and a desk's width, light and dark: no violation that axe can find."""

from __future__ import annotations

from datetime import timedelta
from itertools import product
from typing import TYPE_CHECKING, Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.utils import timezone
from playwright.sync_api import expect
from pytest_django.live_server_helper import LiveServer

from catalog.models import LinkRoute, Price, SpecEvidence
from reviews.services.articles import BlockInput
from tests.factories import (
    make_author,
    make_comment,
    make_merchant,
    make_product,
    make_published_article,
    make_remark,
    make_review,
    make_seen_offer,
)

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PAGES = (
    "/",
    "/headphones/",
    "/headsets/gaming/",
    "/reviews/",
    "/products/?q=acme",
    "/products/acme-one/",
    "/compare/",
    "/compare/?products=acme-one,acme-two",
    "/guides/guide/",
    "/guides/guide/comments/",
    "/guides/guide/remarks/",
    "/alerts/new/acme-one/",
    "/reviews/acme-one-review/",
    "/best/list/",
    "/authors/ada-field/",
    "/corrections/",
    "/how-we-rank/",
    "/newsletter/",
    "/choose/",
    "/no-such-page/",
    "/go/acme-one-shop/?preview",
)
WIDTHS = (360, 1280)
SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")


@pytest.fixture
def site(live_server: LiveServer) -> str:
    """One of everything that pages show, on a running server; its address."""
    author, checker = make_author("Ada Field", tests=["Comfort"]), make_author("Ben Ohm")
    one = make_product(kind="headphones", type="over-ear", specs={"wireless": True, "anc": False, "weight_g": 250})
    other = make_product("Two", kind="headset", type="gaming", specs={"wireless": True})
    SpecEvidence.objects.create(
        product=one, spec="anc", source="Maker", source_url="https://acme.example/", checked_on="2026-01-01"
    )
    shop, direct = (
        make_merchant("Shop", history_allowed=True, alerts_allowed=True, mail_allowed=True),
        make_merchant("Direct", link_style="direct"),
    )
    offer = make_seen_offer(one, shop)
    abroad = make_seen_offer(one, direct, availability="out_of_stock", seen_at=timezone.now() - timedelta(days=9))
    LinkRoute.objects.create(link=offer.links.get(), offer=abroad, countries=["DE"])
    make_seen_offer(other, shop, amount="59.00")
    for days in (20, 10):
        Price.objects.create(
            offer=offer,
            amount=100 + days,
            currency="USD",
            availability="in_stock",
            seen_at=timezone.now() - timedelta(days=days),
            source="manual",
        )
    make_review(one, author=author, reviewer=checker)
    blocks = [
        BlockInput("product_card", {"text": "Why.", "badge": "Best"}, products=[one]),
        BlockInput(
            "comparison",
            {"title": "Side by side", "caption": "", "specs": ["wireless", "anc", "weight_g"]},
            products=[one, other],
        ),
    ]
    make_published_article("list", kind="best_of", author=author, blocks=blocks)
    faq = BlockInput("faq", {"title": "Questions", "items": [{"question": "Why?", "answer": "So."}]})
    guide = make_published_article("guide", author=author, blocks=[faq])
    make_comment(guide, "The pads flake.")
    make_remark(guide, "So.", "Is that so?")
    return live_server.url


def test_axe_finds_nothing(browser: Browser, site: str) -> None:
    found = []
    for width, scheme in product(WIDTHS, SCHEMES):
        context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme)
        page = context.new_page()
        for path in PAGES:
            page.goto(site + path)
            page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
            found += [f"{path} at {width}, {scheme}: {what}" for what in violations(page)]
        context.close()
    assert found == []


def violations(page: Page) -> list[str]:
    return [
        f"{rule['id']}: {node['html'][:160]} ({node.get('failureSummary', '')[:200]})"
        for rule in Axe().run(page).response["violations"]
        for node in rule["nodes"]
    ]


def test_nothing_is_wider_than_a_small_phone(browser: Browser, site: str) -> None:
    context = browser.new_context(viewport={"width": 320, "height": 640})
    page = context.new_page()
    too_wide = []
    for path in PAGES:
        page.goto(site + path)
        if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            too_wide.append(path)
    context.close()
    assert too_wide == []


def test_names_without_a_space_make_no_page_wider_than_a_small_phone(browser: Browser, site: str) -> None:
    brand, model = "Electroacoustics" * 4, "Noisecancelling" * 7
    author = make_author("Featherstonehaugh" * 4, slug="long-name")
    products = [make_product(f"{model}{one}", brand=brand, slug=f"wide-{one}", kind="headphones") for one in "12"]
    make_seen_offer(products[0], make_merchant("Shopofallthings" * 5, slug="shop-wide"))
    article = make_published_article("long-name", title="Incomprehensibilities" * 6, author=author)
    make_comment(article, "Wordwithoutend" * 40)
    first, second = (one.slug for one in products)
    paths = (
        *("/", "/headphones/", "/guides/", "/brands/", products[0].brand.get_absolute_url(), author.get_absolute_url()),
        *(f"/products/{first}/", f"/compare/?products={first},{second}", "/products/?q=noise", "/products/?view=table"),
        *(f"/search/?q={model}", f"/alerts/new/{first}/", "/guides/long-name/", "/guides/long-name/comments/"),
        *(f"/products/?q={'w' * 80}", f"/search/?q={'w' * 80}", f"/{'w' * 200}/", f"/compare/?products={'w' * 200}"),
        *(f"/products/?sort={'w' * 200}", f"/choose/result/?use=music&budget={'w' * 200}", "/authors/"),
    )
    context = browser.new_context(viewport={"width": 320, "height": 640})
    page = context.new_page()
    too_wide = {}
    for path in paths:
        page.goto(site + path)
        wide = page.evaluate("document.documentElement.scrollWidth")
        if wide > 320:
            too_wide[path] = wide
    context.close()
    assert too_wide == {}


def test_no_page_breaks_its_own_policy_or_speaks_to_others(browser: Browser, site: str) -> None:
    context = browser.new_context()
    page = context.new_page()
    complaints: list[str] = []
    elsewhere: list[str] = []
    page.on("console", lambda message: complaints.append(message.text) if "Content Security" in message.text else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("request", lambda request: elsewhere.append(request.url) if not request.url.startswith(site) else None)
    for path in PAGES:
        page.goto(site + path)
        page.wait_for_load_state("networkidle")
    assert context.cookies() == []
    context.close()
    assert complaints == []
    assert [url for url in elsewhere if not url.startswith("data:")] == []


# A button that a script presses for the reader, and what only a script can do. Nothing is read there.
BUTTONS_OF_ONE_WAY = {"Sort", "Copy the link"}


def test_the_same_words_are_there_without_scripts(browser: Browser, site: str) -> None:
    different = {}
    for path in PAGES:
        words = []
        for scripts in (True, False):
            context = browser.new_context(java_script_enabled=scripts)
            page = context.new_page()
            page.goto(site + path)
            lines = [line.strip() for line in page.locator("main").inner_text().splitlines()]
            words.append([line for line in lines if line and line not in BUTTONS_OF_ONE_WAY])
            context.close()
        if words[0] != words[1]:
            different[path] = set(words[0]) ^ set(words[1]) or "another order"
    assert not different


def test_the_keyboard_reaches_the_content_first_and_focus_is_seen(browser: Browser, site: str) -> None:
    context = browser.new_context()
    page = context.new_page()
    page.goto(site + "/reviews/acme-one-review/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    assert page.evaluate("document.activeElement.getBoundingClientRect().top >= 0")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "content"
    page.keyboard.press("Tab")
    assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"
    context.close()


def test_a_chosen_theme_stays_chosen_without_a_cookie(browser: Browser, site: str) -> None:
    context = browser.new_context(color_scheme="light")
    page = context.new_page()
    page.goto(site + "/privacy/")
    button = page.locator(".theme-switch")
    button.click()
    button.click()
    assert button.inner_text() == "Theme: dark"
    page.goto(site + "/how-we-work/")
    assert page.evaluate("document.documentElement.dataset.theme") == "dark"
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(18, 22, 25)"
    assert context.cookies() == []
    context.close()


def test_print_leaves_out_navigation_and_forms(browser: Browser, site: str) -> None:
    context = browser.new_context(color_scheme="dark")
    page = context.new_page()
    page.emulate_media(media="print")
    page.goto(site + "/reviews/acme-one-review/")
    for selector in (".site-nav", ".sign-up", ".call", ".crumbs"):
        expect(page.locator(selector).first).to_be_hidden()
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    context.close()

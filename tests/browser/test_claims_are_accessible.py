"""The claims of an article and the ledger: nothing axe can find, nothing wider than a phone, all of it by keyboard."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from pytest_django.live_server_helper import LiveServer

from catalog.models import SpecEvidence
from reviews.models import Watch
from reviews.services.articles import BlockInput
from tests.browser.admin_desk import complaints, logged_in, make_administrator
from tests.factories import make_article, make_merchant, make_product, make_seen_offer, make_watch

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def pages(live_server: LiveServer) -> list[str]:
    make_administrator()
    offer = make_seen_offer(make_product(specs={"weight_g": 250}), make_merchant(), amount="49.90")
    article = make_article(blocks=[BlockInput("prose", {"html": "<p>It is cheap. Under 50 dollars.</p>"})])
    watch = make_watch(article, offer.product, passage="It is gone.")
    SpecEvidence.objects.create(
        product=offer.product,
        spec="weight_g",
        source="Acme",
        value="300 g",
        checked_on="2026-01-01",
        due_on="2026-02-01",
    )
    return [
        "/admin/reviews/watch/",
        f"/admin/reviews/watch/{watch.pk}/change/",
        f"/admin/reviews/watch/add/?article={article.pk}",
        f"/admin/reviews/watch/add/?article={article.pk}&condition=cheapest_among",
        "/admin/catalog/specevidence/",
        "/products/acme-one/",
    ]


def test_axe_finds_nothing_and_a_phone_is_wide_enough(
    browser: Browser, live_server: LiveServer, pages: list[str]
) -> None:
    page = logged_in(browser, live_server, "/admin/reviews/watch/")
    assert complaints(page, live_server, pages) == []
    page.context.close()


def test_a_claim_is_added_by_keyboard_alone(browser: Browser, live_server: LiveServer, pages: list[str]) -> None:
    page = logged_in(browser, live_server, pages[2])
    page.locator("#id_condition_price_below").focus()
    page.keyboard.press("Space")
    page.keyboard.press("Enter")
    page.wait_for_selector("#id_products")
    page.wait_for_load_state()  # its scripts put the field into a row of their own
    page.locator("#id_products").focus()
    page.keyboard.type("Acme One")
    page.keyboard.press("Tab")
    page.keyboard.type("60")
    page.keyboard.press("Enter")
    page.get_by_text("It is true now: It costs $49.90 at Shop.").wait_for()
    page.context.close()
    assert Watch.objects.filter(condition="price_below", parameters__amount="60.00").exists()


def test_the_products_of_a_claim_are_picked_from_suggestions(
    browser: Browser, live_server: LiveServer, pages: list[str]
) -> None:
    make_product("Two")
    page = logged_in(browser, live_server, pages[2])
    page.goto(f"{live_server.url}{pages[3]}")
    search = page.get_by_label("Products", exact=True)
    for typed, name in (("acme o", "Acme One"), ("acme t", "Acme Two")):
        search.press_sequentially(typed)
        page.get_by_role("option", name=name).wait_for()
        search.press("ArrowDown")
        search.press("Enter")
        page.get_by_role("button", name=f"Take out: {name}").wait_for()
    page.get_by_role("button", name="Save and watch").click()
    page.get_by_text("Watched from now on.").wait_for()
    page.context.close()
    made = Watch.objects.get(condition="cheapest_among")
    assert [link.product.name for link in made.watch_products.all()] == ["Acme One", "Acme Two"]


def test_a_product_typed_and_not_added_counts_too(browser: Browser, live_server: LiveServer, pages: list[str]) -> None:
    make_product("Two")
    page = logged_in(browser, live_server, pages[2])
    page.goto(f"{live_server.url}{pages[3]}")
    search = page.get_by_label("Products", exact=True)
    search.fill("Acme One")
    search.press("Enter")
    search.fill("Acme Two")
    page.get_by_role("button", name="Save and watch").click()
    page.get_by_text("Watched from now on.").wait_for()
    page.context.close()

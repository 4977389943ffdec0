"""An editor imports a file in a real browser, with and without JavaScript, and every step is accessible."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.utils import timezone
from playwright.sync_api import expect
from pytest_django.live_server_helper import LiveServer

from catalog.models import FeedImport, ProductCode
from catalog.services.feed_imports import run_import
from tests.factories import make_merchant, make_product, make_staff

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
GTIN = "4006381333931"
FEED = (
    "sku;name;brand;ean;price;link\n"
    f"A1;Acme One;Acme;{GTIN};99,90;https://shop.example/p/a1\n"
    "B2;Acme Two black;Acme;;12,00;https://shop.example/p/b2\n"
    "C3;Kettle;Nobody;;soon;https://shop.example/p/c3\n"
)


@pytest.fixture
def feed(browser: Browser, tmp_path: Path, settings: Any) -> Iterator[str]:
    settings.DATA_DIR = tmp_path
    ProductCode.objects.create(product=make_product(), scheme="gtin", value=GTIN)
    make_product("Two")
    make_merchant("Shop")
    rights = [f"catalog.{act}_{model}" for act in ("view", "change") for model in ("feedimport", "doubtfulmatch")]
    make_staff("editor", "catalog.add_feedimport", "catalog.view_offer", *rights)
    file = tmp_path / "feed.csv"
    file.write_text(FEED)
    yield str(file)
    for context in browser.contexts:  # a page that still asks how far it is would hold the database
        context.close()


def logged_in(browser: Browser, live_server: LiveServer, **options: Any) -> Page:
    page = browser.new_context(**options).new_page()
    page.goto(f"{live_server.url}/admin/login/?next=/admin/catalog/feedimport/add/")
    page.fill("#id_username", "editor")
    page.fill("#id_password", "listen-closely")
    page.keyboard.press("Enter")
    page.wait_for_selector("#id_merchant")  # the address of the log-in page ends like that of the form
    return page


def to_the_trial_run(page: Page, feed: str) -> None:
    page.select_option("#id_merchant", label="Shop")
    page.set_input_files("#id_file", feed)
    page.click("text=Go on: look at it")
    page.wait_for_url("**/columns/")
    page.click("text=Go on: trial run")
    page.wait_for_url("**/trial/")


def worker() -> FeedImport:
    feed_import = FeedImport.objects.get()
    run_import(feed_import_id=feed_import.pk, now=timezone.now())
    feed_import.refresh_from_db()
    return feed_import


@pytest.mark.parametrize("has_script", [True, False], ids=["with-javascript", "without-javascript"])
def test_a_file_becomes_offers(browser: Browser, live_server: LiveServer, feed: str, has_script: bool) -> None:
    page = logged_in(browser, live_server, java_script_enabled=has_script)
    to_the_trial_run(page, feed)
    assert "All 3 rows were tried" in page.inner_text("#content-main")
    page.click("text=Start the import")
    page.wait_for_url("**/progress/")
    expect(page.locator("text=Cancel the import")).to_have_count(1)
    assert worker().state == FeedImport.State.DONE
    # the page learns of it by itself: by its script, or by loading itself again
    page.wait_for_selector("text=Begin anew", timeout=60_000)
    assert page.locator("[data-counter=offers_made]").inner_text() == "1"


def test_every_step_is_accessible_and_says_nothing_of_a_broken_policy(
    browser: Browser, live_server: LiveServer, feed: str
) -> None:
    page = logged_in(browser, live_server)
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text) if message.type == "error" else None)
    found: dict[str, list[str]] = {}

    def look(step: str) -> None:
        assert said == [], step
        for width in (360, 1280):
            page.set_viewport_size({"width": width, "height": 800})
            # Not the look-up widget, which is Django's own.
            where = {"include": [["#content-main"]], "exclude": [[".select2"]]}
            answer = Axe().run(page, context=where, options={"resultTypes": ["violations"]})
            found[f"{step} {width}"] = [
                f"{rule['id']}: {node['html'][:120]}"
                for rule in answer.response["violations"]
                for node in rule["nodes"]
            ]
            assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), step
        said.clear()  # axe itself tries inline styles, which the policy forbids

    look("file")
    page.select_option("#id_merchant", label="Shop")
    page.set_input_files("#id_file", feed)
    page.click("text=Go on: look at it")
    page.wait_for_url("**/columns/", wait_until="load")
    look("columns")
    page.click("text=Go on: trial run")
    page.wait_for_url("**/trial/", wait_until="load")
    look("trial")
    page.click("text=Start the import")
    page.wait_for_url("**/progress/", wait_until="load")
    look("progress")
    worker()
    # The page learns that it is done and loads itself again; whoever leaves in that moment is stopped.
    page.wait_for_selector("text=Begin anew", timeout=60_000)
    page.wait_for_load_state("networkidle")
    page.goto(f"{live_server.url}/admin/catalog/doubtfulmatch/?decision__exact=open")
    page.click("text=Acme Two black")
    page.wait_for_url("**/change/", wait_until="load")
    look("doubt")
    assert {step: rules for step, rules in found.items() if rules} == {}


def test_enter_in_a_field_starts_nothing(browser: Browser, live_server: LiveServer, feed: str) -> None:
    page = logged_in(browser, live_server)
    page.select_option("#id_merchant", label="Shop")
    page.set_input_files("#id_file", feed)
    page.click("text=Go on: look at it")
    page.fill("#id_currency", "GBP")
    page.keyboard.press("Enter")
    page.wait_for_selector("text=£99.90")
    assert page.url.endswith("/columns/")

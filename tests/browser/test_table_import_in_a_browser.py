"""An editor brings a table in, by keyboard, with and without JavaScript; every step is accessible and fits a phone."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from django.utils import timezone
from playwright.sync_api import expect
from pytest_django.live_server_helper import LiveServer

from catalog.models import Product, TableImport
from catalog.services.table_imports import run_table, store_later
from tests.browser.admin_desk import complaints, logged_in, make_administrator
from tests.catalog.services.table_imports.bringing import table, taken, tried
from tests.factories import make_product

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
START = "/admin/catalog/tableimport/of-products/"


@pytest.fixture
def file(browser: Browser, tmp_path: Path, settings: Any) -> Iterator[Path]:
    settings.DATA_DIR = tmp_path
    make_administrator()
    product = make_product(summary="Old.")
    path = tmp_path / "products.csv"
    path.write_bytes(
        table(
            {"slug": product.slug, "summary": "New.", "anc": "", "brand": "", "model": ""},
            {"slug": "", "summary": "", "anc": "perhaps", "brand": "Acme", "model": "Two"},
            {"slug": "", "summary": "", "anc": "yes", "brand": "Acme", "model": "Three"},
        )
    )
    yield path
    for context in browser.contexts:  # a page that still asks how far it is would hold the database
        context.close()


def test_by_keyboard_from_the_list_to_what_was_stored(browser: Browser, live_server: LiveServer, file: Path) -> None:
    page = logged_in(browser, live_server, "/admin/catalog/product/")
    page.get_by_role("link", name="Import from CSV or Excel").focus()
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{START}")
    page.set_input_files("#id_file", str(file))
    page.locator("#id_file").focus()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_url("**/change/")
    assert "perhaps" in page.inner_text(".sheet")
    page.get_by_role("button", name="Store the good rows").focus()
    page.keyboard.press("Enter")
    page.wait_for_selector("text=Done")
    assert Product.objects.get(model="One").summary == "New."
    page.get_by_role("link", name="New (1)").focus()
    page.keyboard.press("Enter")
    page.wait_for_selector("text=Acme Three")


@pytest.mark.parametrize("has_script", [True, False], ids=["with-javascript", "without-javascript"])
def test_a_long_file_tells_how_far_it_is(
    browser: Browser, live_server: LiveServer, file: Path, has_script: bool
) -> None:
    made = tried("products", *({"brand": "Acme", "model": f"M{number}"} for number in range(150)))
    store_later(table_import=made)
    page = logged_in(browser, live_server, "/admin/")
    if not has_script:
        state = page.context.storage_state()
        page = browser.new_context(java_script_enabled=False, storage_state=state).new_page()
    page.goto(f"{live_server.url}/admin/catalog/tableimport/{made.pk}/change/")
    expect(page.get_by_role("button", name="Stop")).to_be_visible()
    run_table(table_import_id=made.pk, now=timezone.now())
    # the page learns of it by itself: by its script, or by loading itself again
    page.wait_for_selector("text=Another file", timeout=60_000)
    assert page.locator("[data-counter=new]").inner_text() == "150"


def test_every_step_is_accessible_and_fits(browser: Browser, live_server: LiveServer, file: Path) -> None:
    done = tried("products", content=file.read_bytes())
    store_later(table_import=done)
    run_table(table_import_id=done.pk, now=timezone.now())
    moving, waiting = taken("products", file.read_bytes()), tried("offers", {"merchant": "Nobody", "sku": "A"})
    assert waiting.state == TableImport.State.TRIED
    page = logged_in(browser, live_server, "/admin/")
    pages = [f"/admin/catalog/tableimport/{one.pk}/change/" for one in (done, moving, waiting)]
    starts = [f"/admin/catalog/tableimport/of-{kind}/" for kind in ("products", "offers", "links")]
    lists = ["/admin/catalog/tableimport/"]
    assert complaints(page, live_server, [*starts, *pages, *lists]) == []

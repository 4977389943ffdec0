"""The log of changes as somebody reads it: what was and is in a row, and the way to all that was written about it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.urls import reverse
from playwright.sync_api import expect
from pytest_django.live_server_helper import LiveServer

from catalog.models import Merchant
from config.acting import Actor, acting
from tests.browser.admin_desk import complaints, logged_in, make_administrator
from tests.factories import make_article, make_merchant, make_product

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

LOG = "/admin/reviews/auditline/"


def changed_shop() -> Merchant:
    make_article()
    make_product()
    shop = make_merchant()
    with acting(lambda: Actor("command", "import_merchants")):
        Merchant.objects.filter(pk=shop.pk).update(
            prices_allowed=False, link_label="Paid link", disclaimer="As an associate we earn. " * 12
        )
    return shop


def test_a_row_leads_to_all_that_was_written_about_it(browser: Browser, live_server: LiveServer) -> None:
    make_administrator()
    shop = changed_shop()
    page = logged_in(browser, live_server, LOG)
    line = page.locator("#result_list tbody tr", has_text="manage.py import_merchants")
    assert "prices allowed yes → no" in " ".join(line.inner_text().split())
    line.get_by_role("link", name=shop.name).click()
    expect(page.locator("#result_list tbody tr")).to_have_count(2)
    page.goto(live_server.url + reverse("admin:catalog_merchant_history", args=[shop.pk]))
    page.get_by_role("link", name="All that was written about it").click()
    expect(page.locator("#result_list tbody tr")).to_have_count(2)
    page.get_by_role("link", name="A command").click()
    expect(page.locator("#result_list tbody tr")).to_have_count(1)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_and_nothing_is_too_wide(browser: Browser, live_server: LiveServer, scheme: str) -> None:
    make_administrator()
    shop = changed_shop()
    page = logged_in(browser, live_server, LOG)
    page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    history = reverse("admin:catalog_merchant_history", args=[shop.pk])
    paths = [LOG, f"{LOG}?what=catalog.merchant&row={shop.pk}", history]
    assert complaints(page, live_server, paths) == []

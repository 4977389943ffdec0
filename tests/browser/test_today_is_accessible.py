"""What needs an editor, and the calendar: nothing axe can find, nothing wider than a phone, all without JavaScript."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from django.utils import timezone
from playwright.sync_api import expect
from pytest_django.live_server_helper import LiveServer

from catalog.models import SpecEvidence, ViewTally
from reviews.models import Article
from tests.browser.admin_desk import complaints, logged_in, make_administrator
from tests.factories import (
    make_article,
    make_destination,
    make_merchant,
    make_offer,
    make_product,
    make_published_article,
)

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PAGES = ("/admin/today/", "/admin/today/?kind=broken", "/admin/calendar/")


@pytest.fixture
def a_full_desk(live_server: LiveServer) -> None:
    make_administrator()
    now = timezone.now()
    shop = make_merchant("A shop with quite a long name")
    make_destination(make_offer(make_product("Long-named-model-without-a-break-9000XM5"), shop, click_weight=12.0))
    make_offer(make_product("Held"), shop, state="held", state_reason="Ten times dearer than a week ago.")
    old = make_published_article("old-guide", now=now - timedelta(days=300))
    ViewTally.objects.create(
        day=timezone.localdate() - timedelta(days=1), path=old.get_absolute_url(), views=900, net_views=600
    )
    SpecEvidence.objects.create(
        product=make_product("Claimed"), spec="anc", source="Maker", checked_on=now.date(), due_on=now.date()
    )
    planned = make_article("planned")
    Article.objects.filter(pk=planned.pk).update(planned_for=timezone.localdate())


def test_axe_finds_nothing_and_a_phone_is_wide_enough(
    browser: Browser, live_server: LiveServer, a_full_desk: None
) -> None:
    page = logged_in(browser, live_server, PAGES[0])
    assert complaints(page, live_server, PAGES) == []
    page.context.close()


def test_an_editor_goes_from_the_list_to_the_work_without_javascript(
    browser: Browser, live_server: LiveServer, a_full_desk: None
) -> None:
    page = logged_in(browser, live_server, "/admin/")
    quiet = browser.new_context(java_script_enabled=False, storage_state=page.context.storage_state()).new_page()
    quiet.goto(f"{live_server.url}/admin/")
    quiet.get_by_role("link", name="Needs me today").click()
    expect(quiet.locator(".waiting li")).to_have_count(4)
    assert "Old guide" in quiet.locator(".waiting li").first.inner_text()
    quiet.get_by_role("link", name="Broken links 1").click()
    quiet.get_by_role("link", name="See why").click()
    assert "/admin/catalog/destination/" in quiet.url
    quiet.get_by_role("link", name="Calendar").click()
    assert "Planned: Planned" in quiet.locator(".month .is-today").inner_text()
    page.context.close()
    quiet.context.close()

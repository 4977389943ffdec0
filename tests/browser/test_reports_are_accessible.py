"""The reports of clicks: nothing axe can find, nothing wider than a phone, and everything without JavaScript."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest
from django.utils import timezone
from playwright.sync_api import expect
from pytest_django.live_server_helper import LiveServer

from catalog.models import ClickTally, Conversion, NetworkAccount, ViewTally
from tests.browser.admin_desk import complaints, logged_in, make_administrator
from tests.factories import make_merchant, make_product, make_published_article

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PAGE = "/admin/catalog/clicktally/"


@pytest.fixture
def a_month_of_clicks(live_server: LiveServer) -> str:
    """Clicks of thirty days on three articles, one product and two shops; the first article's place."""
    make_administrator()
    articles = [make_published_article(f"guide-{n}", title=f"Headphones for long days, part {n}") for n in (1, 2, 3)]
    shops = [make_merchant("A shop with quite a long name"), make_merchant("Other")]
    product = make_product("Two")
    account = NetworkAccount.objects.create(name="Account", network="awin")
    now = timezone.now()
    for ago in range(30):
        day = timezone.localdate() - timedelta(days=ago)
        net = 20 + ago * 7 % 31
        sides = [("total", "", net * 3)] + [("page", f"a{one.pk}", net // (n + 1)) for n, one in enumerate(articles)]
        sides += [("merchant", str(shop.pk), net) for shop in shops]
        sides += [("product", str(product.pk), net), ("country", "DE", net), ("form", "phone", net)]
        ClickTally.objects.bulk_create(
            ClickTally(day=day, dimension=side, key=key, clicks=count * 2, net_clicks=count)
            for side, key, count in sides
        )
        for n, one in enumerate(articles):
            ViewTally.objects.create(day=day, path=one.get_absolute_url(), views=300, net_views=200 - n)
        Conversion.objects.create(
            account=account,
            network_key=str(ago),
            status=("approved", "pending", "declined")[ago % 3],
            sale_amount=Decimal(120),
            commission_amount=Decimal("6.40"),
            currency="EUR",
            occurred_at=now - timedelta(days=ago),
            changed_at=now,
            placement=f"a{articles[0].pk}.1.1",
            merchant=shops[0],
        )
    return f"a{articles[0].pk}"


def test_axe_finds_nothing_and_a_phone_is_wide_enough(
    browser: Browser, live_server: LiveServer, a_month_of_clicks: str
) -> None:
    page = logged_in(browser, live_server, PAGE)
    # One side whose clicks are a share of views, and one whose are not: all are one template.
    paths = [f"{PAGE}?by={side}" for side in ("article", "merchant")]
    paths += [f"{PAGE}?by=article&key={a_month_of_clicks}", f"{PAGE}?since=tomorrow"]
    assert complaints(page, live_server, paths) == []
    page.context.close()


def test_an_editor_looks_into_an_article_without_javascript(
    browser: Browser, live_server: LiveServer, a_month_of_clicks: str
) -> None:
    page = logged_in(browser, live_server, PAGE)
    quiet = browser.new_context(java_script_enabled=False, storage_state=page.context.storage_state()).new_page()
    quiet.goto(live_server.url + PAGE)
    quiet.get_by_role("link", name="Headphones for long days, part 1", exact=False).first.click()
    assert quiet.locator("h1").inner_text().startswith("Clicks: ")
    quiet.get_by_label("from").fill((timezone.localdate() - timedelta(days=2)).isoformat())
    quiet.get_by_role("button", name="Show").click()
    expect(quiet.locator(".bars g")).to_have_count(3)
    with quiet.expect_download() as download:
        quiet.get_by_role("link", name="as CSV").click()
    assert download.value.suggested_filename.startswith("clicks-by-page-")
    page.context.close()
    quiet.context.close()

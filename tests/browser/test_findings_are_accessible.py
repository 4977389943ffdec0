"""The list of findings: nothing axe can find, nothing wider than a phone, no broken policy."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from pytest_django.live_server_helper import LiveServer

from catalog.models import Product
from reviews.desk.live_checks import check_article
from tests.browser.admin_desk import complaints, logged_in, make_administrator
from tests.factories import make_product, make_published_article
from tests.reviews.desk.gate.articles import NOW, text, verdict

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_axe_finds_nothing_and_a_phone_is_wide_enough(browser: Browser, live_server: LiveServer) -> None:
    article = make_published_article(blocks=[text(), verdict(make_product())])
    Product.objects.update(status="discontinued")
    check_article(article_id=article.pk, now=NOW)
    make_administrator()
    page = logged_in(browser, live_server, "/admin/reviews/finding/")
    assert "Block 2 (Verdict): Acme One is no longer made" in page.content()
    assert complaints(page, live_server, ["/admin/reviews/finding/", "/admin/reviews/finding/?state=all"]) == []
    page.context.close()  # the server's threads end with the browser's connections, and theirs to the database too

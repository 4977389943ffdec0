"""The article's form, the list of articles and a conflict, by axe: at a phone's and a desk's width, light and dark."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

import pytest
from django.urls import reverse

from reviews.services.articles import BlockInput
from tests.browser.admin_desk import complaints, logged_in, make_administrator
from tests.factories import make_article, make_product

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_form_and_the_list_are_accessible(
    browser: Browser, live_server: Any, scheme: Literal["light", "dark"]
) -> None:
    make_administrator()
    article = make_article(
        blocks=[
            BlockInput("prose", {"html": "<h2>First</h2><p>Words.</p>"}),
            BlockInput("product_card", {"text": "Good."}, [make_product()]),
            BlockInput("faq", {"title": "Q", "items": [{"question": "A?", "answer": "B."}]}),
        ]
    )
    change = reverse("admin:reviews_article_change", args=[article.pk])
    page = logged_in(browser, live_server, change)
    page.emulate_media(color_scheme=scheme)
    assert complaints(page, live_server, [change, reverse("admin:reviews_article_changelist")]) == []

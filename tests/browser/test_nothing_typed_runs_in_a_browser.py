"""The worst dozen payloads in all that an editor types, opened in Chromium: nothing runs, no policy is strained."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from django.urls import reverse

from catalog.models import Brand, Merchant, Product
from reviews.desk.publishing import PublishError, publish_article
from reviews.models import Article, Author, Picture
from reviews.services.articles import BlockInput
from tests.browser.admin_desk import logged_in, make_administrator
from tests.factories import make_article, make_merchant, make_product, make_ready_picture, make_seen_offer
from tests.xss.corpus import WORST

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
ALL = " ".join(WORST)


def poisoned_site() -> Article:
    """An article, published, on a product at a shop, by an author: every text of theirs is the dozen."""
    product, shop = make_product(), make_merchant()
    make_seen_offer(product, shop)
    picture = make_ready_picture()
    paragraphs = "".join(f"<h2>{one}</h2><p>{one} words</p>" for one in WORST)
    blocks = [
        BlockInput("prose", {"html": f"<h2>First</h2>{paragraphs}"}),
        BlockInput("product_card", {"badge": WORST[1][:30], "text": ALL}, [product]),
        BlockInput("pros_cons", {"title": WORST[0], "pros": list(WORST[:10]), "cons": list(WORST[2:])}, [product]),
        BlockInput("faq", {"title": WORST[5], "items": [{"question": one, "answer": one} for one in WORST]}),
        BlockInput("callout", {"tone": "note", "title": WORST[2], "html": f"<p>{ALL}</p>"}),
        BlockInput("picture", {"picture": picture.pk, "caption": ALL[:280], "width": "text"}),
        BlockInput("verdict", {"title": WORST[3], "html": f"<p>{ALL}</p>"}, [product]),
    ]
    article = make_article(title=ALL[:140], standfirst=ALL[:400], seo_title=WORST[5][:70], blocks=blocks)
    try:
        publish_article(article=article)
    except PublishError as error:
        raise AssertionError(error.problems) from error
    Brand.objects.update(name=WORST[1])
    Product.objects.update(model=WORST[0], summary=ALL[:300])
    Merchant.objects.update(name=WORST[4], link_label=WORST[1], disclaimer=ALL[:300])
    Author.objects.update(name=WORST[1], role=WORST[0], bio=ALL, credentials=ALL)
    Picture.objects.update(alt=ALL[:250], caption=ALL[:300], credit=WORST[1])
    return article


def complaints(page: Page, address: str) -> list[str]:
    """What ran, and what the browser said of it."""
    said: list[str] = []

    def hear(message: Any) -> None:
        if message.type == "error":
            said.append(message.text)

    page.on("console", hear)
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on("dialog", lambda dialog: (said.append(f"dialog: {dialog.message}"), dialog.dismiss()))
    page.goto(address, wait_until="load")
    page.wait_for_timeout(150)  # for what runs a moment later: an animation, an error of a picture
    marks = [frame.evaluate("typeof window.pwned") for frame in page.frames]
    page.remove_listener("console", hear)
    return [f"{address}: {text}" for text in said if "404" not in text] + [
        f"{address}: pwned is {mark}" for mark in marks if mark != "undefined"
    ]


def test_the_worst_dozen_runs_nowhere(browser: Browser, live_server: Any) -> None:
    make_administrator()
    article = poisoned_site()
    product = Product.objects.get()
    page = logged_in(browser, live_server, "/admin/")
    desk = [
        reverse("admin:index"),
        *(reverse(f"admin:reviews_article_{one}", args=[article.pk]) for one in ("change", "preview", "history")),
        reverse("admin:reviews_article_frame", args=[article.pk]),
        reverse("admin:reviews_article_changelist"),
        reverse("admin:catalog_product_changelist"),
        reverse("admin:catalog_product_change", args=[product.pk]),
        reverse("admin:catalog_offer_changelist"),
        reverse("admin:catalog_merchant_changelist"),
        reverse("admin:reviews_picture_changelist"),
        reverse("admin:reviews_auditline_changelist"),
    ]
    outside = ["/", "/products/", "/products/?q=" + WORST[1], article.get_absolute_url(), product.get_absolute_url()]
    outside += [Author.objects.get().get_absolute_url(), "/choose/?text=" + WORST[2], f"/{WORST[1]}/", "/guides/"]
    found = [one for path in desk + outside for one in complaints(page, live_server.url + path)]
    assert found == []
    page.goto(live_server.url + article.get_absolute_url())
    assert "onerror=pwned" in page.inner_text("main"), "the page shows nothing of the payloads: the test proves nothing"


def test_the_test_would_see_it(browser: Browser, live_server: Any) -> None:
    page = browser.new_context().new_page()
    page.route("**/ran/", lambda route: route.fulfill(body=WORST[1], content_type="text/html"))
    assert any("pwned is number" in one for one in complaints(page, live_server.url + "/ran/"))
    page.route("**/kept/", lambda route: route.fulfill(
        body=WORST[0], content_type="text/html", headers={"Content-Security-Policy": "default-src 'none'"}
    ))  # fmt: skip
    assert any("Content Security Policy" in one for one in complaints(page, live_server.url + "/kept/"))

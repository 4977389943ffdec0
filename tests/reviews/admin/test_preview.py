from __future__ import annotations

import re

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from reviews.models import Article
from reviews.services.articles import BlockInput
from tests.factories import make_article, make_merchant, make_product, make_seen_offer, make_staff
from tests.reviews.html import Reader

pytestmark = pytest.mark.django_db
WORDS = BlockInput("prose", {"html": "<h2>First</h2><p>Still here.</p>"})


@pytest.fixture
def looker(client: Client) -> User:
    user = make_staff("looker", "reviews.view_article", "reviews.review_article")
    client.force_login(user)
    return user


@pytest.fixture
def editor(client: Client) -> User:
    user = make_staff("editor", "reviews.view_article", "reviews.change_article", "reviews.review_article")
    client.force_login(user)
    return user


def shown(client: Client, article: Article, query: str = "", name: str = "preview") -> str:
    answer = client.get(reverse(f"admin:reviews_article_{name}", args=[article.pk]) + query)
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_page_stands_in_a_frame_with_what_holds_it_back_beside_it(client: Client, looker: User) -> None:
    product = make_product()
    make_seen_offer(product, make_merchant())
    late = [BlockInput("product_card", {"text": "Quiet."}, [product]), BlockInput("disclosure", {"text": ""})]
    article = make_article(blocks=late)
    desk = shown(client, article)
    (frame,) = Reader(desk).all("iframe")
    assert frame["width"] == "360"
    assert "Block 1 (Product card): has affiliate links" in desk
    page = client.get(frame["src"]).content.decode()
    assert "Quiet." in page


def test_links_to_shops_are_trials_in_the_frame(client: Client, looker: User) -> None:
    product = make_product()
    make_seen_offer(product, make_merchant())
    article = make_article(blocks=[BlockInput("product_card", {"text": "Quiet."}, [product])])
    page = shown(client, article, name="frame")
    assert 'href="/go/acme-one-shop/?test=1"' in page
    assert "/go/acme-one-shop/?p=" not in page


@pytest.mark.parametrize(
    ("query", "width", "look", "sandbox"),
    [
        ("?width=phone", "360", "light", False),
        ("?width=tablet&look=dark", "768", "dark", False),
        ("?width=desktop&scripts=off", "1280", "light", True),
        ("?width=paper", "794", "light", False),
        ("?width=%00&look=<b>&scripts=x", "360", "light", False),
    ],
)
def test_width_look_and_scripts_are_chosen_in_the_address(
    client: Client, looker: User, query: str, width: str, look: str, sandbox: bool
) -> None:
    (frame,) = Reader(shown(client, make_article(), query)).all("iframe")
    assert frame["width"] == width
    assert ("sandbox" in frame) is sandbox
    assert "allow-scripts" not in frame.get("sandbox", "")
    assert f'<html data-theme="{look}"' in client.get(frame["src"]).content.decode()


def test_paper_has_the_rules_for_paper(client: Client, looker: User) -> None:
    styles = [link["href"] for link in Reader(shown(client, make_article(), "?width=paper", "frame")).all("link")]
    paper = next(href for href in styles if href.endswith("/paper/site.css"))
    answer = client.get(paper)
    assert answer["Content-Type"] == "text/css; charset=utf-8"
    assert "@media print" not in answer.content.decode()
    for name in ("nothing.css", "theme.js", "..%5Csite.css", "%2e%2e"):
        assert client.get(paper.replace("site.css", name)).status_code == 404


def test_only_this_site_may_frame_it_and_nobody_keeps_it(client: Client, looker: User) -> None:
    article = make_article()
    frame = client.get(reverse("admin:reviews_article_frame", args=[article.pk]))
    assert "frame-ancestors 'self'" in frame["Content-Security-Policy"]
    assert "default-src 'none'" in frame["Content-Security-Policy"]
    assert frame["X-Frame-Options"] == "SAMEORIGIN"
    assert "no-store" in frame["Cache-Control"]
    desk = client.get(reverse("admin:reviews_article_preview", args=[article.pk]))
    assert "frame-src 'self'" in desk["Content-Security-Policy"]
    assert "frame-ancestors 'none'" in desk["Content-Security-Policy"]


def test_a_preview_is_for_signed_in_staff_whose_business_it_is(client: Client) -> None:
    article = make_article()
    urls = [reverse(f"admin:reviews_article_{name}", args=[article.pk]) for name in ("preview", "frame", "versions")]
    for url in urls:
        assert client.get(url).status_code == 302
    client.force_login(make_staff("stranger"))
    for url in urls:
        assert client.get(url).status_code == 403


def test_an_article_that_is_not_there_is_said_not_to_be(client: Client, looker: User) -> None:
    assert client.get(reverse("admin:reviews_article_preview", args=[999])).status_code == 404
    article = make_article()
    for name in ("r9", "d9", "x", "r", "r99999999999999999999", "now "):
        assert (
            client.get(reverse("admin:reviews_article_frame", args=[article.pk]), {"version": name}).status_code == 404
        )


@pytest.mark.parametrize("target", ["product:Sony WH", "product:a/b", "product:", "article:a/b"])
def test_a_link_to_what_can_be_no_product_does_not_bring_the_preview_down(
    client: Client, looker: User, target: str
) -> None:
    words = BlockInput("prose", {"html": f'<p>Read on <a href="{target}">there</a>.</p>'})
    assert "Read on" in shown(client, make_article(blocks=[words]), name="frame")


def test_a_spoilt_block_is_named_and_the_rest_is_shown(client: Client, looker: User) -> None:
    article = make_article(blocks=[WORDS, WORDS, WORDS])
    article.blocks.filter(position=1).update(kind="carousel")
    article.blocks.filter(position=2).update(data={"html": 7})
    desk = shown(client, article)
    assert "Block 1 (carousel): this kind is not installed." in desk
    assert "Block 2 (Text): Text: must be text, not a number." in desk
    assert shown(client, article, name="frame").count("Still here.") == 1


def test_a_link_is_made_shown_and_withdrawn(client: Client, editor: User) -> None:
    article = make_article()
    share = reverse("admin:reviews_article_share", args=[article.pk])
    answer = client.post(share, {"lasts": "1h", "shows": "frozen"}, follow=True)
    found = re.search(r'value="http://[^"/]+(/preview/[^"]+/)"', answer.content.decode())
    assert found
    assert Client().get(found[1]).status_code == 200
    client.post(reverse("admin:reviews_article_withdraw", args=[article.pk]))
    assert Client().get(found[1]).status_code == 410


def test_who_may_only_look_gives_no_links_away(client: Client, looker: User) -> None:
    article = make_article()
    assert "Make a link" not in shown(client, article)
    for name in ("share", "withdraw"):
        url = reverse(f"admin:reviews_article_{name}", args=[article.pk])
        assert client.post(url, {"lasts": "1h"}).status_code == 403
        assert client.get(url).status_code == 405


def test_how_long_it_shall_work_has_to_be_chosen(client: Client, editor: User) -> None:
    share = reverse("admin:reviews_article_share", args=[make_article().pk])
    assert "Choose for how long" in client.post(share, {"lasts": "1y"}, follow=True).content.decode()


def test_the_search_result_says_how_much_of_it_is_seen(client: Client, looker: User) -> None:
    article = make_article(title="Headphones " * 8 + "compared", seo_description="Words " * 28)
    desk = shown(client, article)
    assert "px wide; 580 px are shown" in desk
    assert "guides › a-guide" in desk
    assert "og:" not in desk


def test_titles_are_judged_for_the_script_that_asks(client: Client, looker: User) -> None:
    make_article("other", title="Best headsets")
    url = reverse("admin:reviews_article_titles")
    asked = {"title": "The best headset", "slug": "Best_Headsets", "kind": "guide", "article": "x"}
    advice = client.get(url, asked).json()["advice"]
    assert len(advice) == 2
    assert "“Best headsets” (draft) has the same title" in advice[0]
    assert client.get(url).json() == {"advice": []}


def test_sixty_blocks_cost_no_more_queries_than_two(
    client: Client, looker: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    card = BlockInput("product_card", {"text": "Quiet."}, [make_product()])
    small, large = make_article("small", blocks=[WORDS, card]), make_article("large", blocks=[WORDS, card] * 30)
    for name in ("preview", "frame"):
        shown(client, small, name=name)
        with CaptureQueriesContext(connection) as captured:
            shown(client, small, name=name)
        with django_assert_num_queries(len(captured)):
            shown(client, large, name=name)

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from reviews.services.articles import BlockInput
from tests.factories import make_article, make_merchant, make_product, make_seen_offer, make_staff

pytestmark = pytest.mark.django_db


def test_the_draft_is_shown_as_readers_would_see_it_with_what_holds_it_back(client: Client) -> None:
    client.force_login(make_staff("looker", "reviews.view_article"))
    product = make_product()
    make_seen_offer(product, make_merchant())
    late = [BlockInput("product_card", {"text": "Quiet."}, [product]), BlockInput("disclosure", {"text": ""})]
    article = make_article(blocks=late)
    html = client.get(reverse("admin:reviews_article_preview", args=[article.pk])).content.decode()
    assert "Quiet." in html
    assert f"/go/acme-one-shop/?p=a{article.pk}.1.1-" in html
    assert "Block 1 (Product card): has affiliate links" in html


def test_a_preview_is_for_signed_in_staff(client: Client) -> None:
    url = reverse("admin:reviews_article_preview", args=[make_article().pk])
    assert client.get(url).status_code == 302
    client.force_login(make_staff("stranger"))
    assert client.get(url).status_code == 403


@pytest.mark.parametrize("target", ["product:Sony WH", "product:a/b", "product:", "article:a/b"])
def test_a_link_to_what_can_be_no_product_does_not_bring_the_preview_down(client: Client, target: str) -> None:
    client.force_login(make_staff("looker", "reviews.view_article"))
    words = BlockInput("prose", {"html": f'<p>Read on <a href="{target}">there</a>.</p>'})
    article = make_article(blocks=[words])
    response = client.get(reverse("admin:reviews_article_preview", args=[article.pk]))
    assert response.status_code == 200
    assert "Read on" in response.content.decode()


def test_a_spoilt_block_is_named_and_the_rest_is_shown(client: Client) -> None:
    client.force_login(make_staff("looker", "reviews.view_article"))
    words = BlockInput("prose", {"html": "<p>Still here.</p>"})
    article = make_article(blocks=[words, words, words])
    article.blocks.filter(position=1).update(kind="carousel")
    article.blocks.filter(position=2).update(data={"html": 7})
    html = client.get(reverse("admin:reviews_article_preview", args=[article.pk])).content.decode()
    assert "Block 1 (carousel): this kind is not installed." in html
    assert "Block 2 (Text): Text: must be text, not a number." in html
    assert html.count("Still here.") == 1

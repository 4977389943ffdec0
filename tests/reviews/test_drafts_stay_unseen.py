"""Saving a draft of a published article shows readers, feeds and machines nothing of it."""

from __future__ import annotations

import pytest
from django.test import Client

from reviews.desk.publishing import retire_article
from reviews.services.articles import ArticleError
from tests.factories import make_article, make_author, make_product, make_published_article, make_review

pytestmark = pytest.mark.django_db
PLACES = (
    "/",
    "/guides/",
    "/headphones/",
    "/feed/",
    "/feed/rss/",
    "/api/v1/articles/",
    "/guides/a-guide/",
    "/authors/ada-field/",
)


def test_a_saved_draft_is_nowhere_to_be_seen(client: Client) -> None:
    make_published_article(title="Heard and told", standfirst="As published.", about_kind="headphones")
    make_article(title="Not yet true", standfirst="Not yet true either.", about_kind="headset")
    for path in PLACES:
        page = client.get(path).content.decode()
        assert "Not yet true" not in page, path
        assert "Heard and told" in page, path
    assert "Heard and told" not in client.get("/headsets/").content.decode()


def test_a_saved_draft_of_a_review_is_not_on_its_products_page(client: Client) -> None:
    product = make_product("One", kind="headphones", type="over-ear")
    review = make_review(product, title="Heard and told")
    review.title = "Not yet true"
    review.save()
    page = client.get(product.get_absolute_url()).content.decode()
    assert "Not yet true" not in page
    assert "Heard and told" in page


def test_who_checked_it_is_told_as_it_was_published(client: Client) -> None:
    article = make_published_article(author=make_author("Ada Field"), reviewer=make_author("Ben Low"))
    article.reviewer = make_author("Cy Hill")
    article.save()
    page = client.get("/guides/a-guide/").content.decode()
    assert "Ben Low" in page
    assert "Cy Hill" not in page


@pytest.mark.parametrize("change", [{"kind": "best_of"}])
def test_what_the_address_hangs_on_stays_while_readers_see_it(change: dict[str, str]) -> None:
    make_published_article()
    with pytest.raises(ArticleError, match="Retire it first, then change and publish it"):
        make_article(**change)


def test_a_retired_article_may_change_its_kind() -> None:
    retire_article(article=make_published_article())
    make_article(kind="best_of")

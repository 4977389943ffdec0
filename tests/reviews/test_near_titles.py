from __future__ import annotations

import pytest
from pytest_django import DjangoAssertNumQueries

from reviews.desk.publishing import publish_article, retire_article
from reviews.models import Article
from reviews.near_titles import name_remarks
from reviews.services.articles import BlockInput, edit_article
from tests.factories import make_article, make_published_article

pytestmark = pytest.mark.django_db


def warned(title: str = "", seo_title: str = "", slug: str = "fine", article: Article | None = None) -> list[str]:
    names = {"title": title, "seo_title": seo_title, "slug": slug}
    return [remark.message for remark in name_remarks(article_id=article.pk if article else None, **names)]


def test_the_same_title_is_named_with_the_article_that_has_it() -> None:
    make_published_article("first", title="Best headsets for calls")
    assert warned("The best headset for calls") == [
        "“Best headsets for calls” (published) has the same title. Readers cannot tell them apart."
    ]


def test_search_titles_are_compared_as_they_are_shown() -> None:
    make_article("first", title="A long story about calls", seo_title="Best headsets for calls")
    assert "in search results" in warned("Our picks", seo_title="Best headsets for calls")[0]
    assert "in search results" in warned("Best headsets for calls")[0]


def test_nearly_the_same_title_is_told_too_and_another_model_is_not() -> None:
    make_article("first", title="Best wireless headphones for commuting")
    make_article("xm4", title="Sony WH-1000XM4 review")
    assert "nearly the same" in warned("Best wireless headphones for commuting people")[0]
    assert warned("Sony WH-1000XM5 review") == []


def test_what_readers_see_counts_beside_the_working_copy() -> None:
    article = make_published_article("first", title="Best headsets")
    article.title = "Something else"
    article.save()
    assert "“Best headsets” (published)" in warned("Best headsets")[0]


def test_the_article_itself_and_retired_ones_are_no_rivals() -> None:
    article = make_published_article("first", title="Best headsets")
    assert warned("Best headsets", article=article) == []
    retire_article(article=article)
    assert warned("Best headsets") == []


def test_taking_over_a_former_address_is_said_beforehand() -> None:
    article = make_published_article("first", title="Older")
    article.slug = "second"
    words = [BlockInput("prose", {"html": "<p>Words.</p>"})]
    publish_article(article=edit_article(article=article, blocks=words))
    assert "“Older” was at the address “first” before." in warned("Newcomer", slug="first")[0]
    assert warned("Older", slug="first", article=article) == []


def test_more_articles_cost_no_more_queries(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    for number in range(12):
        make_article(f"copy-{number}", title="Best headsets")
    with django_assert_num_queries(2):
        assert len(warned("Best headsets")) == 5

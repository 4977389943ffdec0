"""A new slug counts from the next publication on, and who comes by a former address is led to today's."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from reviews.desk.publishing import PublishError, publish_article, retire_article
from reviews.models import Article, ArticleAddress
from reviews.own_links import dangling, own_addresses
from reviews.services.articles import ArticleError, BlockInput, edit_article
from tests.factories import make_article, make_published_article

pytestmark = pytest.mark.django_db
WORDS = [BlockInput("prose", {"html": "<h2>First</h2><p>Words.</p>"})]


def with_slug(article: Article, slug: str) -> Article:
    article.slug = slug
    return edit_article(article=article, blocks=WORDS)


def moved(article: Article, *slugs: str) -> Article:
    for slug in slugs:
        publish_article(article=with_slug(article, slug))
    return article


def where(client: Client, path: str) -> tuple[int, str]:
    answer = client.get(path)
    return answer.status_code, answer.get("Location", "")


def test_a_new_slug_waits_for_the_next_publication(client: Client) -> None:
    article = with_slug(make_published_article("first"), "second")
    assert article.get_absolute_url() == "/guides/first/"
    assert where(client, "/guides/first/")[0] == 200
    assert where(client, "/guides/second/")[0] == 404
    publish_article(article=article)
    assert article.get_absolute_url() == "/guides/second/"
    assert where(client, "/guides/first/") == (301, "/guides/second/")
    html = client.get("/guides/second/").content.decode()
    assert 'rel="canonical" href="http://127.0.0.1:8000/guides/second/"' in html
    assert "/guides/first/" not in html


def test_many_moves_are_one_step_and_cost_the_same(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    moved(make_published_article("a"), "b", "c", "d")
    for former in ("a", "b", "c"):
        with django_assert_num_queries(2):
            assert where(client, f"/guides/{former}/") == (301, "/guides/d/")


def test_going_back_makes_no_loop(client: Client) -> None:
    moved(make_published_article("a"), "b", "a")
    assert where(client, "/guides/a/")[0] == 200
    assert where(client, "/guides/b/") == (301, "/guides/a/")
    assert ArticleAddress.objects.count() == 1


def test_two_articles_may_change_places(client: Client) -> None:
    one, two = make_published_article("one"), make_published_article("two")
    moved(one, "between")
    moved(two, "one")
    moved(one, "two")
    assert where(client, "/guides/one/")[0] == where(client, "/guides/two/")[0] == 200
    assert where(client, "/guides/between/") == (301, "/guides/two/")


def test_an_address_readers_use_now_is_refused_with_the_article_that_has_it() -> None:
    with_slug(make_published_article("first", title="The first"), "second")
    with pytest.raises(ArticleError, match="Readers find “The first” at the address “first” until"):
        make_article("first")


def test_a_former_address_is_taken_over_by_who_is_published_there(client: Client) -> None:
    moved(make_published_article("first"), "second")
    make_published_article("first", title="Newcomer")
    assert "Newcomer" in client.get("/guides/first/").content.decode()
    assert not ArticleAddress.objects.exists()


def test_what_came_between_is_refused_at_the_publication_too() -> None:
    article = make_published_article("first")
    late = make_article("late")
    Article.objects.filter(pk=article.pk).update(slug="elsewhere")
    Article.objects.filter(pk=late.pk).update(slug="first")
    with pytest.raises(PublishError, match="Take another slug"):
        publish_article(article=late)


def test_a_retired_article_gives_its_address_up(client: Client) -> None:
    old = make_published_article("first")
    retire_article(article=old)
    with_slug(old, "archive")
    make_published_article("first", title="Newcomer")
    publish_article(article=old)
    assert where(client, "/guides/archive/")[0] == 200
    assert "Newcomer" in client.get("/guides/first/").content.decode()


def test_a_former_address_of_a_retired_article_leads_nowhere(client: Client) -> None:
    retire_article(article=moved(make_published_article("a"), "b"))
    assert where(client, "/guides/a/")[0] == 404


def test_a_kind_that_changed_while_retired_leaves_a_redirect_too(client: Client) -> None:
    article = make_published_article("picks")
    retire_article(article=article)
    article.kind = "best_of"
    publish_article(article=edit_article(article=article, blocks=WORDS))
    assert where(client, "/guides/picks/") == (301, "/best/picks/")


def test_links_by_a_former_slug_go_on_working() -> None:
    article = with_slug(moved(make_published_article("a"), "b"), "c")
    names = ["article:a", "article:b", "article:c", "article:d"]
    assert own_addresses(names) == dict.fromkeys(names[:3], article.get_absolute_url())
    assert dangling(names) == ["article:d"]


def test_the_api_leads_from_a_former_slug_to_todays(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    moved(make_published_article("a"), "b", "c")
    for former in ("a", "b"):
        with django_assert_num_queries(2):
            answer = client.get(f"/api/v1/articles/{former}/")
        assert (answer.status_code, answer["Location"]) == (308, "/api/v1/articles/c/")
        assert answer["Content-Type"] == "application/problem+json"
        assert "slug is “c” now" in answer.json()["detail"]
    assert client.get(answer["Location"]).json()["slug"] == "c"
    assert client.get("/api/v1/articles/d/").status_code == 404


def test_the_api_says_nothing_of_an_article_that_was_retired_after_it_moved(client: Client) -> None:
    article = moved(make_published_article("a"), "b")
    retire_article(article=article)
    assert client.get("/api/v1/articles/a/").status_code == 404


def test_everything_that_lists_articles_names_the_address_readers_use(client: Client) -> None:
    article = with_slug(make_published_article("shown"), "drafted")
    paths = ("/", "/guides/", "/feed/", "/sitemap-articles.xml", "/api/v1/articles/", "/authors/ada-field/")
    for path in paths:
        body = client.get(path).content.decode()
        assert "/guides/shown/" in body, path
        assert "drafted" not in body, path
    assert client.get("/api/v1/articles/shown/").json()["slug"] == "shown"
    moved(article, "drafted")
    for path in paths:
        assert "/guides/drafted/" in client.get(path).content.decode(), path


def test_who_follows_the_feed_is_not_told_again_because_an_article_moved(client: Client) -> None:
    article = make_published_article("a", now=datetime(2026, 1, 2, tzinfo=UTC))
    before = client.get("/feed/").content.decode()
    assert "<id>http://127.0.0.1:8000/guides/a/</id>" in before
    moved(article, "b", "c")
    assert "<id>http://127.0.0.1:8000/guides/a/</id>" in client.get("/feed/").content.decode()

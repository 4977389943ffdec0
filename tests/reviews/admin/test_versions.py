"""Any two states of an article are compared, and one is made the working copy again."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from reviews.desk.publishing import publish_article
from reviews.desk.restoring import restore
from reviews.models import Article, DraftVersion
from reviews.services.articles import BlockInput, edit_article
from reviews.services.drafts import draft_content
from tests.factories import make_article, make_author, make_product, make_published_article, make_staff

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 5, 4, 12, tzinfo=UTC)


def words(text: str) -> BlockInput:
    return BlockInput("prose", {"html": f"<p>{text}</p>"})


def rewritten(article: Article, *texts: str, **fields: Any) -> Article:
    for name, value in fields.items():
        setattr(article, name, value)
    return edit_article(article=article, blocks=[words(text) for text in texts])


@pytest.fixture
def editor(client: Client) -> User:
    user = make_staff("editor", "reviews.view_article", "reviews.change_article", "reviews.review_article")
    client.force_login(user)
    return user


@pytest.fixture
def article() -> Article:
    """Published twice, and written on since."""
    made = make_published_article(blocks=[words("The first quiet words."), words("Kept.")], note="It begins.")
    publish_article(article=rewritten(made, "The second loud words.", "Kept."), note="Louder.")
    return rewritten(made, "The third words.", "Kept.", "New.", title="Another <b>title</b>")


def get(client: Client, name: str, article: Article, **query: str) -> str:
    answer = client.get(reverse(f"admin:reviews_article_{name}", args=[article.pk]), query)
    assert answer.status_code == 200
    return answer.content.decode()


def test_every_state_is_listed_with_who_when_and_why(client: Client, editor: User, article: Article) -> None:
    html = get(client, "versions", article)
    for said in ("Working copy", "Revision 1", "Revision 2", "It begins.", "Louder.", "● readers see it"):
        assert said in html
    assert html.index("Revision 2") < html.index("Revision 1")


def test_two_states_are_compared_by_fields_and_blocks(client: Client, editor: User, article: Article) -> None:
    html = get(client, "compare", article, **{"from": "r1", "to": "now"})
    assert "[removed: </span> first quiet" in html
    assert "[added: </span> third" in html
    assert 'Block 3 (Text) <span class="state state-added">added' in html
    assert html.count("<iframe") == 2
    assert "Nothing differs" in get(client, "compare", article, **{"from": "r1", "to": "r1"})


def test_a_title_cannot_smuggle_markup_into_the_comparison(client: Client, editor: User, article: Article) -> None:
    html = get(client, "compare", article, **{"from": "r2", "to": "now"})
    assert "<b>title" not in html
    assert "&lt;b&gt;title" in html


def test_a_state_that_is_not_there_is_said_not_to_be(client: Client, editor: User, article: Article) -> None:
    other = make_published_article("other")
    foreign = DraftVersion.objects.create(article=other, content=draft_content(other), why="review", created_at=NOW)
    url = reverse("admin:reviews_article_compare", args=[article.pk])
    for name in ("r7", f"d{foreign.pk}", "<script>"):
        assert client.get(url, {"from": name, "to": "now"}).status_code == 404


def test_a_state_is_restored_and_what_was_there_is_kept(client: Client, editor: User, article: Article) -> None:
    url = reverse("admin:reviews_article_restore", args=[article.pk])
    answer = client.post(url, {"version": "r1"}, follow=True)
    assert "The working copy is Revision 1 again." in answer.content.decode()
    article.refresh_from_db()
    assert article.title == "A guide"
    assert [block.data["html"] for block in article.blocks.all()] == ["<p>The first quiet words.</p>", "<p>Kept.</p>"]
    kept = DraftVersion.objects.get()
    assert (kept.why, kept.created_by) == ("replaced", editor)
    assert kept.content["article"]["title"] == "Another <b>title</b>"
    assert "The second loud words." in client.get(article.get_absolute_url()).content.decode()
    client.post(url, {"version": f"d{kept.pk}"})
    article.refresh_from_db()
    assert article.blocks.count() == 3


def test_restoring_what_is_there_changes_and_keeps_nothing(article: Article) -> None:
    version = article.version
    restored = restore(article=article, content=draft_content(article), by=None, now=NOW)
    assert (restored.kept, restored.missing) == (None, ())
    article.refresh_from_db()
    assert article.version == version


def test_restoring_raises_the_version_so_that_who_has_it_open_is_told(article: Article) -> None:
    version = article.version
    restore(article=article, content=article.revisions.get(number=1).content, by=None, now=NOW)
    assert article.version == version + 1


def test_blocks_keep_their_keys(article: Article) -> None:
    content = article.revisions.get(number=1).content
    rewritten(article, "Only this.")
    restore(article=article, content=content, by=None, now=NOW)
    assert [block.key for block in article.blocks.all()] == [block["key"] for block in content["blocks"]]


def test_what_is_gone_is_named_and_the_rest_comes_back() -> None:
    one, two = make_product("One"), make_product("Two")
    cards = [BlockInput("product_card", {"text": "Good."}, [product]) for product in (one, two)]
    made = make_article(blocks=[*cards, words("Kept.")], reviewer=make_author("Ben Low"))
    content = draft_content(made)
    content["blocks"][-1]["kind"] = "prose"
    content["blocks"].append({"key": "x", "kind": "carousel", "data": {}, "products": []})
    rewritten(made, "Other.", reviewer=None)
    gone = two.pk
    two.delete()
    content["article"]["reviewer"] = "nobody"
    restored = restore(article=made, content=content, by=None, now=NOW)
    said = "\n".join(restored.missing)
    assert f"Block 3 (Product card): product {gone} was deleted." in said
    assert "Block 3 (Product card): is left out, since it does not fit any more: Products: 0 named; it takes 1." in said
    assert "(carousel): is left out: this kind is not installed any more." in said
    assert "there is no author “nobody” any more" in said
    assert [block.kind for block in made.blocks.all()][-2:] == ["product_card", "prose"]


def test_what_is_fixed_while_readers_see_it_stays(article: Article) -> None:
    make_author("Ben Low")
    content = {**article.revisions.get(number=1).content}
    content["article"] = {**content["article"], "author": "ben-low", "slug": "moved"}
    restored = restore(article=article, content=content, by=None, now=NOW)
    assert restored.missing == ("The author stays as it is: readers see this article now.",)
    assert (article.author.slug, article.slug) == ("ada-field", "moved")


def test_a_slug_that_another_article_has_by_now_is_not_taken(article: Article) -> None:
    content = article.revisions.get(number=1).content
    publish_article(article=rewritten(article, "Words.", slug="moved"))
    make_published_article("a-guide", title="Newcomer")
    restored = restore(article=article, content=content, by=None, now=NOW)
    assert restored.missing == ("Slug: another article has “a-guide” now, so “moved” stays.",)


def test_who_may_only_look_restores_nothing(client: Client, article: Article) -> None:
    client.force_login(make_staff("looker", "reviews.view_article", "reviews.review_article"))
    assert "Restore" not in get(client, "compare", article, **{"from": "r1", "to": "now"})
    url = reverse("admin:reviews_article_restore", args=[article.pk])
    assert client.post(url, {"version": "r1"}).status_code == 403
    assert client.get(url).status_code == 405


def test_sixty_blocks_and_many_versions_cost_no_more(
    client: Client, editor: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    small = make_published_article("small", blocks=[words("one"), words("two")])
    large = make_published_article("large", blocks=[words(f"Block {number}.") for number in range(60)])
    for number in range(5):
        publish_article(article=rewritten(large, *[f"Block {block}, {number}." for block in range(60)]))
    for name, query in (("versions", {}), ("compare", {"from": "r1", "to": "now"})):
        get(client, name, small, **query)
        with CaptureQueriesContext(connection) as captured:
            get(client, name, small, **query)
        with django_assert_num_queries(len(captured)):
            get(client, name, large, **query)

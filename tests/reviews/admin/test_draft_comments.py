"""Colleagues talk about a working copy, beside the block they mean, with and without a script."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from reviews.models import Article, DraftComment
from reviews.services.articles import BlockInput, edit_article
from tests.factories import make_article, make_author, make_colleague

pytestmark = pytest.mark.django_db


def url(article: Article) -> str:
    return reverse("admin:reviews_article_comments", args=[article.pk])


def change_url(article: Article) -> str:
    return reverse("admin:reviews_article_change", args=[article.pk])


@pytest.fixture
def ines(client: Client) -> Any:
    user = make_colleague("ines", "Editor")
    client.force_login(user)
    return user


def say(client: Client, article: Article, text: str = "Is that so?", *, key: str = "", **more: str) -> DraftComment:
    client.post(url(article), {"act": f"write-{key}", f"text-{key}": text, **more})
    return DraftComment.objects.latest("pk")


def test_a_comment_stands_beside_its_block_in_the_form_with_the_words_it_is_about(client: Client, ines: Any) -> None:
    article = make_article(
        blocks=[BlockInput("prose", {"html": "<p>One.</p>"}), BlockInput("prose", {"html": "<p>Two.</p>"})]
    )
    second = article.blocks.last()
    assert second is not None
    said = say(client, article, key=second.key, **{f"quote-{second.key}": "Two."})
    assert (said.block_key, said.quote, said.written_by) == (second.key, "Two.", ines)
    html = client.get(change_url(article)).content.decode()
    place = html.partition(f'id="comments-{second.key}"')[2].partition("</article>")[0]
    assert "Is that so?" in place
    assert "Two." in place
    assert "Block 2 (Text)" in client.get(url(article)).content.decode()


def test_it_leads_back_to_where_it_was_sent_from_and_nowhere_else(client: Client, ines: Any) -> None:
    article = make_article()
    sent = {"act": "write-", "text-": "Good.", "next": change_url(article)}
    answer = client.post(url(article), sent)
    assert answer["Location"] == f"{change_url(article)}#comment-{DraftComment.objects.get().pk}"
    evil = client.post(url(article), {**sent, "next": "https://evil.example/"})
    assert evil["Location"].startswith(url(article))


def test_threads_are_answered_settled_and_opened_again(client: Client, ines: Any) -> None:
    article = make_article()
    first = say(client, article)
    client.post(url(article), {"act": f"resolve-{first.pk}"})
    first.refresh_from_db()
    assert first.resolved_by == ines
    client.post(url(article), {"act": f"reopen-{first.pk}"})
    first.refresh_from_db()
    assert (first.resolved_at, first.resolved_by) == (None, None)
    client.post(url(article), {"act": f"resolve-{first.pk}"})
    client.post(url(article), {"act": f"answer-{first.pk}", f"answer-{first.pk}": "It is."})
    first.refresh_from_db()
    assert first.answers.get().text == "It is."
    assert first.resolved_at is None, "an answer opens a settled thread again"


def test_an_answer_to_an_answer_joins_the_same_thread(client: Client, ines: Any) -> None:
    article = make_article()
    first = say(client, article)
    client.post(url(article), {"act": f"answer-{first.pk}", f"answer-{first.pk}": "One."})
    answer = first.answers.get()
    client.post(url(article), {"act": f"answer-{answer.pk}", f"answer-{answer.pk}": "Two."})
    assert first.answers.count() == 2


@pytest.mark.parametrize(
    ("text", "said"),
    [("   ", "Nothing was written"), ("x" * 4001, "The comment is 4001 characters long; 4000 fit.")],
    ids=["nothing", "too long"],
)
def test_what_cannot_be_stored_says_why(client: Client, ines: Any, text: str, said: str) -> None:
    article = make_article()
    answer = client.post(url(article), {"act": "write-", "text-": text}, follow=True)
    assert said in answer.content.decode()
    piece = client.post(url(article), {"act": "write-", "text-": text, "piece": "1"})
    assert (piece.status_code, said in piece.content.decode()) == (422, True)
    assert not DraftComment.objects.exists()


def test_with_a_script_the_blocks_threads_come_back_alone(client: Client, ines: Any) -> None:
    article = make_article()
    block = article.blocks.get()
    sent = {"act": f"write-{block.key}", f"text-{block.key}": "Really?", "piece": "1"}
    html = client.post(url(article), sent).content.decode()
    assert html.strip().startswith("<div")
    assert f'data-comments="{block.key}"' in html
    assert "Really?" in html
    assert "<html" not in html


def test_markup_in_a_comment_is_words(client: Client, ines: Any) -> None:
    article = make_article()
    key = article.blocks.get().key
    say(client, article, "<img src=x onerror=alert(1)>", key=key, **{f"quote-{key}": "<b>quote</b>"})
    for page in (change_url(article), url(article)):
        html = client.get(page).content.decode()
        assert "<img src=x" not in html
        assert "<b>quote" not in html


def test_a_comment_outlives_its_block(client: Client, ines: Any) -> None:
    article = make_article(blocks=[BlockInput("prose", {"html": "<p>One.</p>"}), BlockInput("faq", FAQ)])
    key = article.blocks.get(kind="faq").key
    say(client, article, "Kept?", key=key)
    edit_article(article=article, blocks=[BlockInput("prose", {"html": "<p>One.</p>"})])
    html = client.get(change_url(article)).content.decode()
    assert "Kept?" in html
    assert "A block that is gone" in html
    client.post(url(article), {"act": f"write-{key}", f"text-{key}": "Too late."})
    assert DraftComment.objects.count() == 1


def test_a_comment_of_another_article_is_not_answered_here(client: Client, ines: Any) -> None:
    first = say(client, make_article())
    other = make_article("another")
    assert client.post(url(other), {"act": f"resolve-{first.pk}"}).status_code == 404
    assert client.post(url(other), {"act": "resolve-²"}).status_code == 404


def test_a_writer_comments_on_own_articles_only(client: Client) -> None:
    writer = make_colleague("theo", "Writer")
    client.force_login(writer)
    mine = make_article("mine", author=make_author("Theo Brandt", user=writer))
    others = make_article("others", author=make_author("Somebody Else"))
    say(client, mine)
    assert client.post(url(others), {"act": "write-", "text-": "x"}).status_code == 403
    assert DraftComment.objects.get().article == mine


def test_who_may_look_but_not_comment_gets_no_inputs(client: Client) -> None:
    reader = make_colleague("reader", "Editor")
    reader.groups.clear()
    for codename in ("view_article", "review_article"):
        from django.contrib.auth.models import Permission

        reader.user_permissions.add(Permission.objects.get(codename=codename))
    client.force_login(reader)
    article = make_article()
    assert "Send comment" not in client.get(url(article)).content.decode()
    assert client.post(url(article), {"act": "write-", "text-": "x"}).status_code == 403


def test_looking_is_no_act(client: Client, ines: Any) -> None:
    article = make_article()
    client.get(url(article), {"act": "write-", "text-": "x"})
    assert not DraftComment.objects.exists()


def test_the_page_asks_as_many_queries_for_twenty_threads_as_for_two(client: Client, ines: Any) -> None:
    article = make_article()

    def queries() -> int:
        with CaptureQueriesContext(
            connection,
        ) as caught:
            client.get(url(article))
        return len(caught)

    for number in range(2):
        say(client, article, f"No. {number}")
    few = queries()
    for number in range(18):
        first = say(client, article, f"No. {number + 2}")
        client.post(url(article), {"act": f"answer-{first.pk}", f"answer-{first.pk}": "Yes."})
    assert queries() == few


FAQ = {"title": "Questions", "items": [{"question": "Does it fold?", "answer": "<p>No.</p>"}]}

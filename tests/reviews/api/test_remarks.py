"""Remarks for machines: the selectors of the Web Annotation model, and the rules of the form."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from reviews.desk.publishing import publish_article
from reviews.models import Article, Comment, CommentPassage
from reviews.services.articles import BlockInput
from tests.factories import make_comment, make_published_article, make_remark

pytestmark = pytest.mark.django_db(transaction=True)

URL = "/api/v1/articles/a-guide/remarks/"
HTML = "<p>They weigh 250 grams and fold flat. Nothing creaks yet.</p>"
SENT = {"name": "Robin", "text": "254 grams.", "exact": "250 grams", "prefix": "They weigh ", "suffix": " and fold"}


@pytest.fixture
def article() -> Article:
    return make_published_article("a-guide", blocks=[BlockInput(kind="prose", data={"html": HTML})])


def send(**sent: Any) -> tuple[int, Any]:
    answer = Client().post(URL, {**SENT, **sent}, content_type="application/json")
    return answer.status_code, answer.json()


def test_a_remark_says_what_was_marked_and_where_it_is_now(article: Article) -> None:
    make_remark(article, "250 grams", "254.")
    make_remark(article, "Nothing creaks yet", "It does.")
    make_comment(article, "No remark.")
    article.blocks.filter(kind="prose").update(data={"html": "<p>New. They weigh 250 grams and fold flat.</p>"})
    publish_article(article=article)
    gone, kept = Client().get(URL).json()["results"]
    assert (gone["state"], gone["now"]) == ("gone", None)
    assert kept["state"] == "exact"
    quote, position = kept["marked"]["selector"]
    assert (quote["type"], quote["exact"]) == ("TextQuoteSelector", "250 grams")
    assert (position["start"], kept["now"]["selector"][1]["start"]) == (11, 16)
    assert (kept["marked"]["revision"], kept["now"]["revision"]) == (1, 2)


def test_one_is_sent_and_waits(article: Article) -> None:
    status, said = send()
    assert status == 201
    assert (said["state"], len(said["reasons"])) == ("held", 1)
    assert CommentPassage.objects.get().exact == "250 grams"
    assert Client().get(URL).json()["results"] == []


@pytest.mark.parametrize(
    ("sent", "field"),
    [({"exact": "not there at all"}, "exact"), ({"name": " "}, "name"), ({"hear": True}, "email")],
)
def test_what_is_wrong_has_its_field(article: Article, sent: dict[str, Any], field: str) -> None:
    status, said = send(**sent)
    assert status == 400
    assert {one["field"] for one in said["errors"]} == {field}
    assert not Comment.objects.exists()


def test_an_unknown_parameter_and_an_unknown_article_are_refused(article: Article) -> None:
    assert Client().get(f"{URL}?order=new").status_code == 400
    assert Client().get("/api/v1/articles/nothing/remarks/").status_code == 404


def test_the_feed_of_comments_has_remarks_with_their_words(article: Article) -> None:
    make_remark(article, "250 grams", "254.")
    feed = Client().get("/guides/a-guide/comments/feed/").content.decode()
    assert "Robin on “250 grams”" in feed
    comments = Client().get("/api/v1/articles/a-guide/comments/").json()["results"]
    assert comments == []

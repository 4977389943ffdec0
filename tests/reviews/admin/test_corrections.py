"""An editor writes down what was wrong, from the article or from a reader's remark; each article's own people only."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from reviews.desk.publishing import publish_article
from reviews.models import Article, AuditLine, Comment, Correction
from tests.factories import (
    make_article,
    make_author,
    make_colleague,
    make_comment,
    make_correction,
    make_published_article,
)

pytestmark = pytest.mark.django_db
ADD = "/admin/reviews/correction/add/"
TYPED = {
    "kind": "factual",
    "passage": "weighs 200 grams",
    "wrong": "We said it weighs 200 grams.",
    "right": "It weighs 250 grams.",
    "day": "2026-03-01",
    "source": "reader",
    "credit": "Ana K.",
}


@pytest.fixture
def editor(client: Client) -> Client:
    client.force_login(make_colleague("ed", "Editor"))
    return client


def remark(article: Article, **fields: Any) -> Comment:
    return make_comment(article, "It is <b>heavier</b>.", **{"source_id": "1", "name": "Ana", **fields})


def test_one_is_written_down_from_the_article_and_stands_in_its_form(editor: Client) -> None:
    article = make_article()
    form = editor.get(f"/admin/reviews/article/{article.pk}/change/").content.decode()
    assert f'href="{ADD}?article={article.pk}"' in form
    answer = editor.post(f"{ADD}?article={article.pk}", TYPED, follow=True)
    assert answer.redirect_chain[-1][0] == f"/admin/reviews/article/{article.pk}/change/#corrections"
    html = answer.content.decode()
    assert "Readers get it when the article is published next." in html
    assert "It weighs 250 grams." in html
    assert "Waits for publication" in html
    assert Correction.objects.get().article == article


def test_a_remark_of_a_reader_is_made_a_correction_with_their_name_filled_in(editor: Client) -> None:
    said = remark(make_article())
    html = editor.get(f"/admin/reviews/comment/{said.pk}/change/").content.decode()
    assert f'href="{ADD}?remark={said.pk}"' in html
    form = editor.get(f"{ADD}?remark={said.pk}").content.decode()
    assert "It is &lt;b&gt;heavier&lt;/b&gt;." in form
    assert 'value="Ana"' in form
    editor.post(f"{ADD}?remark={said.pk}", TYPED)
    row = Correction.objects.get()
    assert (row.remark, row.article) == (said, said.article)
    assert "Corrections made of it" in editor.get(f"/admin/reviews/comment/{said.pk}/change/").content.decode()


def test_it_stands_in_the_log_of_changes(editor: Client) -> None:
    editor.post(f"{ADD}?article={make_article().pk}", TYPED)
    assert LogEntry.objects.filter(object_repr="It weighs 250 grams.").exists()
    assert AuditLine.objects.filter(object_name="It weighs 250 grams.").exists()


@pytest.mark.parametrize(
    ("wrong", "message"),
    [({"right": ""}, "This field is required"), ({"day": "2999-01-01"}, "This day is still to come")],
    ids=["empty", "to come"],
)
def test_a_slip_is_said_and_nothing_typed_is_lost(editor: Client, wrong: dict[str, str], message: str) -> None:
    html = editor.post(f"{ADD}?article={make_article().pk}", {**TYPED, **wrong}).content.decode()
    assert message in html
    assert "We said it weighs 200 grams." in html
    assert not Correction.objects.exists()


def test_a_writer_corrects_own_articles_and_nobody_elses(client: Client) -> None:
    writer = make_colleague("wri", "Writer")
    own = make_article("own", author=make_author("Wri Ter"))
    own.author.user = writer
    own.author.save()
    other = make_article("other", author=make_author("Some Body"))
    client.force_login(writer)
    assert client.post(f"{ADD}?article={own.pk}", TYPED).status_code == 302
    assert client.post(f"{ADD}?article={other.pk}", TYPED).status_code == 403
    assert client.get(f"{ADD}?remark={remark(other).pk}").status_code == 403
    row = make_correction(other)
    assert client.get(f"/admin/reviews/correction/{row.pk}/change/").status_code == 302
    assert [found.article for found in Correction.objects.exclude(pk=row.pk)] == [own]


def test_what_readers_were_told_is_not_taken_back_but_its_words_can_be_put_right(editor: Client) -> None:
    article = make_published_article()
    row = make_correction(article)
    assert editor.get(f"/admin/reviews/correction/{row.pk}/delete/").status_code == 200
    publish_article(article=article)
    assert editor.get(f"/admin/reviews/correction/{row.pk}/delete/").status_code == 403
    editor.post(f"/admin/reviews/correction/{row.pk}/change/", TYPED)
    row.refresh_from_db()
    assert row.right == "It weighs 250 grams."
    client = Client()
    client.force_login(make_colleague("mod", "Moderator"))
    assert client.get("/admin/reviews/correction/").status_code == 403


def test_the_day_that_readers_see_cannot_be_emptied(editor: Client) -> None:
    article = make_published_article()
    row = make_correction(article)
    change = f"/admin/reviews/correction/{row.pk}/change/"
    assert editor.post(change, {**TYPED, "day": ""}).status_code == 302  # it waits: its day will be that of publication
    publish_article(article=article)
    html = editor.post(change, {**TYPED, "day": ""}).content.decode()
    assert "Give the day on which it was made." in html
    row.refresh_from_db()
    assert row.day is not None


def test_without_an_article_the_form_says_where_to_begin(editor: Client) -> None:
    html = editor.get(ADD, follow=True).content.decode()
    assert "Open the article that was wrong" in html


def test_the_list_costs_the_same_for_twenty_and_for_two_hundred(editor: Client) -> None:
    counts = []
    for first, last in ((0, 20), (20, 200)):
        for number in range(first, last):
            make_correction(make_article(f"a-{number}"))
        with CaptureQueriesContext(connection) as queries:
            editor.get("/admin/reviews/correction/")
        counts.append(len(queries))
    assert counts[0] == counts[1]
    assert b"It weighs 250 grams." in b"".join(
        editor.get("/admin/reviews/correction/export/").streaming_content  # type: ignore[attr-defined]
    )

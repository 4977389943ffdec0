"""What readers said on the old site stands here under its day and name, in its thread, and nobody's address is kept."""

from __future__ import annotations

import importlib
from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.test import Client

from readers import personal_data
from readers.models import Reader
from reviews.comments.moved_text import moved_text
from reviews.comments.text import LONGEST_TEXT
from reviews.models import Article, Comment
from reviews.services.comments import CommentInput, write_comment
from reviews.services.moved_comments import OldComment, take_over_comment
from tests.factories import make_published_article

pytestmark = pytest.mark.django_db(transaction=True)
DAY = datetime(2019, 3, 6, 8, tzinfo=UTC)


def old(number: int, html: str, **told: Any) -> OldComment:
    given: dict[str, Any] = {"name": "Rae", "address": "rae@mail.example", "written_at": DAY, "is_approved": True}
    return OldComment(source_id=str(number), html=html, **{**given, **told})


def take(article: Article, one: OldComment, answered: Comment | None = None) -> Comment:
    made = take_over_comment(one, article=article, answered=answered)
    assert made is not None
    return made


def test_it_stands_under_the_article_in_its_thread_with_its_day() -> None:
    article = make_published_article("a-guide")
    first = take(article, old(1, "Mine <b>creak</b>."))
    second = take(article, old(2, "Mine too", name="Kim"), first)
    third = take(article, old(3, "And mine", name=""), second)
    assert [(row.parent_id, row.place) for row in (first, second, third)] == [(None, 0), (first.pk, 1), (first.pk, 2)]
    html = Client().get("/guides/a-guide/").content.decode()
    assert "Mine <strong>creak</strong>." in html
    assert "6 Mar 2019" in html
    assert "A reader" in html


def test_what_waited_waits_with_its_reason_and_is_in_nobodys_way(monkeypatch: pytest.MonkeyPatch) -> None:
    from reviews.comments import rules as comment_rules

    monkeypatch.setattr(comment_rules, "MOST_WAITING_HERE", 2)
    article = make_published_article("a-guide")
    for number in range(3):
        row = take(article, old(number, f"Number {number}", is_approved=False))
        assert (row.state, len(row.reasons)) == ("held", 1)
    write_comment(CommentInput(name="Kim", text="New"), article=article, now=datetime.now(tz=UTC))


def test_no_address_is_kept_and_its_owner_can_have_it_erased() -> None:
    article = make_published_article("a-guide")
    take(article, old(1, "Mine creak.", address=" Rae@Mail.example"))
    assert not Reader.objects.exists()
    assert not [row for row in Comment.objects.values() if "mail.example" in str(row)]
    (source,) = (one for one in personal_data.sources() if one.key == "comments")
    assert len(source.export("rae@mail.example")) == 1
    source.erase("rae@mail.example", now=DAY)
    assert Comment.objects.get().name == "A reader"


def test_taking_it_over_twice_changes_nothing() -> None:
    article = make_published_article("a-guide")
    take(article, old(1, "Mine creak."))
    assert take_over_comment(old(1, "Mine creak!"), article=article, answered=None) is None
    assert take_over_comment(old(2, '<img src="x.gif">'), article=article, answered=None) is None
    assert Comment.objects.count() == 1


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("One\r\ntwo\r\n\r\nthree", "One\ntwo\n\nthree"),
        ("<p>One</p><p>two <em>three</em></p>", "One\n\ntwo *three*"),
        ('See <a href="https://x.example/a_b">this</a>', "See [this](https://x.example/a_b)"),
        ("2 * 3 = 6 &amp; a_b &lt;c&gt;", "2 * 3 = 6 & a_b <c>"),
        ("<blockquote>said</blockquote>no", "> said\n\nno"),
        ("<script>alert(1)</script>", "alert(1)"),
        ('<img src="x">', ""),
    ],
)
def test_html_becomes_the_few_marks_that_comments_have(html: str, text: str) -> None:
    assert moved_text(html) == text


def test_a_very_long_one_is_cut_and_says_so() -> None:
    text = moved_text("a" * (LONGEST_TEXT + 5))
    assert len(text) == LONGEST_TEXT
    assert text.endswith(" […]")


def test_those_that_moved_here_before_are_taken_over_with_their_corrections() -> None:
    article = make_published_article("a-guide")
    executor = MigrationExecutor(connection)
    try:
        executor.migrate([("reviews", "0025_remarks")])
        apps = executor.loader.project_state([("reviews", "0025_remarks")]).apps
        moved, corrections = (apps.get_model("reviews", name) for name in ("MovedComment", "Correction"))
        given = {"article_id": article.pk, "name": "Rae", "email": "rae@mail.example", "written_at": DAY}
        first = moved.objects.create(source_id="1", text="Mine creak.", state="approved", **given)
        moved.objects.create(source_id="2", text="Mine too.", state="held", parent=first, **given)
        moved.objects.create(source_id="3", text="Casino", state="spam", **given)
        corrections.objects.create(
            article_id=article.pk, wrong="a", right="b", comment=first, created_at=DAY, day=DAY.date()
        )
    finally:
        executor = MigrationExecutor(connection)
        executor.migrate(executor.loader.graph.leaf_nodes())
    rows = list(Comment.objects.order_by("pk"))
    assert [(row.source_id, row.state, row.place) for row in rows] == [("1", "shown", 0), ("2", "held", 1)]
    assert rows[1].parent == rows[0]
    assert [row.remark for row in article.corrections.all()] == [rows[0]]
    assert rows[1].reasons[0] == importlib.import_module("reviews.migrations.0026_moved_comments").HELD

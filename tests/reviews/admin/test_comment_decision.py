"""A comment that was shown at once can be taken away and answered, and one that was taken away can be shown again."""

from __future__ import annotations

import pytest
from django.test import Client
from django.utils import timezone

from reviews.models import Article, Comment, CommentBan
from reviews.services.comment_decisions import decide_comment
from tests.factories import make_colleague, make_comment

pytestmark = pytest.mark.django_db(transaction=True)


def page_of(comment: Comment) -> str:
    return f"/admin/reviews/comment/{comment.pk}/decide/"


def press(desk: Client, comment: Comment, act: str, **more: str) -> str:
    """As its page stands: with the state that is shown there."""
    sent = {"act": act, "seen": comment.state, **more}
    html = desk.post(page_of(comment), sent, follow=True).content.decode()
    comment.refresh_from_db()
    return html


def readers_see(words: str) -> bool:
    return words in Client().get("/guides/a-guide/").content.decode()


@pytest.mark.parametrize(("act", "state"), [("delete", "deleted"), ("spam", "spam"), ("refuse", "refused")])
def test_what_was_shown_at_once_is_taken_away_and_shown_again(
    act: str, state: str, article: Article, desk: Client
) -> None:
    comment = make_comment(article, "Somebody lives at 12 Mill Lane.")
    assert page_of(comment) in desk.get(f"/admin/reviews/comment/{comment.pk}/change/").content.decode()
    press(desk, comment, act, reason="A private address.")
    assert (comment.state, comment.decision) == (state, "A private address.")
    assert not readers_see("12 Mill Lane")
    assert "Show it after all" in desk.get(page_of(comment)).content.decode()
    press(desk, comment, "approve")
    assert readers_see("12 Mill Lane")


def test_what_was_shown_at_once_is_answered(article: Article, desk: Client) -> None:
    comment = make_comment(article, "Which pads fit?")
    assert "Write an answer" in press(desk, comment, "answer", answer=" \u200b")
    press(desk, comment, "answer", answer="Those of the older model.")
    assert comment.state == "shown"
    assert Comment.objects.get(parent=comment).role == "staff"
    assert readers_see("Those of the older model.")


def test_a_sender_is_banned_for_what_was_shown(article: Article, desk: Client) -> None:
    comment = make_comment(article, "Cheap watches.")
    html = press(desk, comment, "ban")
    assert "Say why" in html
    assert comment.state == "shown"
    press(desk, comment, "ban", reason="Sells watches.")
    assert (comment.state, CommentBan.objects.get().reason) == ("spam", "Sells watches.")


def test_a_page_that_has_grown_old_overrides_no_colleague(article: Article, desk: Client) -> None:
    comment = make_comment(article)
    decide_comment(comment_id=comment.pk, state="deleted", by=make_colleague("second", "Moderator"), now=timezone.now())
    html = press(desk, comment, "refuse", reason="Off the subject.")
    assert "is “Deleted” now" in html
    assert comment.state == "deleted"
    assert "by second" in html


@pytest.mark.parametrize("act", ["", "undo", "approve-all"])
def test_what_is_no_button_decides_nothing_and_keeps_what_was_typed(act: str, article: Article, desk: Client) -> None:
    comment = make_comment(article)
    assert "Half an answer" in press(desk, comment, act, answer="Half an answer")
    assert comment.state == "shown"


def test_who_may_not_decide_sees_nothing_and_changes_nothing(article: Article, desk: Client) -> None:
    comment, client = make_comment(article), Client()
    client.force_login(make_colleague("writer", "Writer"))
    assert client.get(page_of(comment)).status_code == 403
    assert client.post(page_of(comment), {"act": "delete", "seen": "shown"}).status_code == 403
    assert Client().get(page_of(comment)).status_code == 302
    assert desk.get("/admin/reviews/comment/999999/decide/").status_code == 404
    comment.refresh_from_db()
    assert comment.state == "shown"

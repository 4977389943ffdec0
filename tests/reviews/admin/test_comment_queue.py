"""A moderator reads what waits and decides with one press; it can be taken back, and the log says who and why."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone

from catalog.services.page_changes import carry_page_changes
from reviews.models import Article, AuditLine, Comment, CommentBan
from reviews.services.comment_decisions import decide_comment
from reviews.services.comments import CommentError, CommentInput, write_comment
from tests.factories import make_author, make_colleague, make_comment

pytestmark = pytest.mark.django_db(transaction=True)
QUEUE, DECIDE = "/admin/reviews/comment/queue/", "/admin/reviews/comment/queue/decide/"


def held(article: Article, text: str = "Mine creak.", **fields: object) -> Comment:
    return make_comment(article, text, **{"state": "held", "reasons": ["It is the first one."], **fields})


def press(desk: Client, comment: Comment, act: str, **more: str) -> Comment:
    desk.post(DECIDE, {"act": act, "comment": str(comment.pk), **more})
    comment.refresh_from_db()
    return comment


def test_what_has_waited_longest_stands_first_with_its_reasons(article: Article, desk: Client) -> None:
    held(article, "Younger.")
    held(article, "Older.", written_at=timezone.now() - timedelta(days=2))
    html = desk.get(QUEUE).content.decode()
    assert html.index("Older.") < html.index("Younger.")
    assert "2 comments wait" in html
    assert "waits 2 days" in html
    assert "It is the first one." in html
    assert "robin@reader.example" not in html


@pytest.mark.parametrize(
    ("act", "state"), [("approve", "shown"), ("spam", "spam"), ("refuse", "refused"), ("delete", "deleted")]
)
def test_each_button_decides_and_is_logged_and_can_be_taken_back(
    act: str, state: str, article: Article, desk: Client, moderator: User
) -> None:
    comment = press(desk, held(article), act, reason="Off the subject.")
    assert (comment.state, comment.decision, comment.decided_by) == (state, "Off the subject.", moderator)
    assert ("creak" in Client().get("/guides/a-guide/").content.decode()) == (state == "shown")
    line = AuditLine.objects.get(object_id=str(comment.pk), message__contains="Off the subject.")
    assert line.user == moderator
    assert press(desk, comment, "undo").state == "held"
    assert LogEntry.objects.filter(change_message__startswith="Taken back").count() == 1


def test_what_was_shown_is_shown_again_when_its_deletion_is_taken_back(
    article: Article, desk: Client, moderator: User
) -> None:
    comment = make_comment(article)
    decide_comment(comment_id=comment.pk, state="deleted", by=moderator, now=timezone.now())
    assert press(desk, comment, "undo").state == "shown"


@pytest.mark.parametrize("act", ["approve", "refuse", "delete", "ban", "answer"])
def test_a_page_that_has_grown_old_overrides_no_colleague(
    act: str, article: Article, desk: Client, moderator: User
) -> None:
    comment = held(article)
    meanwhile = "deleted" if act in ("approve", "answer") else "shown"
    decide_comment(comment_id=comment.pk, state=meanwhile, by=moderator, now=timezone.now())
    typed = {"reason": "Off the subject.", "answer": "Half an answer"}
    answer = desk.post(DECIDE, {"act": act, "comment": comment.pk, **typed})
    assert answer.status_code == 422
    assert "decided about since this page was opened" in answer.content.decode()
    comment.refresh_from_db()
    assert comment.state == meanwhile
    assert not CommentBan.objects.exists()
    assert Comment.objects.count() == 1


def test_the_same_press_twice_is_one_decision(article: Article, desk: Client) -> None:
    comment = held(article)
    for _ in range(2):
        assert desk.post(DECIDE, {"act": "spam", "comment": comment.pk}).status_code == 302
    comment.refresh_from_db()
    assert comment.state == "spam"
    assert LogEntry.objects.filter(change_message__startswith="Marked as spam").count() == 1


def test_refusing_needs_a_reason_and_what_was_typed_is_kept(article: Article, desk: Client) -> None:
    comment = held(article)
    answer = desk.post(DECIDE, {"act": "refuse", "comment": comment.pk, "reason": " ", "answer": "Half an answer"})
    assert answer.status_code == 422
    html = answer.content.decode()
    assert "Say why it is refused" in html
    assert "Half an answer" in html
    comment.refresh_from_db()
    assert comment.state == "held"


def test_a_ban_keeps_the_address_out_and_can_be_lifted(article: Article, desk: Client) -> None:
    comment = press(desk, held(article), "ban", reason="Sells watches.")
    assert comment.state == "spam"
    ban = CommentBan.objects.get()
    assert (ban.kind, ban.reason, ban.until) == ("address", "Sells watches.", None)
    given = CommentInput(name="R", text="More watches", address="robin@reader.example")
    with pytest.raises(CommentError, match="not taken for now"):
        write_comment(given, article=article, now=timezone.now())
    desk.post("/admin/reviews/commentban/", {"action": "lift", "_selected_action": ban.pk})
    assert not CommentBan.objects.exists()
    write_comment(given, article=article, now=timezone.now())


def test_without_an_address_the_network_is_banned_for_its_day(article: Article, desk: Client) -> None:
    press(desk, held(article, address_key="", network="abcd"), "ban", reason="Floods.")
    ban = CommentBan.objects.get()
    assert (ban.kind, ban.key) == ("network", "abcd")
    assert ban.until is not None
    assert timedelta(0) < ban.until - timezone.now() <= timedelta(days=1)
    again = held(article, "Forgotten.", address_key="", network="")
    answer = desk.post(DECIDE, {"act": "ban", "comment": again.pk, "reason": "Floods."})
    assert "nobody left to ban" in answer.content.decode()


def test_the_articles_author_answers_as_the_author_and_others_as_staff(article: Article, desk: Client) -> None:
    writer = make_colleague("ada", "Editor")
    author = article.author
    author.user = writer
    author.save()
    own = Client()
    own.force_login(writer)
    press(own, held(article), "answer", answer="We **measured** that again.")
    other = make_author("Ben Low")
    other.user = User.objects.get(username="mod")
    other.save()
    press(desk, held(article, "Another."), "answer", answer="Thank you.")
    labels = {one.text: (one.name, one.role) for one in Comment.objects.exclude(role="")}
    assert labels == {
        "We **measured** that again.": (author.name, "author"),
        "Thank you.": ("Ben Low", "staff"),
    }
    html = Client().get("/guides/a-guide/").content.decode()
    assert "Author of this article" in html
    assert "Works here" in html


def test_readers_see_an_approved_comment_at_once(article: Article, desk: Client, settings: object) -> None:
    settings.PAGE_CACHE_SECONDS = 300  # type: ignore[attr-defined]
    comment = held(article)
    carry_page_changes()
    for _ in range(2):
        assert "creak" not in Client().get("/guides/a-guide/").content.decode()
    press(desk, comment, "approve")
    assert "creak" in Client().get("/guides/a-guide/").content.decode()


@pytest.mark.parametrize("act", ["", "approve-all", "shown"])
def test_what_is_no_button_decides_nothing(act: str, article: Article, desk: Client) -> None:
    assert press(desk, held(article), act).state == "held"
    for number in ("", "x", "９", "9" * 30, "999"):
        assert desk.post(DECIDE, {"act": "approve", "comment": number}).status_code in (302, 422)


def test_who_may_not_decide_is_refused(article: Article) -> None:
    writer = make_colleague("writer", "Writer")
    client = Client()
    client.force_login(writer)
    assert client.get(QUEUE).status_code == 403
    assert client.post(DECIDE, {"act": "approve", "comment": held(article).pk}).status_code == 403
    assert Client().get(QUEUE).status_code == 302


def test_opening_the_address_of_the_buttons_does_nothing(desk: Client) -> None:
    assert desk.get(DECIDE).status_code == 405


def test_a_queue_of_twenty_asks_no_more_questions_than_one_of_one(article: Article, desk: Client) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    def asked() -> int:
        with CaptureQueriesContext(connection) as found:
            desk.get(QUEUE)
        return len(found)

    held(article)
    asked()
    few = asked()
    for number in range(30):
        held(article, f"Number {number}.")
    assert asked() == few


def choose(desk: Client, act: str, comments: list[Comment], **more: str) -> str:
    given = {"batch": "1", "act": act, "comment": [str(one.pk) for one in comments], **more}
    return desk.post(DECIDE, given, follow=True).content.decode()


def states(comments: list[Comment]) -> list[str]:
    return [Comment.objects.get(pk=one.pk).state for one in comments]


def test_several_are_decided_with_one_press_and_taken_back_with_one(
    article: Article, desk: Client, moderator: User
) -> None:
    comments = [held(article, f"Number {number}.") for number in range(3)]
    html = choose(desk, "spam", comments[:2])
    assert "2 comments were marked as spam." in html
    assert "Decided just now" in html
    assert states(comments) == ["spam", "spam", "held"]
    assert AuditLine.objects.filter(message="Marked as spam.", user=moderator).count() == 2
    html = choose(desk, "undo", comments[:2])
    assert "2 comments were put back as it was." not in html
    assert "2 comments were put back as they were." in html
    assert states(comments) == ["held"] * 3


def test_what_somebody_else_decided_meanwhile_stays(article: Article, desk: Client) -> None:
    comments = [held(article, "One."), held(article, "Two.", state="refused", state_before="held")]
    html = choose(desk, "approve", comments)
    assert "1 comment was approved. 1 had been decided about in the meantime" in html
    assert states(comments) == ["shown", "refused"]


@pytest.mark.parametrize("act", ["refuse", "ban", "answer", "", "approve-all"])
def test_what_needs_words_of_its_own_is_not_done_to_several(act: str, article: Article, desk: Client) -> None:
    comments = [held(article, "One."), held(article, "Two.")]
    assert "Nothing was decided" in choose(desk, act, comments, reason="Because.")
    assert states(comments) == ["held", "held"]


def test_none_chosen_is_said(desk: Client) -> None:
    assert "Nothing was decided: choose a comment" in choose(desk, "approve", [])


def test_one_decision_is_offered_to_be_taken_back_and_the_next_comment_is_marked(
    article: Article, desk: Client
) -> None:
    first, second = held(article, "One."), held(article, "Two.")
    answer = desk.post(DECIDE, {"act": "approve", "comment": first.pk, "next": second.pk, "order": "most"})
    assert answer["Location"] == f"{QUEUE}?order=most&did={first.pk}#comment-{second.pk}"
    assert "Take it back" in desk.get(f"{QUEUE}?did={first.pk}").content.decode()
    for nonsense in ("x", "1,,", "9" * 40, "-1", f"{second.pk}"):
        assert "Take it back" not in desk.get(f"{QUEUE}?did={nonsense}").content.decode()


@pytest.mark.parametrize(
    ("order", "names"),
    [("oldest", "ABC"), ("least", "BCA"), ("most", "ACB"), ("nonsense", "ABC")],
)
def test_what_waits_is_sorted_by_how_like_spam_it_is(order: str, names: str, article: Article, desk: Client) -> None:
    now = timezone.now()
    for number, (name, likeness) in enumerate((("A", 90), ("B", 10), ("C", 60))):
        held(
            article, f"By {name}", name=f"Reader {name}", likeness=likeness, written_at=now + timedelta(minutes=number)
        )
    html = desk.get(f"{QUEUE}?order={order}").content.decode()
    places = [html.index(f"<bdi>Reader {name}</bdi> <span") for name in names]
    assert places == sorted(places)


def test_spam_is_never_decided_by_itself(article: Article, desk: Client) -> None:
    """However like spam it is, it stands in the queue until somebody presses."""
    comment = held(article, "Casino bonus", likeness=100)
    desk.get(f"{QUEUE}?order=most")
    assert states([comment]) == ["held"]

"""What does a moderator decide about a comment, and what does the newsroom say under its own articles?"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING

from django.db import transaction

from catalog.services.page_changes import announce
from partners.services.webhook_events import tell
from reviews.comments import text as comment_text
from reviews.models import Article, Author, Comment, CommentBan
from reviews.services.audit import write_log
from reviews.services.comments import CommentError, add_answer, words_of

if TYPE_CHECKING:
    from django.contrib.auth.models import User

State = Comment.State
# What is said in the log, and needs a reason of the moderator's own.
_DEEDS = {
    State.SHOWN: "Approved.",
    State.SPAM: "Marked as spam.",
    State.REFUSED: "Refused.",
    State.DELETED: "Deleted.",
    State.HELD: "Put back in line.",
}
LONGEST_REASON = 300


class DecisionError(Exception):
    """It was not decided. The message says why and what would do."""


@transaction.atomic
def decide_comment(*, comment_id: int, state: str, by: User, now: datetime, reason: str = "") -> Comment:
    """Approve, spam, refuse (with a reason) or delete. Deciding the same twice changes nothing. `DecisionError`."""
    comment = _locked(comment_id)
    reason = _reason(reason)
    if state not in _DEEDS:
        raise DecisionError(f"“{state}” is nothing that can be decided: say shown, spam, refused or deleted.")
    if state == State.REFUSED and not reason:
        raise DecisionError("Say why it is refused, in a sentence: it is kept with the comment.")
    if comment.state == state:
        return comment
    comment.state_before, comment.state = comment.state, state
    comment.decision, comment.decided_by, comment.decided_at = reason, by, now
    _save(comment)
    write_log(comment, by, _DEEDS[State(state)] + (f" {reason}" if reason else ""))
    return comment


@transaction.atomic
def decide_seen(
    *, comment_id: int, state: str, by: User, now: datetime, reason: str = "", seen: str = State.HELD
) -> Comment:
    """As `decide_comment`, from a page that showed it as `seen`: what a colleague decided since stays as they did."""
    _refuse_decided(_locked(comment_id), seen=seen, but=state)
    return decide_comment(comment_id=comment_id, state=state, by=by, now=now, reason=reason)


@transaction.atomic
def undo_decision(*, comment_id: int, by: User, now: datetime) -> Comment:
    """As it was before the last decision. Raises `DecisionError`."""
    comment = _locked(comment_id)
    if not comment.state_before:
        raise DecisionError("There is nothing to take back: nobody has decided about this comment.")
    undone = comment.get_state_display()
    comment.state, comment.state_before = comment.state_before, ""
    comment.decision, comment.decided_by = "", by
    comment.decided_at = None if comment.state == State.HELD else now
    _save(comment)
    write_log(comment, by, f"Taken back: “{undone}”.")
    return comment


@transaction.atomic
def decide_comments(*, comment_ids: Sequence[int], state: str, by: User, now: datetime) -> list[int]:
    """Several at once, all or none; the numbers of those that still waited, which are the ones decided about.

    What somebody else decided in the meantime stays as they decided it.
    """
    waiting = Comment.objects.filter(pk__in=comment_ids, state=State.HELD).order_by("pk")
    found = list(waiting.select_for_update(of=("self",)).values_list("pk", flat=True))
    for pk in found:
        decide_comment(comment_id=pk, state=state, by=by, now=now)
    return found


@transaction.atomic
def undo_decisions(*, comment_ids: Sequence[int], by: User, now: datetime) -> list[int]:
    """Several at once; the numbers of those about which something could be taken back."""
    decided = Comment.objects.filter(pk__in=comment_ids).exclude(state_before="").order_by("pk")
    found = list(decided.select_for_update(of=("self",)).values_list("pk", flat=True))
    for pk in found:
        undo_decision(comment_id=pk, by=by, now=now)
    return found


@transaction.atomic
def ban_sender(*, comment_id: int, by: User, now: datetime, reason: str, seen: str = State.HELD) -> Comment:
    """Its address until that is lifted, else its network for the day; the comment becomes spam. `DecisionError`."""
    comment = _locked(comment_id)
    _refuse_decided(comment, seen=seen, but=State.SPAM)
    reason = _reason(reason)
    if not reason:
        raise DecisionError("Say why, in a sentence: a ban is kept with its reason.")
    kind, key = CommentBan.Kind.ADDRESS, comment.address_key
    if not key:
        kind, key = CommentBan.Kind.NETWORK, comment.network
    if not key:
        raise DecisionError("It came without an address, and its network is forgotten: there is nobody left to ban.")
    until = None
    if kind == CommentBan.Kind.NETWORK:
        until = datetime.combine(now.astimezone(UTC).date() + timedelta(days=1), time.min, UTC)
    values = {"name": comment.name, "reason": reason, "until": until, "made_at": now, "made_by": by}
    CommentBan.objects.update_or_create(kind=kind, key=key, defaults=values)
    write_log(comment, by, f"Its sender was banned: {reason}")
    return decide_comment(comment_id=comment_id, state=State.SPAM, by=by, now=now, reason=reason)


@transaction.atomic
def lift_ban(*, ban: CommentBan, by: User) -> None:
    write_log(ban, by, f"Lifted; it was made because: {ban.reason}")
    ban.delete()


@transaction.atomic
def answer_comment(*, comment: Comment, text: str, by: User, now: datetime) -> Comment:
    """The newsroom answers: labelled as the article's author or as staff, shown at once. Raises `CommentError`."""
    return _said_by_us(article=comment.article, text=text, by=by, now=now, answered=comment)


def role_of(user: User, article: Article) -> tuple[str, str]:
    """The name and label under which a member of the staff speaks below this article."""
    author = Author.objects.filter(user=user).first()
    name = author.name if author else user.get_full_name() or user.get_username()
    is_author = author is not None and article.author_id == author.pk
    return name[: comment_text.LONGEST_NAME], Comment.Role.AUTHOR if is_author else Comment.Role.STAFF


def _said_by_us(*, article: Article, text: str, by: User, now: datetime, answered: Comment) -> Comment:
    cleaned = comment_text.clean_text(text)
    if comment_text.is_blank(cleaned) or len(cleaned) > comment_text.LONGEST_TEXT:
        raise CommentError([("text", f"Write an answer of at most {comment_text.LONGEST_TEXT:,} characters.")])
    if answered.state != State.SHOWN:
        raise CommentError([("text", "Approve the comment first: an answer stands under what readers can see.")])
    name, role = role_of(by, article)
    said = add_answer(
        Comment(
            article=article,
            name=name,
            role=role,
            user=by,
            written_at=now,
            state=State.SHOWN,
            **words_of(cleaned),
        ),
        answered=answered,
    )
    write_log(said, by, "Answered.")
    return said


def _locked(comment_id: int) -> Comment:
    row = Comment.objects.select_for_update(of=("self",)).select_related("article").filter(pk=comment_id).first()
    if row is None:
        raise DecisionError("This comment is no longer there.")
    return row


def _refuse_decided(comment: Comment, *, seen: str, but: str) -> None:
    """A second press of the same button is no other decision."""
    if comment.state not in (seen, but):
        now_is = comment.get_state_display()
        raise DecisionError(
            f"Nothing was changed: it was decided about since this page was opened, and is “{now_is}” now. "
            "Its own page (Comments → the comment → Decide or answer) changes that."
        )


def _reason(reason: str) -> str:
    cleaned = comment_text.clean_name(reason)
    if len(cleaned) > LONGEST_REASON:
        raise DecisionError(f"The reason is too long: {LONGEST_REASON} characters have room.")
    return cleaned


def _save(comment: Comment) -> None:
    comment.save(update_fields=["state", "state_before", "decision", "decided_by", "decided_at"])
    announce(f"comments:{comment.article_id}")
    if comment.state == State.SHOWN:
        tell("comment.published", comment.pk)

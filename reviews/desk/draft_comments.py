"""What do colleagues say to each other about a working copy? Threads about the article, a block or a passage of it."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction

from reviews.desk.step_history import queue_letters
from reviews.models import Article, DraftComment
from reviews.services.articles import ArticleError

if TYPE_CHECKING:
    from django.contrib.auth.models import User

LETTER = "reviews.tasks.tell_of_comment"
LONGEST, LONGEST_QUOTE = 4000, 300


class CommentError(ArticleError):
    """The comment cannot be written; `problems` says why, and nothing was stored."""


@transaction.atomic
def write_comment(
    *, article: Article, by: User, text: str, block_key: str = "", quote: str = "", now: datetime
) -> DraftComment:
    """Begins a thread. `block_key` is a block of the working copy (empty: the article as a whole), `quote` the words it
    is about. Raises `CommentError`."""
    if block_key and not article.blocks.filter(key=block_key).exists():
        raise CommentError(["The block you comment on is not there any more. Comment on the article instead."])
    comment = DraftComment.objects.create(
        article=article,
        block_key=block_key,
        quote=_fitting(" ".join(quote.split()), LONGEST_QUOTE, "The words you quote"),
        text=_said(text),
        written_by=by,
        written_at=now,
    )
    queue_letters(LETTER, comment.pk, people_told(comment))
    return comment


@transaction.atomic
def answer_comment(*, comment: DraftComment, by: User, text: str, now: datetime) -> DraftComment:
    """Answers in the thread of `comment`; a thread that was settled is open again. Raises `CommentError`."""
    first = DraftComment.objects.select_for_update().get(pk=comment.parent_id or comment.pk)
    answer = DraftComment.objects.create(
        article_id=first.article_id,
        parent=first,
        block_key=first.block_key,
        text=_said(text),
        written_by=by,
        written_at=now,
    )
    _settle(first, at=None, by=None)
    queue_letters(LETTER, answer.pk, people_told(answer))
    return answer


@transaction.atomic
def resolve_comment(*, comment: DraftComment, by: User, now: datetime) -> None:
    """Settles the thread. Of one that somebody settled before, who and when stay."""
    first = DraftComment.objects.select_for_update().get(pk=comment.parent_id or comment.pk)
    if first.resolved_at is None:
        _settle(first, at=now, by=by)


@transaction.atomic
def reopen_comment(*, comment: DraftComment) -> None:
    _settle(DraftComment.objects.select_for_update().get(pk=comment.parent_id or comment.pk), at=None, by=None)


def people_told(comment: DraftComment) -> set[int]:
    """Users by id: the article's author, who was asked to review it, and everybody in the thread but the writer."""
    article = Article.objects.select_related("author").get(pk=comment.article_id)
    thread = DraftComment.objects.none()
    if comment.parent_id is not None:
        thread = comment.parent.answers.all() | DraftComment.objects.filter(pk=comment.parent_id)  # type: ignore[union-attr]
    people = {article.author.user_id, article.review_asked_of_id, *thread.values_list("written_by", flat=True)}
    return {user_id for user_id in people if user_id is not None and user_id != comment.written_by_id}


def _settle(first: DraftComment, *, at: datetime | None, by: User | None) -> None:
    first.resolved_at, first.resolved_by = at, by
    first.save(update_fields=["resolved_at", "resolved_by"])


def _said(text: str) -> str:
    said = text.replace("\x00", "").replace("\r\n", "\n").strip()
    if not said:
        raise CommentError(["Nothing was written: say what you mean, then send it."])
    return _fitting(said, LONGEST, "The comment")


def _fitting(text: str, longest: int, what: str) -> str:
    if len(text) > longest:
        raise CommentError([f"{what} is {len(text)} characters long; {longest} fit."])
    return text

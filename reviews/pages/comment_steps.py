"""Which pages lead through writing a comment: the form alone, how one's own stands, a sentence at the end?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from reviews.comment_links import EDIT_WINDOW, mine_url
from reviews.models import Article, Comment
from reviews.pages.comment_parts import CommentForm, FollowForm, ShownComment, follow_form_of, shown_comment
from reviews.pages.parts import Page
from reviews.services.comments import may_be_edited

# What a refusal is called to its writer; nobody is told that they were taken for spam.
_STANDING = {
    "shown": ("Your comment is shown", "Thank you. Everybody can read it now."),
    "held": ("Your comment waits to be read", "Thank you. Somebody who works here reads it before it is shown."),
    "spam": ("Your comment is not shown", "Somebody who works here has read it and decided not to show it."),
    "refused": ("Your comment is not shown", "Somebody who works here has read it and decided not to show it."),
    "deleted": ("Your comment is not shown", "It was taken away."),
}
# The same for an address that is known and one that is not.
MAIL_ASKED = (
    "If you have confirmed this address here before, it has begun. If not, a mail with a link is on its way: nothing "
    "comes before you press the button there. It works for 48 hours."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class CommentPage(Page):
    """One step: `write` (the form alone), `mine` (how one's own stands), `follow` (be told), `said` (a sentence),
    `busy` (`sent`, by names of fields, is to be sent once more)."""

    step: str
    headline: str
    text: str = ""
    reasons: tuple[str, ...] = ()
    form: CommentForm | None = None
    follow: FollowForm | None = None
    own: ShownComment | None = None
    passage: str = ""
    article_title: str = ""
    article_url: str = ""
    # What became of the wish to be told by mail.
    by_mail: str = ""
    # Sent when it could not be changed any more: why, and the words, so that they are not lost.
    late: str = ""
    late_text: str = ""
    sent: tuple[tuple[str, str], ...] = ()
    minutes: int = field(default=EDIT_WINDOW.seconds // 60)


def write_page(article: Article, form: CommentForm, *, title: str) -> CommentPage:
    """The form alone: to answer, and where something was wrong."""
    headline = f"Answer {form.to.name}" if form.to else "Write a comment"
    return CommentPage(
        title=headline,
        description="Say something about the article.",
        canonical=form.action,
        is_indexed=False,
        step="write",
        headline=headline,
        form=form,
        article_title=title,
        article_url=article.get_absolute_url(),
    )


def follow_page(article: Article, form: FollowForm | None = None) -> CommentPage:
    """The form that asks to be told of new comments, alone."""
    asked = form or follow_form_of(article)
    return CommentPage(
        title="Be told of new comments",
        description="By mail, as often as you choose.",
        canonical=asked.action,
        is_indexed=False,
        step="follow",
        headline="Be told of new comments",
        follow=asked,
        article_title=article.shown["title"],
        article_url=article.get_absolute_url(),
    )


def mine_page(
    comment: Comment,
    *,
    title: str,
    now: datetime,
    text: str | None = None,
    problems: Sequence[tuple[str, str]] = (),
    wants_mail: bool = False,
) -> CommentPage:
    """How one's own comment stands, and its words to change while that is possible.

    `wants_mail`: its form asked to be told by mail, a moment ago.
    """
    headline, said = _STANDING[comment.state]
    url = mine_url(comment.pk)
    is_open = may_be_edited(comment, now=now)
    typed = comment.text if text is None else text
    return CommentPage(
        title=headline,
        description="How your comment stands.",
        canonical=url,
        is_indexed=False,
        step="mine",
        headline=headline,
        text=said,
        reasons=tuple(comment.reasons) if comment.state == Comment.State.HELD else (),
        form=CommentForm(action=url, name=comment.name, text=typed, problems=tuple(problems)) if is_open else None,
        own=shown_comment(comment),
        passage=_passage_of(comment),
        by_mail=MAIL_ASKED if wants_mail else "",
        late="" if is_open else " ".join(words for _, words in problems),
        late_text="" if is_open or text is None else text,
        article_title=title,
        article_url=comment.article.get_absolute_url()
        + (f"#comment-{comment.pk}" if comment.state == Comment.State.SHOWN else ""),
    )


def said_page(headline: str, text: str, *, article: Article | None = None, number: int | None = None) -> CommentPage:
    """A sentence, and the way back."""
    back = article.get_absolute_url() if article else ""
    return CommentPage(
        title=headline,
        description=headline,
        canonical="",
        is_indexed=False,
        step="said",
        headline=headline,
        text=text,
        article_title=article.shown["title"] if article else "",
        article_url=f"{back}#comment-{number}" if back and number else back,
    )


def busy_page(sent: tuple[tuple[str, str], ...]) -> CommentPage:
    """Too much came at once: `sent` is all of a form, by its fields' names."""
    headline = "Please press once more in half a minute"
    return CommentPage(
        title=headline,
        description=headline,
        canonical="",
        is_indexed=False,
        step="busy",
        headline=headline,
        text=(
            "Very much is being sent to us at this moment, so yours was not looked at. Nothing is lost: it stands "
            "below as you sent it, on this page alone."
        ),
        sent=sent,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class LetterPage(Page):
    """A moderator's letter leads here. `is_open`: it still waits. `problem`: why nothing was decided just now."""

    headline: str
    own: ShownComment
    article_title: str
    reasons: tuple[str, ...]
    is_open: bool
    passage: str = ""
    problem: str = ""
    reason: str = ""


def _passage_of(comment: Comment) -> str:
    """The words that a remark is about."""
    return str(comment.passage.exact) if hasattr(comment, "passage") else ""


def letter_page(comment: Comment, *, problem: str = "", reason: str = "") -> LetterPage:
    is_open = comment.state == Comment.State.HELD
    headline = "A comment waits" if is_open else f"Decided: {comment.get_state_display().lower()}"
    return LetterPage(
        title=headline,
        description="For moderators.",
        canonical="",
        is_indexed=False,
        headline=headline,
        own=shown_comment(comment),
        article_title=comment.article.title,
        reasons=tuple(comment.reasons),
        is_open=is_open,
        passage=_passage_of(comment),
        problem=problem,
        reason=reason,
    )

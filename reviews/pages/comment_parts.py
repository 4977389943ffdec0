"""What of readers' comments do pages print: a comment with its answers, the form, and the part of an article's page?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.urls import reverse

from catalog.form_problems import FormProblems
from reviews import seo
from reviews.comment_rows import ANSWERS, CommentRow, Thread
from reviews.comments.text import LONGEST_NAME, LONGEST_TEXT, plain_words
from reviews.models import Article, Comment
from reviews.rich_text import SafeHtml

_SECTION_WORDS = {"guide": "guides", "review": "reviews", "best_of": "best"}
_ROLES = {"author": "Author of this article", "staff": "Works here"}
# Of the comments on the page so many threads are told to machines too, each with its answers: they say them again.
TOLD_THREADS = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownComment:
    """`answered`: whom it answers, where that is another answer. `more`: how many answers its own page has beside."""

    number: int
    name: str
    label: str
    html: SafeHtml
    text: str
    written_at: datetime
    edited_at: datetime | None
    useful: int
    answer_url: str
    useful_url: str
    answered: str = ""
    answered_number: int | None = None
    answers: tuple[ShownComment, ...] = ()
    more: int = 0
    thread_url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowForm:
    """Asks to be told of all new comments."""

    action: str
    email: str = ""
    problem: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CommentForm(FormProblems):
    """`to`: the comment that is answered. What was typed comes back with what was wrong about it."""

    action: str
    name: str = ""
    email: str = ""
    text: str = ""
    tell: str = ""
    to: ShownComment | None = None
    problems: tuple[tuple[str, str], ...] = ()
    longest_name: int = LONGEST_NAME
    longest_text: int = LONGEST_TEXT

    @property
    def tell_problem(self) -> str:
        return self.problem_of("tell")


@dataclass(frozen=True, slots=True)
class Sort:
    label: str
    url: str
    is_chosen: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Comments:
    """The part of a page that shows them. `newer` and `older` are addresses, empty at either end."""

    total: int
    threads: tuple[ShownComment, ...]
    form: CommentForm
    follow: FollowForm
    sorts: tuple[Sort, ...]
    feed_url: str
    all_url: str
    # How many remarks on passages there are beside; they stand in a list of their own.
    remarks: int = 0
    older: str = ""
    newer: str = ""

    def nodes(self, path: str) -> list[dict[str, Any]]:
        """Schema.org's words for the first of them; `path` is the page they stand on."""
        return [_node(one, path) for one in self.threads[:TOLD_THREADS]]


def comments_url(article: Article) -> str:
    section = _SECTION_WORDS[article.kind]
    return reverse("comments", kwargs={"section": section, "slug": article.public_slug})


def form_of(
    article: Article,
    *,
    name: str = "",
    email: str = "",
    text: str = "",
    tell: str = "",
    to: ShownComment | None = None,
    problems: Sequence[tuple[str, str]] = (),
) -> CommentForm:
    action = reverse("comment-write", kwargs={"article": article.pk})
    return CommentForm(action=action, name=name, email=email, text=text, tell=tell, to=to, problems=tuple(problems))


def follow_form_of(article: Article) -> FollowForm:
    return FollowForm(action=reverse("comment-follow", kwargs={"article": article.pk}))


def shown_comment(comment: Comment) -> ShownComment:
    return shown_row(
        CommentRow(
            comment.pk,
            comment.parent_id,
            comment.name,
            comment.role,
            comment.html,
            comment.text,
            comment.written_at,
            comment.edited_at,
            comment.useful,
        ),
        comment.article,
    )


def shown_thread(thread: Thread, article: Article, own: str) -> ShownComment:
    """With as many of its answers as a page of threads has; `own` is the address of the article's comments."""
    more = thread.first.answers - len(thread.answers) if thread.first.answers > ANSWERS else 0
    first = shown_row(thread.first, article)
    if not thread.answers and not more:
        return first
    return replace(
        first,
        answers=tuple(shown_row(row, article) for row in thread.answers),
        more=more,
        thread_url=f"{own}?thread={thread.first.pk}" if more else "",
    )


def shown_row(row: CommentRow, article: Article) -> ShownComment:
    is_beside = row.answered_id is not None and row.answered_id != row.parent_id
    return ShownComment(
        number=row.pk,
        name=row.name,
        label=_ROLES.get(row.role, ""),
        html=SafeHtml(row.html),
        text=row.text,
        written_at=row.written_at,
        edited_at=row.edited_at,
        useful=row.useful,
        answer_url=f"/comments/write/{article.pk}/?to={row.pk}",
        useful_url=f"/comments/{row.pk}/useful/",
        answered=(row.answered_name or "") if is_beside else "",
        answered_number=row.answered_id if is_beside else None,
    )


def _node(comment: ShownComment, path: str) -> dict[str, Any]:
    node: dict[str, Any] = {
        "@type": "Comment",
        "url": seo.full(f"{path}#comment-{comment.number}"),
        "author": {"@type": "Person", "name": comment.name},
        "datePublished": seo.moment(comment.written_at),
        "text": plain_words(comment.html),
    }
    if comment.edited_at:
        node["dateModified"] = seo.moment(comment.edited_at)
    if comment.answers:
        node["comment"] = [_node(one, path) for one in comment.answers]
    return node

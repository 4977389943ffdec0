"""Which comments does an article have, as readers see them? A fixed number of queries, however many there are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from catalog.kept_query import KeptQuery, Question
from catalog.page_tags import note
from reviews.models import Article, Comment

# Threads on one page, and of each thread so many answers; the others are on its own page.
THREADS = 50
ANSWERS = 10

SORTS: dict[str, tuple[str, ...]] = {
    "oldest": ("written_at", "pk"),
    "newest": ("-written_at", "-pk"),
    "useful": ("-useful", "written_at", "pk"),
}
_FIELDS = ("pk", "parent_id", "name", "role", "html", "text", "written_at", "edited_at", "useful")


@dataclass(frozen=True, slots=True)
class CommentRow:
    """`answers`: how many its thread has; of an answer, `answered` is whom it answers where that is another answer."""

    pk: int
    parent_id: int | None
    name: str
    role: str
    html: str
    text: str
    written_at: datetime
    edited_at: datetime | None
    useful: int
    answers: int = 0
    answered_id: int | None = None
    answered_name: str | None = None


@dataclass(frozen=True, slots=True)
class Thread:
    first: CommentRow
    answers: tuple[CommentRow, ...]


@dataclass(frozen=True, slots=True)
class Totals:
    """`comments` with all answers; `threads` without. `remarks` on passages are none of them."""

    comments: int
    threads: int
    remarks: int = 0


def _shown(article: Any) -> QuerySet[Comment]:
    """Of all kinds. An answer goes where the comment that opened its thread went."""
    return Comment.objects.filter(Q(parent=None) | Q(parent__state="shown"), article_id=article, state="shown")


def _threads(article: Any, *order: str, **where: Any) -> QuerySet[Comment, tuple[Any, ...]]:
    answers = (
        Comment.objects.order_by()
        .filter(parent=OuterRef("pk"), state="shown")
        .values("parent")
        .annotate(number=Count("pk"))
        .values("number")
    )
    return _opened(article, *order, **where).values_list(*_FIELDS, Coalesce(Subquery(answers), 0))


def _opened(article: Any, *order: str, **where: Any) -> QuerySet[Comment]:
    return Comment.objects.filter(article_id=article, state="shown", parent=None, **where).order_by(*order)


def _answers(**where: Any) -> QuerySet[Comment, tuple[Any, ...]]:
    rows = Comment.objects.filter(state="shown", **where).order_by("parent_id", "place")
    return rows.values_list(*_FIELDS, "answered_id", "answered__name")


def _number(**where: Any) -> Coalesce:
    rows = Comment.objects.filter(article=OuterRef("pk"), state="shown", **where).order_by()
    return Coalesce(Subquery(rows.values("article").annotate(number=Count("article")).values("number")), 0)


# Threads, answers, remarks: each counted by itself in the index `comment_counts`, without a look at the rows.
_totals = KeptQuery(
    lambda *, article: (
        Article.objects.filter(pk=article)
        .order_by()
        .values_list(
            _number(kind="", parent=None),
            _number(kind="", parent__state="shown"),
            _number(kind="remark", parent=None),
        )
    )
)
_first_threads = KeptQuery(lambda *, article: _threads(article, *SORTS["oldest"], kind="")[:THREADS])
_first_answers = KeptQuery(
    lambda *, article: _answers(
        parent_id__in=Subquery(_opened(article, *SORTS["oldest"], kind="")[:THREADS].values("pk")), place__lte=ANSWERS
    )
)


def comment_questions(article: Article) -> tuple[Question | None, ...]:
    """What `first_threads` will ask, for `asked_together`."""
    return tuple(one.of(article=article.pk) for one in (_totals, _first_threads, _first_answers))


def first_threads(article: Article) -> tuple[tuple[Thread, ...], Totals]:
    """What stands under the article. Three queries at most, one where nobody has said anything."""
    note(f"comments:{article.pk}")
    totals = totals_of(article)
    if not totals.threads:
        return (), totals
    first = [CommentRow(*row) for row in _first_threads.rows(article=article.pk)]
    has_answers = any(row.answers for row in first)
    return _joined(first, _first_answers.rows(article=article.pk) if has_answers else []), totals


def totals_of(article: Article) -> Totals:
    note(f"comments:{article.pk}")
    threads, answers, remarks = next(iter(_totals.rows(article=article.pk)), (0, 0, 0))
    return Totals(threads + answers, threads, remarks)


def threads_on_page(article: Article, *, sort: str, number: int) -> tuple[Thread, ...]:
    """`number` from 1; `sort` is a key of `SORTS`. Two queries."""
    note(f"comments:{article.pk}")
    begin = (number - 1) * THREADS
    first = [CommentRow(*row) for row in _threads(article.pk, *SORTS[sort], kind="")[begin : begin + THREADS]]
    return _joined(first, list(_answers(parent_id__in=[row.pk for row in first if row.answers], place__lte=ANSWERS)))


def whole_thread(article: Article, thread: int, *, number: int, on_one: int) -> Thread | None:
    """A thread with a page of its answers. Two queries."""
    note(f"comments:{article.pk}")
    first = [CommentRow(*row) for row in _threads(article.pk, "pk").filter(pk=thread)]
    begin = (number - 1) * on_one
    rows = _answers(parent_id=thread)[begin : begin + on_one] if first else []
    return Thread(first[0], tuple(map(_answer, rows))) if first else None


def comments_since(article: Article, since: datetime, *, most: int) -> tuple[CommentRow, ...]:
    """Comments and answers alike, newest first. One query."""
    note(f"comments:{article.pk}")
    rows = _shown(article.pk).filter(kind="", written_at__gt=since).order_by("-written_at", "-pk")
    return tuple(map(_answer, rows.values_list(*_FIELDS, "answered_id", F("answered__name"))[:most]))


def newest_comments(article: Article, *, most: int) -> tuple[CommentRow, ...]:
    """Remarks on passages too."""
    note(f"comments:{article.pk}")
    rows = _shown(article.pk).order_by("-written_at", "-pk")
    return tuple(map(_answer, rows.values_list(*_FIELDS, "answered_id", F("answered__name"))[:most]))


def shown_comments(article: Article) -> QuerySet[Comment]:
    """For the API's pages."""
    note(f"comments:{article.pk}")
    return _shown(article.pk).filter(kind="")


def _answer(row: Sequence[Any]) -> CommentRow:
    return CommentRow(*(*row[:9], 0, *row[9:]))


def _joined(first: Sequence[CommentRow], answers: Sequence[Sequence[Any]]) -> tuple[Thread, ...]:
    by_thread: dict[int | None, list[CommentRow]] = {}
    for row in map(_answer, answers):
        by_thread.setdefault(row.parent_id, []).append(row)
    return tuple(Thread(row, tuple(by_thread.get(row.pk, ()))) for row in first)

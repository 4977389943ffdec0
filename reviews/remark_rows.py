"""Which remarks on its passages does an article have, as readers see them? One query, however many there are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Case, Count, OuterRef, QuerySet, Subquery, When
from django.db.models.functions import Coalesce

from catalog.kept_query import KeptQuery
from catalog.page_tags import note
from reviews.comment_rows import CommentRow
from reviews.models import Article, Comment, CommentPassage, Correction

# So many stand under the article; all are on a page of their own, so many on each.
UNDER_THE_ARTICLE = 40
ON_A_PAGE = 50

_WORDS = ("pk", "parent_id", "name", "role", "html", "text", "written_at", "edited_at", "useful")
_PASSAGE = ("state", "exact", "now_block", "now_exact", "now_prefix", "now_suffix")


@dataclass(frozen=True, slots=True)
class RemarkRow:
    """`exact` is what was marked, `now_exact` what stands there today; `corrected_on`: the day of a correction that
    came of it."""

    comment: CommentRow
    corrected_on: date | None
    state: str
    exact: str
    now_block: str
    now_exact: str
    now_prefix: str
    now_suffix: str

    @property
    def is_gone(self) -> bool:
        return self.state == CommentPassage.State.ORPHANED


def _remarks(article: Any) -> QuerySet[Comment, tuple[Any, ...]]:
    """In the article's order; those whose words are gone come last."""
    answers = (
        Comment.objects.order_by()
        .filter(parent=OuterRef("pk"), state="shown")
        .values("parent")
        .annotate(number=Count("pk"))
        .values("number")
    )
    corrected = Correction.objects.filter(remark=OuterRef("pk"), revision__isnull=False).order_by("day").values("day")
    rows = Comment.objects.filter(
        article_id=article, kind="remark", state="shown", parent=None, passage__isnull=False
    ).order_by(Case(When(passage__state="gone", then=1), default=0), "passage__rank", "pk")
    return rows.values_list(
        *_WORDS, Coalesce(Subquery(answers), 0), Subquery(corrected[:1]), *(f"passage__{name}" for name in _PASSAGE)
    )


_first = KeptQuery(lambda *, article: _remarks(article)[:UNDER_THE_ARTICLE])


def first_remarks(article: Article) -> tuple[RemarkRow, ...]:
    note(f"comments:{article.pk}")
    return tuple(map(_row, _first.rows(article=article.pk)))


def remarks_on_page(article: Article, number: int) -> tuple[RemarkRow, ...]:
    """`number` from 1."""
    note(f"comments:{article.pk}")
    begin = (number - 1) * ON_A_PAGE
    return tuple(map(_row, _remarks(article.pk)[begin : begin + ON_A_PAGE]))


def remarks_for_machines(article: Article) -> QuerySet[Comment]:
    note(f"comments:{article.pk}")
    rows = Comment.objects.filter(article_id=article.pk, kind="remark", state="shown", parent=None)
    return rows.filter(passage__isnull=False).select_related("passage__revision", "passage__stood_in")


def marked_words(comments: Sequence[int]) -> Mapping[int, str]:
    """What was marked, by the remark. One query."""
    return dict(CommentPassage.objects.filter(comment__in=comments).values_list("comment_id", "exact"))


def _row(row: Sequence[Any]) -> RemarkRow:
    return RemarkRow(CommentRow(*row[:10]), *row[10:])

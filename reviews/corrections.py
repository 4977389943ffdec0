"""Which corrections does an article have, and how are they told?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet

from catalog.kept_query import KeptQuery, Question
from reviews.blocks import BLOCKS
from reviews.models import Article, Correction
from reviews.passages import sentences, stands


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownCorrection:
    """As readers get it. `credit` is a sentence, empty where there is nobody to thank."""

    day: date
    kind: str
    passage: str
    wrong: str
    right: str
    credit: str
    # Where the remark stands that it came of, for the article's own page.
    remark_url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectionLine:
    """As the desk shows it. `still_there`: the words that were wrong are in the working copy yet."""

    row: Correction
    credit: str
    still_there: bool


def shown(row: Correction, *, today: date, remark_url: str = "") -> ShownCorrection:
    """`today` dates one that has no day yet, in a preview."""
    return ShownCorrection(
        day=row.day or today,
        kind=row.get_kind_display(),
        passage=row.passage,
        wrong=row.wrong,
        right=row.right,
        credit=credit_words(row),
        remark_url=remark_url,
    )


def credit_words(row: Correction) -> str:
    if row.source == Correction.Source.OURSELVES:
        return ""
    return f"Thanks to {row.credit.removesuffix('.')}." if row.credit else "Thanks to a reader."


_published_of = KeptQuery(
    lambda *, article: Correction.objects.filter(article_id=article, revision__isnull=False).select_related("remark")
)


def corrections_question(article: Article) -> Question | None:
    """What `corrections_of` will ask of what is published, for `asked_together`."""
    return _published_of.of(article=article.pk)


def corrections_of(article: Article, *, is_draft: bool, today: date) -> tuple[ShownCorrection, ...]:
    """Newest first; of a draft those too that wait for its publication. One query."""
    if is_draft:
        rows: Sequence[Correction] = list(article.corrections.select_related("remark"))
    else:
        rows = _published_of.rows(article=article.pk)
    found = [shown(row, today=today, remark_url="" if is_draft else _remark_url(row, article)) for row in rows]
    return tuple(sorted(found, key=lambda one: one.day, reverse=True))


def _remark_url(row: Correction, article: Article) -> str:
    """The page of its thread: under the article not every remark has room."""
    is_seen = row.remark is not None and row.remark.state == "shown"
    return f"{article.get_absolute_url()}comments/?thread={row.remark_id}" if is_seen else ""


def published_corrections() -> QuerySet[Correction]:
    """Of all articles that readers see, newest first."""
    seen = Correction.objects.filter(revision__isnull=False, article__status=Article.Status.PUBLISHED)
    return seen.select_related("article__live_revision").order_by("-day", "-id")


def correction_lines(article: Article) -> list[CorrectionLine]:
    """For the article's form: those that wait first. Two queries."""
    rows = sorted(article.corrections.all(), key=lambda row: row.is_published)
    written = _written(article) if any(row.passage for row in rows) else ()
    return [
        CorrectionLine(
            row=row, credit=credit_words(row), still_there=bool(row.passage) and stands(row.passage, written)
        )
        for row in rows
    ]


def _written(article: Article) -> tuple[str, ...]:
    return tuple(
        sentence
        for block in article.blocks.all()
        if block.kind in BLOCKS and isinstance(block.data, dict)
        for sentence in sentences(BLOCKS[block.kind].fields, block.data)
    )

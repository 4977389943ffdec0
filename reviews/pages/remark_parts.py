"""What of remarks on passages do pages print: the notes under an article, and the marks in its text?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from django.urls import reverse
from django.utils.html import format_html, linebreaks

from reviews.models import Article, CommentPassage
from reviews.pages.comment_parts import ShownComment, comments_url, shown_row
from reviews.passages.marked_html import Mark
from reviews.remark_rows import RemarkRow, first_remarks
from reviews.rich_text import SafeHtml

_SECTION_WORDS = {"guide": "guides", "review": "reviews", "best_of": "best"}
# What is longer stands on a page of its own; under an article its beginning does.
LONG = 1_500
_BEGINNING = 600
_IN_A_NAME = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class RemarkNote:
    """A remark below the article. `number` is that of its mark, 0 where its words are gone.

    `now`: what stands there today, where it is worded otherwise. `whole_url`: where a long one, or one with answers,
    is whole.
    """

    number: int
    comment: ShownComment
    exact: str
    now: str = ""
    corrected_on: date | None = None
    whole_url: str = ""
    answers: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Remarks:
    """`notes` in the article's order, `earlier` those whose words are gone; `marks` by the key of their block.

    `new_url`: the form's address, to which a block's key is added.
    """

    total: int
    notes: tuple[RemarkNote, ...]
    earlier: tuple[RemarkNote, ...]
    marks: Mapping[str, tuple[Mark, ...]]
    new_url: str
    all_url: str

    @property
    def has_more(self) -> bool:
        return self.total > len(self.notes) + len(self.earlier)


def remarks_url(article: Article, name: str = "remarks") -> str:
    section = _SECTION_WORDS[article.shown["kind"]]
    return reverse(name, kwargs={"section": section, "slug": article.public_slug})


def article_remarks(article: Article, *, total: int, blocks: Iterable[str]) -> Remarks:
    """What stands with the article; `blocks` are the keys of those it shows. No query where there are none."""
    rows = first_remarks(article) if total else ()
    return made_remarks(article, rows, total=total, blocks=frozenset(blocks))


def made_remarks(
    article: Article, rows: Sequence[RemarkRow], *, total: int, blocks: frozenset[str], first: int = 1
) -> Remarks:
    """`first`: the number of the first of these rows."""
    placed = [row for row in rows if not row.is_gone]
    marks: dict[str, list[Mark]] = {}
    for number, row in enumerate(placed, start=first):
        if row.now_block in blocks:
            marks.setdefault(row.now_block, []).append(_mark(row, number))
    return Remarks(
        total=total,
        notes=tuple(_note(row, article, number) for number, row in enumerate(placed, start=first)),
        earlier=tuple(_note(row, article, 0) for row in rows if row.is_gone),
        marks={key: tuple(found) for key, found in marks.items()},
        new_url=f"{remarks_url(article, 'remark-new')}?block=",
        all_url=remarks_url(article),
    )


def _mark(row: RemarkRow, number: int) -> Mark:
    about = row.now_exact if len(row.now_exact) <= _IN_A_NAME else f"{row.now_exact[:_IN_A_NAME].rsplit(' ', 1)[0]} …"
    html = format_html(
        '<sup class="remark-mark" id="passage-{}"><a href="#comment-{}" '
        'aria-label="Remark {} by {} on “{}”">{}</a></sup>',
        *(row.comment.pk, row.comment.pk, number, row.comment.name, about, number),
    )
    return Mark(exact=row.now_exact, prefix=row.now_prefix, suffix=row.now_suffix, html=html)


def _note(row: RemarkRow, article: Article, number: int) -> RemarkNote:
    comment = shown_row(row.comment, article)
    is_long = len(row.comment.text) > LONG
    if is_long:
        beginning = row.comment.text[:_BEGINNING].rsplit(" ", 1)[0]
        comment = replace(comment, html=SafeHtml(linebreaks(f"{beginning} …", autoescape=True)))
    is_reworded = row.state == CommentPassage.State.APPROXIMATE
    has_more = is_long or row.comment.answers > 0
    return RemarkNote(
        number=number,
        comment=comment,
        exact=row.exact,
        now=row.now_exact if is_reworded else "",
        corrected_on=row.corrected_on,
        whole_url=f"{comments_url(article)}?thread={row.comment.pk}" if has_more else "",
        answers=row.comment.answers,
    )

"""Which pages show all remarks on an article's passages, and the form for another one?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from catalog.form_problems import FormProblems
from reviews import remark_rows
from reviews.comment_rows import totals_of
from reviews.comments.text import LONGEST_NAME, LONGEST_TEXT
from reviews.models import Article
from reviews.pages.parts import Crumb, Page, home_crumb
from reviews.pages.remark_parts import Remarks, made_remarks, remarks_url
from reviews.passages.anchoring import LONGEST
from reviews.passages.marked_words import IndexedText
from reviews.revision_words import words_of_content

_IN_A_CHOICE = 400


@dataclass(frozen=True, slots=True, kw_only=True)
class RemarksPage(Page):
    headline: str
    article_title: str
    article_url: str
    remarks: Remarks
    number: int
    pages: int
    newer: str = ""
    older: str = ""


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One to choose. `number` from 0, among those of its block."""

    number: int
    text: str
    is_chosen: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class RemarkForm(FormProblems):
    """As it was typed. `exact` … `until` are a selection; without one there are `paragraphs` to choose of."""

    action: str
    block: str
    exact: str = ""
    prefix: str = ""
    suffix: str = ""
    until: str = ""
    paragraphs: tuple[Paragraph, ...] = ()
    words: str = ""
    text: str = ""
    name: str = ""
    email: str = ""
    may_credit: bool = False
    hear: bool = False
    problems: tuple[tuple[str, str], ...] = ()
    longest_text: int = LONGEST_TEXT
    longest_name: int = LONGEST_NAME
    longest_passage: int = LONGEST

    @property
    def passage_problem(self) -> str:
        return self.problem_of("passage")


@dataclass(frozen=True, slots=True, kw_only=True)
class RemarkPage(Page):
    """The form. `marked`: the words it is about, with what stands around them, where they were marked."""

    headline: str
    article_title: str
    article_url: str
    form: RemarkForm
    marked: str = ""
    before: str = ""
    behind: str = ""


def remarks_page(article: Article, number: int) -> RemarksPage | None:
    """Page `number` of all of them; None where there is none."""
    total = totals_of(article).remarks
    pages = max(1, -(-total // remark_rows.ON_A_PAGE))
    if not 1 <= number <= pages:
        return None
    rows = remark_rows.remarks_on_page(article, number)
    title, own = article.shown["title"], remarks_url(article)
    url = article.get_absolute_url()
    return RemarksPage(
        title=f"Remarks on passages: {title}",
        description=f"What readers remarked on passages of “{title}”.",
        canonical=own if number == 1 else f"{own}?page={number}",
        is_indexed=False,
        crumbs=(home_crumb(), Crumb(title, url), Crumb("Remarks", own)),
        headline="Remarks on passages",
        article_title=title,
        article_url=url,
        remarks=made_remarks(
            article,
            rows,
            total=total,
            blocks=frozenset(),
            first=(number - 1) * remark_rows.ON_A_PAGE + 1,
        ),
        number=number,
        pages=pages,
        newer=(own if number == 2 else f"{own}?page={number - 1}") if number > 1 else "",
        older=f"{own}?page={number + 1}" if number < pages else "",
    )


def form_page(
    article: Article, form: RemarkForm, *, before: str = "", behind: str = "", marked: str = ""
) -> RemarkPage:
    title, url = article.shown["title"], article.get_absolute_url()
    return RemarkPage(
        title=f"Remark on a passage: {title}",
        description="Say what is wrong or missing in a passage of the article.",
        canonical=form.action,
        is_indexed=False,
        crumbs=(home_crumb(), Crumb(title, url), Crumb("Remark on a passage", form.action)),
        headline="Remark on a passage",
        article_title=title,
        article_url=url,
        form=form,
        marked=marked,
        before=before,
        behind=behind,
    )


def text_of(article: Article) -> IndexedText:
    """The words that readers see of it."""
    revision = article.live_revision
    assert revision is not None
    return words_of_content(revision.content)


def paragraphs_of(text: IndexedText, block: str, *, chosen: int = -1) -> tuple[Paragraph, ...]:
    """Those of one block; of an unknown one none. A long one is shown by its beginning."""
    return tuple(
        Paragraph(
            number,
            line if len(line) <= _IN_A_CHOICE else f"{line[:_IN_A_CHOICE].rsplit(' ', 1)[0]} …",
            number == chosen,
        )
        for number, line in enumerate(lines_of(text, block))
    )


def lines_of(text: IndexedText, block: str) -> Sequence[str]:
    return text.texts[block].split("\n") if block in text.texts else ()

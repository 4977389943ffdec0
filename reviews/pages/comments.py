"""What do readers' comments look like, under an article and on pages of their own?"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from urllib.parse import urlencode

from reviews import comment_rows
from reviews.comment_rows import SORTS, THREADS
from reviews.models import Article
from reviews.pages.comment_parts import Comments, Sort, comments_url, follow_form_of, form_of, shown_row, shown_thread
from reviews.pages.parts import Crumb, Page, home_crumb
from reviews.remark_rows import marked_words

_SORT_LABELS = {"oldest": "Oldest first", "newest": "Newest first", "useful": "Most useful first"}
MOST_NEW = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class CommentsPage(Page):
    """`about`: what of the comments it shows, in words."""

    headline: str
    article_title: str
    article_url: str
    about: str
    comments: Comments
    new_url: str = ""


def article_comments(article: Article) -> Comments:
    """What stands under the article: its first threads, oldest first."""
    threads, totals = comment_rows.first_threads(article)
    own = comments_url(article)
    return Comments(
        total=totals.comments,
        threads=tuple(shown_thread(one, article, own) for one in threads),
        form=form_of(article),
        follow=follow_form_of(article),
        sorts=_sorts(own, "oldest") if totals.threads > 1 else (),
        feed_url=f"{own}feed/",
        all_url=own,
        remarks=totals.remarks,
        older=f"{own}?page=2" if totals.threads > THREADS else "",
    )


def comments_page(article: Article, *, sort: str, number: int, title: str, now: datetime) -> CommentsPage | None:
    """Page `number` of the threads in this order; None where there is none."""
    totals = comment_rows.totals_of(article)
    pages = max(1, -(-totals.threads // THREADS))
    if sort not in SORTS or not 1 <= number <= pages:
        return None
    own = comments_url(article)
    threads = comment_rows.threads_on_page(article, sort=sort, number=number)
    what = f"{_SORT_LABELS[sort]}, page {number} of {pages}." if totals.threads else "Nobody has said anything yet."
    return _page(
        article,
        title,
        about=what,
        canonical=_address(own, sort, number),
        new_url=f"{own}?since={now.astimezone(UTC):%Y-%m-%dT%H:%MZ}",
        comments=Comments(
            total=totals.comments,
            threads=tuple(shown_thread(one, article, own) for one in threads),
            form=form_of(article),
            follow=follow_form_of(article),
            sorts=_sorts(own, sort) if totals.threads > 1 else (),
            feed_url=f"{own}feed/",
            all_url=own,
            newer=_address(own, sort, number - 1) if number > 1 else "",
            older=_address(own, sort, number + 1) if number < pages else "",
        ),
    )


def thread_page(article: Article, thread: int, *, number: int, title: str) -> CommentsPage | None:
    """One thread with a page of its answers; None where there is none."""
    found = comment_rows.whole_thread(article, thread, number=number, on_one=THREADS) if number > 0 else None
    pages = max(1, -(-found.first.answers // THREADS)) if found else 0
    if found is None or number > pages:
        return None
    own = comments_url(article)
    first = shown_row(found.first, article)
    whole = replace(first, answers=tuple(shown_row(row, article) for row in found.answers))
    here = f"{own}?thread={thread}"
    return _page(
        article,
        title,
        about=_about_thread(first.name, found.first.answers, marked_words([thread]).get(thread, "")),
        canonical=here if number == 1 else f"{here}&page={number}",
        comments=Comments(
            total=found.first.answers + 1,
            threads=(whole,),
            form=form_of(article, to=first),
            follow=follow_form_of(article),
            sorts=(),
            feed_url=f"{own}feed/",
            all_url=own,
            newer=f"{here}&page={number - 1}" if number > 1 else "",
            older=f"{here}&page={number + 1}" if number < pages else "",
        ),
    )


def _about_thread(name: str, answers: int, passage: str) -> str:
    said = f"{answers} answer{'' if answers == 1 else 's'}"
    return (
        f"{name} on the words “{passage}”, with {said}." if passage else f"The thread that {name} began, with {said}."
    )


def new_comments_page(article: Article, since: datetime, *, title: str) -> CommentsPage:
    """What was said since then, newest first; of more than `MOST_NEW` the newest."""
    rows = comment_rows.comments_since(article, since, most=MOST_NEW)
    own = comments_url(article)
    shown = tuple(shown_row(row, article) for row in rows)
    most = f", the newest {MOST_NEW}" if len(rows) == MOST_NEW else ""
    return _page(
        article,
        title,
        about=f"What was said since {since.astimezone(UTC):%-d %B %Y, %H:%M} UTC{most}: {len(rows)}.",
        canonical=own,
        comments=Comments(
            total=len(rows),
            threads=shown,
            form=form_of(article),
            follow=follow_form_of(article),
            sorts=(),
            feed_url=f"{own}feed/",
            all_url=own,
        ),
    )


def _page(
    article: Article, title: str, *, about: str, canonical: str, comments: Comments, new_url: str = ""
) -> CommentsPage:
    url = article.get_absolute_url()
    return CommentsPage(
        title=f"Comments: {title}",
        description=f"What readers say about “{title}”.",
        canonical=canonical,
        # The first of them stand under the article too, which is what search engines should find.
        is_indexed=False,
        crumbs=(home_crumb(), Crumb(title, url), Crumb("Comments", comments_url(article))),
        headline="Comments",
        article_title=title,
        article_url=url,
        about=about,
        comments=comments,
        new_url=new_url,
    )


def _sorts(own: str, chosen: str) -> tuple[Sort, ...]:
    return tuple(Sort(label, _address(own, key, 1), key == chosen) for key, label in _SORT_LABELS.items())


def _address(own: str, sort: str, number: int) -> str:
    asked = {**({"sort": sort} if sort != "oldest" else {}), **({"page": str(number)} if number > 1 else {})}
    return f"{own}?{urlencode(asked)}" if asked else own

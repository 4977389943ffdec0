"""Where do colleagues read and answer what was said about a working copy? Beside its blocks and on a page for it.

`CommentsAdmin` is mixed into the article's admin and gives its form `comments`. A block's card includes
`admin/reviews/article/block_comments.html` with the block's `key`; `comments_form.html` stands behind the article's
form, because the inputs beside the blocks belong to it: what is sent there saves nothing of the article. Without a
script the page is loaded anew; with it (`comments.js`) the thread alone is.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.loader import render_to_string
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme

from catalog.admin.signed_in import signed_in
from reviews.blocks import BLOCKS
from reviews.desk.draft_comments import answer_comment, reopen_comment, resolve_comment, write_comment
from reviews.desk.rights import may_see
from reviews.models import Article, DraftComment
from reviews.services.articles import ArticleError
from reviews.steps import NO_ACCOUNT


@dataclass(frozen=True, slots=True, kw_only=True)
class Remark:
    """One thing that was said. `id` is that of its row."""

    id: int
    who: str
    at: datetime
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Thread:
    """`about` names the block as editors count them; empty: the article as a whole."""

    first: Remark
    answers: tuple[Remark, ...]
    block_key: str
    about: str
    quote: str
    is_gone: bool
    settled_by: str
    settled_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Comments:
    """Every thread about one working copy, open ones first."""

    url: str
    may_write: bool
    threads: tuple[Thread, ...]
    blocks: tuple[tuple[str, str], ...]

    def about(self, key: str) -> tuple[Thread, ...]:
        """The threads of one block; with an empty key those of the whole article and of blocks that are gone."""
        return tuple(thread for thread in self.threads if thread.block_key == key or (not key and thread.is_gone))

    def places(self) -> list[tuple[str, str]]:
        """Every block that has threads, as (key, name) in the article's order, behind the article as a whole."""
        used = {thread.block_key for thread in self.threads}
        return [("", ""), *((key, name) for key, name in self.blocks if key in used)]

    @property
    def open_count(self) -> int:
        return sum(thread.settled_at is None for thread in self.threads)


def comments_of(request: HttpRequest, article: Article) -> Comments:
    """Two queries, however many threads there are."""
    rows = list(article.draft_comments.select_related("written_by", "resolved_by"))
    named = {
        key: f"Block {number} ({BLOCKS[kind].label if kind in BLOCKS else kind})"
        for number, (key, kind) in enumerate(article.blocks.values_list("key", "kind"), start=1)
    }
    answers: dict[int, list[Remark]] = {}
    for row in rows:
        if row.parent_id is not None:
            answers.setdefault(row.parent_id, []).append(_remark(row))
    threads = [_thread(row, tuple(answers.get(row.pk, ())), named) for row in rows if row.parent_id is None]
    return Comments(
        url=reverse("admin:reviews_article_comments", args=[article.pk]),
        may_write=_may_write(request, article),
        threads=tuple(sorted(threads, key=lambda thread: thread.settled_at is not None)),
        blocks=tuple(named.items()),
    )


def _thread(row: DraftComment, answers: tuple[Remark, ...], named: dict[str, str]) -> Thread:
    is_gone = bool(row.block_key) and row.block_key not in named
    return Thread(
        first=_remark(row),
        answers=answers,
        block_key=row.block_key,
        about="A block that is gone" if is_gone else named.get(row.block_key, ""),
        quote=row.quote,
        is_gone=is_gone,
        settled_by=_name(row.resolved_by) if row.resolved_at else "",
        settled_at=row.resolved_at,
    )


def _remark(row: DraftComment) -> Remark:
    return Remark(id=row.pk, who=_name(row.written_by), at=row.written_at, text=row.text)


def _name(user: Any) -> str:
    return str(user.get_full_name() or user.get_username()) if user else NO_ACCOUNT


def _may_write(request: HttpRequest, article: Article) -> bool:
    return request.user.has_perm("reviews.add_draftcomment") and may_see(request.user, article)


class CommentsAdmin(admin.ModelAdmin[Article]):
    """The threads of an article, in its form and on a page of their own."""

    @property
    def media(self) -> forms.Media:
        return super().media + forms.Media(css={"all": ["admin_editor/comments.css"]}, js=["admin_editor/comments.js"])

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.comments_view)
        return [path("<int:article_id>/comments/", view, name="reviews_article_comments"), *super().get_urls()]

    def render_change_form(self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        article = kwargs.get("obj")
        if article is not None and article.pk:
            context["comments"] = comments_of(request, article)
        return super().render_change_form(request, context, *args, **kwargs)

    def comments_view(self, request: HttpRequest, article_id: int) -> HttpResponse:
        """GET shows every thread; POST does what its `act` says and leads back, or answers with the block's threads."""
        article = get_object_or_404(Article.objects.select_related("author"), pk=article_id)
        if not may_see(request.user, article):
            raise PermissionDenied
        if request.method == "POST":
            return self._act(request, article)
        context = {
            **self.admin_site.each_context(request),
            "title": f"Comments: {article}",
            "opts": self.opts,
            "original": article,
            "comments": comments_of(request, article),
            "media": self.media,
        }
        return TemplateResponse(request, "admin/reviews/article/comments.html", context)

    def _act(self, request: HttpRequest, article: Article) -> HttpResponse:
        if not _may_write(request, article):
            raise PermissionDenied
        act, _, about = request.POST.get("act", "").partition("-")
        is_piece = "piece" in request.POST
        try:
            comment = _ACTS[act](request, article, about) if act in _ACTS else None
        except ArticleError as error:
            if is_piece:
                return HttpResponse("\n".join(error.problems), status=422, content_type="text/plain; charset=utf-8")
            for problem in error.problems:
                self.message_user(request, problem, messages.ERROR)
            return redirect(_back(request, article, None))
        if is_piece and comment is not None:
            context = {"comments": comments_of(request, article), "key": comment.block_key, "original": article}
            return HttpResponse(render_to_string("admin/reviews/article/block_comments.html", context, request))
        return redirect(_back(request, article, comment))


def _back(request: HttpRequest, article: Article, comment: DraftComment | None) -> str:
    """Where the comment was sent from, if that is a page of ours; the thread stands there too."""
    asked = request.POST.get("next", "")
    is_ours = url_has_allowed_host_and_scheme(asked, {request.get_host()}, require_https=request.is_secure())
    place = f"#comment-{comment.parent_id or comment.pk}" if comment else ""
    return (asked if asked and is_ours else reverse("admin:reviews_article_comments", args=[article.pk])) + place


def _write(request: HttpRequest, article: Article, key: str) -> DraftComment:
    return write_comment(
        article=article,
        by=signed_in(request),
        text=request.POST.get(f"text-{key}", ""),
        quote=request.POST.get(f"quote-{key}", ""),
        block_key=key,
        now=timezone.now(),
    )


def _answer(request: HttpRequest, article: Article, number: str) -> DraftComment:
    text = request.POST.get(f"answer-{number}", "")
    first = _said_here(article, number)
    return answer_comment(comment=first, by=signed_in(request), text=text, now=timezone.now())


def _resolve(request: HttpRequest, article: Article, number: str) -> DraftComment:
    first = _said_here(article, number)
    resolve_comment(comment=first, by=signed_in(request), now=timezone.now())
    return first


def _reopen(request: HttpRequest, article: Article, number: str) -> DraftComment:
    first = _said_here(article, number)
    reopen_comment(comment=first)
    return first


_ACTS: dict[str, Callable[[HttpRequest, Article, str], DraftComment]] = {
    "write": _write,
    "answer": _answer,
    "resolve": _resolve,
    "reopen": _reopen,
}


def _said_here(article: Article, number: str) -> DraftComment:
    is_number = number.isascii() and number.isdecimal() and len(number) < 19
    return get_object_or_404(article.draft_comments, pk=int(number) if is_number else 0)

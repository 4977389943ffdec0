"""Where do moderators read what waits, and decide? One page: what has waited longest stands first, one press each."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from catalog.admin.signed_in import signed_in
from reviews.models import Comment
from reviews.rich_text import SafeHtml
from reviews.services.comment_decisions import (
    DecisionError,
    answer_comment,
    ban_sender,
    decide_comment,
    undo_decision,
)
from reviews.services.comments import CommentError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.contrib.auth.models import User

SHOWN_AT_ONCE = 20
DECISIONS_SHOWN = 15
# The buttons' words → what they decide.
_STATES = {"approve": "shown", "spam": "spam", "refuse": "refused", "delete": "deleted"}
_DONE = {
    "approve": "approved",
    "spam": "marked as spam",
    "refuse": "refused",
    "delete": "deleted",
    "ban": "marked as spam, and its sender banned",
    "undo": "put back as it was",
    "answer": "answered",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitingComment:
    pk: int
    name: str
    html: SafeHtml
    article: str
    article_url: str
    answers: str
    waits: str
    written_at: datetime
    reasons: Sequence[str]
    with_address: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Decided:
    pk: int
    name: str
    text: str
    verdict: str
    reason: str
    by: str
    at: datetime
    can_be_undone: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class QueuePage:
    waiting: Sequence[WaitingComment]
    total: int
    decided: Sequence[Decided]


def queue_page(*, now: datetime) -> QueuePage:
    """A fixed number of queries."""
    held = Comment.objects.filter(state=Comment.State.HELD)
    rows = held.select_related("article", "answered", "reader").order_by("written_at", "pk")[:SHOWN_AT_ONCE]
    decided = Comment.objects.exclude(decided_at=None).select_related("decided_by").order_by("-decided_at")
    return QueuePage(
        waiting=[_waiting(row, now=now) for row in rows],
        total=held.count(),
        decided=[
            Decided(
                pk=row.pk,
                name=row.name,
                text=row.text[:120],
                verdict=row.get_state_display(),
                reason=row.decision,
                by=row.decided_by.get_username() if row.decided_by else "—",
                at=row.decided_at,
                can_be_undone=bool(row.state_before),
            )
            for row in decided[:DECISIONS_SHOWN]
            if row.decided_at is not None
        ],
    )


def _waiting(row: Comment, *, now: datetime) -> WaitingComment:
    with_address = "without an address"
    if row.address_key:
        is_confirmed = row.reader is not None and row.reader.confirmed_at is not None
        with_address = "with a confirmed address" if is_confirmed else "with an address that nobody has confirmed"
    return WaitingComment(
        pk=row.pk,
        name=row.name,
        html=SafeHtml(row.html),
        article=row.article.title,
        article_url=row.article.get_absolute_url(),
        answers=f"{row.answered.name}: {row.answered.text[:200]}" if row.answered else "",
        waits=_waits(now - row.written_at),
        written_at=row.written_at,
        reasons=row.reasons,
        with_address=with_address,
    )


def _waits(age: object) -> str:
    seconds = int(getattr(age, "total_seconds", lambda: 0)())
    for size, word in ((86_400, "day"), (3600, "hour"), (60, "minute")):
        if seconds >= size:
            number = seconds // size
            return f"{number} {word}{'' if number == 1 else 's'}"
    return "less than a minute"


def queue_urls(site: admin.AdminSite) -> list[URLPattern]:
    return [
        path("queue/", site.admin_view(queue), name="reviews_comment_queue"),
        path("queue/decide/", site.admin_view(require_POST(decide)), name="reviews_comment_decide"),
    ]


def queue(request: HttpRequest) -> HttpResponse:
    if not request.user.has_perm("reviews.view_comment"):
        raise PermissionDenied
    return _show(request, {})


def _show(request: HttpRequest, typed: dict[str, str], status: int = 200) -> HttpResponse:
    """`typed`: what was written into one comment's fields when its decision was refused."""
    context = {
        **admin.site.each_context(request),
        "title": "Comments that wait",
        "page": queue_page(now=timezone.now()),
        "may_decide": request.user.has_perm("reviews.change_comment"),
        "typed": typed,
    }
    return TemplateResponse(request, "admin/reviews/comment/queue.html", context, status=status)


def decide(request: HttpRequest) -> HttpResponse:
    """`act` is `approve`, `spam`, `refuse`, `delete`, `ban`, `answer` or `undo`; `comment` its number."""
    if not request.user.has_perm("reviews.change_comment"):
        raise PermissionDenied
    act, number = request.POST.get("act", ""), request.POST.get("comment", "")
    if act not in _DONE or not (number.isascii() and number.isdecimal() and len(number) < 19):
        messages.warning(request, "Nothing was decided: press one of the buttons beside a comment.")
        return redirect("admin:reviews_comment_queue")
    reason, answer = request.POST.get("reason", ""), request.POST.get("answer", "")
    try:
        _carry_out(act, int(number), by=signed_in(request), reason=reason, answer=answer)
    except (DecisionError, CommentError) as error:
        messages.error(request, str(error))
        return _show(request, {"comment": number, "reason": reason, "answer": answer}, status=422)
    messages.success(request, f"The comment was {_DONE[act]}.")
    following = request.POST.get("next", "")
    anchor = f"#comment-{following}" if following.isascii() and following.isdecimal() else ""
    return redirect(reverse("admin:reviews_comment_queue") + anchor)


def _carry_out(act: str, number: int, *, by: User, reason: str, answer: str) -> None:
    now = timezone.now()
    if act == "undo":
        undo_decision(comment_id=number, by=by, now=now)
    elif act == "ban":
        ban_sender(comment_id=number, by=by, now=now, reason=reason)
    elif act == "answer":
        row = decide_comment(comment_id=number, state="shown", by=by, now=now)
        answer_comment(comment=row, text=answer, by=by, now=now)
    else:
        decide_comment(comment_id=number, state=_STATES[act], by=by, now=now, reason=reason)

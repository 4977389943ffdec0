"""Where do moderators read what waits, and decide? One page; a press decides about one comment or about several."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from catalog.admin.signed_in import signed_in
from reviews.admin.queue_page import SHOWN_AT_ONCE, queue_page
from reviews.services.comment_decisions import (
    DecisionError,
    answer_comment,
    ban_sender,
    decide_comments,
    decide_seen,
    undo_decision,
    undo_decisions,
)
from reviews.services.comments import CommentError

if TYPE_CHECKING:
    from django.contrib.auth.models import User

# The buttons' words → what they decide.
_STATES = {"approve": "shown", "spam": "spam", "refuse": "refused", "delete": "deleted"}
DONE = {
    "approve": "approved",
    "spam": "marked as spam",
    "refuse": "refused",
    "delete": "deleted",
    "ban": "marked as spam, and its sender banned",
    "undo": "put back as it was",
    "answer": "answered",
}
# What can be done to several at once: a refusal, a ban and an answer need words of their own.
_OF_MANY = ("approve", "spam", "delete", "undo")


def queue_urls(site: admin.AdminSite) -> list[URLPattern]:
    return [
        path("queue/", site.admin_view(queue), name="reviews_comment_queue"),
        path("queue/decide/", site.admin_view(require_POST(decide)), name="reviews_comment_decide"),
    ]


def queue(request: HttpRequest) -> HttpResponse:
    """`order` is one of `queue_page.ORDERS`; `did` the numbers of what was just decided."""
    if not request.user.has_perm("reviews.view_comment"):
        raise PermissionDenied
    return _show(request, {}, order=request.GET.get("order", ""), did=request.GET.get("did", ""))


def _show(
    request: HttpRequest, typed: dict[str, str], *, order: str = "", did: str = "", status: int = 200
) -> HttpResponse:
    """`typed`: what was written into one comment's fields when its decision was refused."""
    context = {
        **admin.site.each_context(request),
        "title": "Comments that wait",
        "page": queue_page(now=timezone.now(), order=order, just_now=_numbers(did.split(","))),
        "may_decide": request.user.has_perm("reviews.change_comment"),
        "typed": typed,
    }
    return TemplateResponse(request, "admin/reviews/comment/queue.html", context, status=status)


def decide(request: HttpRequest) -> HttpResponse:
    """`act` is `approve`, `spam`, `refuse`, `delete`, `ban`, `answer` or `undo`; `comment` its number, or several."""
    if not request.user.has_perm("reviews.change_comment"):
        raise PermissionDenied
    act, numbers = request.POST.get("act", ""), _numbers(request.POST.getlist("comment"))
    order = request.POST.get("order", "")
    if act not in DONE or not numbers or ("batch" in request.POST and act not in _OF_MANY):
        messages.warning(request, "Nothing was decided: choose a comment, or press one of the buttons beside it.")
        return _back(order, [])
    if "batch" in request.POST:
        return _decide_many(request, act, numbers, order)
    reason, answer = request.POST.get("reason", ""), request.POST.get("answer", "")
    try:
        carry_out(act, numbers[0], by=signed_in(request), reason=reason, answer=answer)
    except (DecisionError, CommentError) as error:
        messages.error(request, str(error))
        typed = {"comment": str(numbers[0]), "reason": reason, "answer": answer}
        return _show(request, typed, order=order, status=422)
    messages.success(request, f"The comment was {DONE[act]}.")
    return _back(order, [] if act == "undo" else numbers[:1], _numbers([request.POST.get("next", "")]))


def _decide_many(request: HttpRequest, act: str, numbers: Sequence[int], order: str) -> HttpResponse:
    by, now = signed_in(request), timezone.now()
    if act == "undo":
        done = undo_decisions(comment_ids=numbers, by=by, now=now)
    else:
        done = decide_comments(comment_ids=numbers, state=_STATES[act], by=by, now=now)
    rest = len(numbers) - len(done)
    done_what = "put back as they were" if act == "undo" and len(done) != 1 else DONE[act]
    words = f"{len(done)} comment{' was' if len(done) == 1 else 's were'} {done_what}."
    words += f" {rest} had been decided about in the meantime and stayed as they are." if rest else ""
    messages.success(request, words) if done else messages.warning(request, words)
    return _back(order, [] if act == "undo" else done)


def _back(order: str, did: Sequence[int], following: Sequence[int] = ()) -> HttpResponse:
    asked = {"order": order, "did": ",".join(map(str, did))}
    query = urlencode({name: value for name, value in asked.items() if value})
    anchor = f"#comment-{following[0]}" if following else ""
    return redirect(reverse("admin:reviews_comment_queue") + (f"?{query}" if query else "") + anchor)


def _numbers(told: Sequence[str]) -> list[int]:
    """Those that can be a comment's number, each once; no more than a page has."""
    found = [int(one) for one in told if one.isascii() and one.isdecimal() and len(one) < 19]
    return list(dict.fromkeys(found))[:SHOWN_AT_ONCE]


def carry_out(act: str, number: int, *, by: User, reason: str, answer: str, seen: str = "held") -> None:
    """`seen`: the state in which the page showed the comment. Raises `DecisionError` and `CommentError`."""
    now = timezone.now()
    if act == "undo":
        undo_decision(comment_id=number, by=by, now=now)
    elif act == "ban":
        ban_sender(comment_id=number, by=by, now=now, reason=reason, seen=seen)
    elif act == "answer":
        row = decide_seen(comment_id=number, state="shown", seen=seen, by=by, now=now)
        answer_comment(comment=row, text=answer, by=by, now=now)
    else:
        decide_seen(comment_id=number, state=_STATES[act], seen=seen, by=by, now=now, reason=reason)

"""What may the newsroom do with one comment, whether it waits or was shown long ago? Its own page; a GET shows."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path

from catalog.admin.signed_in import signed_in
from reviews.admin.comment_queue import DONE, carry_out
from reviews.models import Comment
from reviews.rich_text import SafeHtml
from reviews.services.comment_decisions import DecisionError
from reviews.services.comments import CommentError

_AWAY = (("spam", "Spam"), ("delete", "Delete"))
# State → the buttons that need no words.
_BUTTONS = {
    Comment.State.HELD: (("approve", "Approve"), *_AWAY),
    Comment.State.SHOWN: _AWAY,
    Comment.State.SPAM: (("approve", "Show it after all"),),
    Comment.State.REFUSED: (("approve", "Show it after all"),),
    Comment.State.DELETED: (("approve", "Show it after all"),),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionPage:
    """`buttons` are acts and their words; `answer_words` is empty where nobody could read an answer."""

    comment: Comment
    html: SafeHtml
    buttons: tuple[tuple[str, str], ...]
    takes_reason: bool
    answer_words: str
    reason: str = ""
    answer: str = ""


def decision_urls(site: admin.AdminSite) -> list[URLPattern]:
    return [path("<int:number>/decide/", site.admin_view(decide_one), name="reviews_comment_decide_one")]


def decide_one(request: HttpRequest, number: int) -> HttpResponse:
    """`act` as in the queue; `seen`: the state that its page showed, so that nobody overrides a colleague unaware."""
    rows = Comment.objects.select_related("article__live_revision", "decided_by")
    comment = get_object_or_404(rows, pk=number if number < 2**63 else 0)
    if not request.user.has_perm("reviews.view_comment"):
        raise PermissionDenied
    if request.method != "POST":
        return _show(request, comment)
    if not request.user.has_perm("reviews.change_comment"):
        raise PermissionDenied
    act, sent = request.POST.get("act", ""), request.POST
    reason, answer = sent.get("reason", ""), sent.get("answer", "")
    if act not in DONE or act == "undo":
        messages.warning(request, "Nothing was decided: press one of the buttons.")
        return _show(request, comment, reason=reason, answer=answer, status=422)
    try:
        carry_out(act, number, by=signed_in(request), reason=reason, answer=answer, seen=sent.get("seen", ""))
    except (DecisionError, CommentError) as error:
        messages.error(request, str(error))
        comment.refresh_from_db()
        return _show(request, comment, reason=reason, answer=answer, status=422)
    messages.success(request, f"The comment was {DONE[act]}.")
    return redirect("admin:reviews_comment_decide_one", number)


def _show(
    request: HttpRequest, comment: Comment, *, reason: str = "", answer: str = "", status: int = 200
) -> HttpResponse:
    state = Comment.State(comment.state)
    is_open = state in (Comment.State.HELD, Comment.State.SHOWN)
    page = DecisionPage(
        comment=comment,
        html=SafeHtml(comment.html),
        buttons=_BUTTONS[state],
        takes_reason=is_open,
        answer_words={"held": "Approve and send the answer", "shown": "Send the answer"}.get(state, ""),
        reason=reason,
        answer=answer,
    )
    context = {
        **admin.site.each_context(request),
        "title": f"The comment of {comment.name}",
        "page": page,
        "may_decide": request.user.has_perm("reviews.change_comment"),
    }
    return TemplateResponse(request, "admin/reviews/comment/decide.html", context, status=status)

"""What becomes of typing that is not saved yet, and who else is at it? Answers for the editor's script and the form."""

from __future__ import annotations

from typing import Any, cast

from django.contrib import messages
from django.contrib.admin import ModelAdmin
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect, JsonResponse, QueryDict
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone

from reviews.models import Article, EditingSession
from reviews.services import editing_sessions

# A press of a button and the token are no words of the article.
_NOT_KEPT = ("csrfmiddlewaretoken", "add_kind")


def keep(model_admin: ModelAdmin[Article], request: HttpRequest, article_id: int | None) -> HttpResponse:
    """POST of the form as typed (kept), of `_seen` (still open) or of `_left` (closed). Says who else is there."""
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    article, user, now = _article(model_admin, request, article_id), cast(User, request.user), timezone.now()
    if "_left" in request.POST:
        editing_sessions.leave_article(article=article, user=user)
        return JsonResponse({})
    if "_seen" in request.POST:
        editing_sessions.open_article(article=article, user=user, now=now)
    else:
        seen = request.POST.get("seen_version", "")
        based_on = int(seen) if seen.isdecimal() and len(seen) < 9 else 0
        data = {name: values for name, values in request.POST.lists() if _is_kept(name)}
        editing_sessions.keep_work(article=article, user=user, based_on=based_on, form_data=data, now=now)
    answer = {"at": now.isoformat(), "version": article.version if article else 0, "others": others(request, article)}
    return JsonResponse(answer)


def throw_away(model_admin: ModelAdmin[Article], request: HttpRequest, article_id: int | None) -> HttpResponse:
    """Forgets what was kept, on purpose."""
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    article = _article(model_admin, request, article_id)
    editing_sessions.drop_work(article=article, user=cast(User, request.user), now=timezone.now())
    model_admin.message_user(request, "What you had typed and not saved is thrown away.", messages.SUCCESS)
    return HttpResponseRedirect(form_url(article))


def form_url(article: Article | None) -> str:
    if article is None:
        return reverse("admin:reviews_article_add")
    return reverse("admin:reviews_article_change", args=[article.pk])


def kept_data(request: HttpRequest, article: Article | None) -> QueryDict | None:
    """The form as it was typed and not saved, when the request asks to take it up again."""
    session = editing_sessions.kept_work(article=article, user=cast(User, request.user))
    if request.method != "GET" or "kept" not in request.GET or session is None:
        return None
    data = QueryDict(mutable=True)
    for name, values in (session.form_data or {}).items():
        data.setlist(name, values)
    return data


def desk_state(request: HttpRequest, article: Article | None) -> dict[str, Any]:
    """What the form's page says of unsaved work and of others; opening it is noted."""
    user, now = cast(User, request.user), timezone.now()
    session: EditingSession | None = None
    if request.method == "GET":
        session = editing_sessions.open_article(article=article, user=user, now=now)
    is_asked = session is not None and session.form_data is not None and "kept" not in request.GET
    keep_name = "admin:reviews_article_keep" if article else "admin:reviews_article_add_keep"
    drop_name = "admin:reviews_article_throw_away" if article else "admin:reviews_article_add_throw_away"
    args = [article.pk] if article else []
    return {
        "kept_at": session.kept_at if session and is_asked else None,
        "others": others(request, article),
        "keep_url": reverse(keep_name, args=args),
        "throw_away_url": reverse(drop_name, args=args),
        "person": user.pk,
    }


def others(request: HttpRequest, article: Article | None) -> list[dict[str, str]]:
    """Who else has it open, since when (UTC)."""
    if article is None:
        return []
    rows = editing_sessions.others_present(article=article, user=cast(User, request.user), now=timezone.now())
    return [
        {"name": row.user.get_full_name() or row.user.get_username(), "since": row.opened_at.isoformat()}
        for row in rows
        if row.opened_at
    ]


def _article(model_admin: ModelAdmin[Article], request: HttpRequest, article_id: int | None) -> Article | None:
    if article_id is None:
        if not model_admin.has_add_permission(request):
            raise PermissionDenied
        return None
    article = get_object_or_404(Article, pk=article_id)
    if not model_admin.has_change_permission(request, article):
        raise PermissionDenied
    return article


def _is_kept(name: str) -> bool:
    return name not in _NOT_KEPT and not name.startswith("_")

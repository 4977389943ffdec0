"""Somebody saved the article while you wrote: what do you see, and what is saved in the end? Nothing is lost."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, cast

from django.contrib import messages
from django.contrib.admin import ModelAdmin
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import User
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone

from reviews.admin.article_form import ArticleForm
from reviews.admin.block_form import stored_blocks
from reviews.admin.merging import Choice, Part, Side, differing, merged
from reviews.admin.parts import opened
from reviews.models import Article
from reviews.services.articles import ArticleError, edit_article
from reviews.services.editing_sessions import drop_work

# The version that was opened goes along: what no longer fits its form and is sent again is compared once more.
_OURS = ("csrfmiddlewaretoken", "their_version")


def conflict_page(model_admin: ModelAdmin[Article], request: HttpRequest, pk: int) -> HttpResponse:
    """Both sides, part by part; the form carries all that was sent."""
    theirs, mine, form = _sides(model_admin, request, pk)
    return _page(model_admin, request, theirs, mine, form)


def resolve_conflict(model_admin: ModelAdmin[Article], request: HttpRequest, pk: int) -> HttpResponse | None:
    """Saves what was chosen; asks again when somebody saved once more. None: what was sent no longer fits its form."""
    theirs, mine, form = _sides(model_admin, request, pk)
    if not form.is_valid():
        return None
    seen = request.POST.get("their_version", "")
    parts = differing(theirs, mine, opened(form.cleaned_data["base"]))
    if seen != str(theirs.article.version):
        return _page(model_admin, request, theirs, mine, form, ["It was saved once more while you chose."])
    try:
        article, blocks = merged(theirs, mine, {part.name: _choice(request, part) for part in parts})
        edit_article(article=article, blocks=blocks, seen_version=int(seen))
    except ArticleError as error:
        theirs, mine, form = _sides(model_admin, request, pk)
        return _page(model_admin, request, theirs, mine, form, error.problems)
    drop_work(article=article, user=cast(User, request.user), now=timezone.now())
    model_admin.log_change(request, article, "Saved together with what somebody else had changed.")
    model_admin.message_user(request, "Saved, with the parts you chose.", messages.SUCCESS)
    return HttpResponseRedirect(reverse("admin:reviews_article_change", args=[pk]))


def _choice(request: HttpRequest, part: Part) -> Choice:
    sent = request.POST.get("_resolve")
    if sent == "chosen":
        sent = request.POST.get(f"choose-{part.name}", part.choice)
    return "theirs" if sent == "theirs" else "mine"


def _sides(model_admin: ModelAdmin[Article], request: HttpRequest, pk: int) -> tuple[Side, Side, ArticleForm]:
    stored = get_object_or_404(Article.objects.select_related("author", "reviewer", "subject__brand", "picture"), pk=pk)
    if not model_admin.has_change_permission(request, stored):
        raise PermissionDenied
    form_class = cast(type[ArticleForm], model_admin.get_form(request, stored, change=True))
    form = form_class(request.POST, instance=Article.objects.get(pk=pk))
    form.is_valid()
    return Side(stored, stored_blocks(stored)), Side(form.instance, form.blockset.inputs()), form


def _page(
    model_admin: ModelAdmin[Article],
    request: HttpRequest,
    theirs: Side,
    mine: Side,
    form: ArticleForm,
    problems: Sequence[str] = (),
) -> HttpResponse:
    sent = [(name, value) for name, values in request.POST.lists() for value in values if _is_content(name)]
    context: dict[str, Any] = {
        **model_admin.admin_site.each_context(request),
        "title": "Somebody saved this article while you wrote",
        "opts": Article._meta,
        "original": theirs.article,
        "parts": differing(theirs, mine, opened(form.cleaned_data.get("base", ""))),
        "new_blocks": sum(not block.key for block in mine.blocks),
        "problems": problems,
        "sent": sent,
        "last": _last_saved(theirs.article),
    }
    return TemplateResponse(request, "admin/reviews/article/conflict.html", context, status=409)


def _is_content(name: str) -> bool:
    return name not in _OURS and not name.startswith(("_", "choose-"))


def _last_saved(article: Article) -> LogEntry | None:
    kind = ContentType.objects.get_for_model(Article)
    rows = LogEntry.objects.filter(content_type=kind, object_id=str(article.pk)).select_related("user")
    return rows.order_by("-action_time").first()

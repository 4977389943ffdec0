"""What do readers say, which words are looked at, and who is banned? Lists; the queue and a page of each decide."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern

from catalog.admin.readonly import ReadOnlyAdmin
from catalog.admin.signed_in import signed_in
from reviews.admin.comment_decision import decision_urls
from reviews.admin.comment_queue import queue_urls
from reviews.admin.spam_page import spam_urls
from reviews.desk.rights import may_edit
from reviews.models import Comment, CommentBan, CommentWord
from reviews.services.comment_decisions import lift_ban


@admin.register(Comment)
class CommentAdmin(ReadOnlyAdmin):
    """`change_comment` is what deciding asks for; no form here changes a reader's words."""

    change_list_template = "admin/reviews/comment/change_list.html"
    change_form_template = "admin/reviews/comment/change_form.html"
    list_display = ["written_at", "article", "name", "state", "text"]
    list_filter = ["state", "kind", "role"]
    list_select_related = ["article"]
    search_fields = ["text", "name", "article__title"]
    ordering = ["-written_at", "-id"]
    fields = [
        *("article", "kind", "parent", "answered", "name", "role", "text", "state", "reasons", "decision"),
        *("decided_by", "decided_at", "written_at", "edited_at", "useful"),
    ]

    def get_urls(self) -> list[URLPattern]:
        own = (*queue_urls(self.admin_site), *spam_urls(self.admin_site), *decision_urls(self.admin_site))
        return [*own, *super().get_urls()]

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        rows = Comment.objects.select_related("article__author").prefetch_related("corrections")
        row = rows.filter(pk=object_id).first() if object_id.isdecimal() else None
        may_add = row is not None and request.user.has_perm("reviews.add_correction")
        own = {
            "may_correct": may_add and row is not None and may_edit(request.user, row.article),
            "made": list(row.corrections.all()) if row else [],
        }
        return super().change_view(request, object_id, form_url, {**own, **(extra_context or {})})


@admin.register(CommentWord)
class CommentWordAdmin(admin.ModelAdmin[CommentWord]):
    list_display = ["word", "act"]
    list_filter = ["act"]
    search_fields = ["word"]


@admin.register(CommentBan)
class CommentBanAdmin(ReadOnlyAdmin):
    """Made in the queue, from a comment; lifted here."""

    list_display = ["name", "kind", "reason", "until", "made_at", "made_by"]
    list_filter = ["kind"]
    list_select_related = ["made_by"]
    search_fields = ["name", "reason"]
    fields = ["name", "kind", "reason", "until", "made_at", "made_by"]
    actions = ["lift"]  # type: ignore[assignment]  # the lists beside have none

    @admin.action(description="Lift the bans that are ticked", permissions=["lift"])
    def lift(self, request: HttpRequest, queryset: QuerySet[CommentBan]) -> None:
        bans = list(queryset)
        for ban in bans:
            lift_ban(ban=ban, by=signed_in(request))
        self.message_user(request, f"{len(bans)} lifted.", messages.SUCCESS)

    def has_lift_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("reviews.change_comment")

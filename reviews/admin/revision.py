"""What did readers see, and when? To be looked at; nobody rewrites it."""

from __future__ import annotations

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html

from reviews.models import Revision


@admin.register(Revision)
class RevisionAdmin(admin.ModelAdmin[Revision]):
    list_display = ["article", "number", "created_at", "created_by", "note"]
    list_filter = ["created_at"]
    search_fields = ["article__title", "note"]
    list_select_related = ["article", "created_by"]
    fields = ["article", "number", "created_at", "created_by", "note", "look", "content"]
    readonly_fields = ["look"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Revision]:
        return super().get_queryset(request).order_by("-created_at", "-id")

    @admin.display(description="what readers saw")
    def look(self, revision: Revision) -> str:
        frame = reverse("admin:reviews_article_frame", args=[revision.article_id])
        versions = reverse("admin:reviews_article_versions", args=[revision.article_id])
        return format_html(
            '<a href="{}?version=r{}">Its page</a> · <a href="{}">Compare it with others, or restore it</a>',
            frame,
            revision.number,
            versions,
        )

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Revision | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Revision | None = None) -> bool:
        return False

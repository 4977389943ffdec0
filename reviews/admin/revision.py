"""What did readers see, and when? To be looked at; nobody rewrites it."""

from __future__ import annotations

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from reviews.models import Revision


@admin.register(Revision)
class RevisionAdmin(admin.ModelAdmin[Revision]):
    list_display = ["article", "number", "created_at", "created_by", "note"]
    list_filter = ["created_at"]
    search_fields = ["article__title", "note"]
    list_select_related = ["article", "created_by"]
    fields = ["article", "number", "created_at", "created_by", "note", "content"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Revision]:
        return super().get_queryset(request).order_by("-created_at", "-id")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Revision | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Revision | None = None) -> bool:
        return False

"""What did readers say on the old site? To be looked at, and to make corrections of; it waits for the readers' half."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse

from catalog.admin.readonly import ReadOnlyAdmin
from reviews.desk.rights import may_edit
from reviews.models import MovedComment


@admin.register(MovedComment)
class MovedCommentAdmin(ReadOnlyAdmin):
    change_form_template = "admin/reviews/movedcomment/change_form.html"
    list_display = ["written_at", "article", "name", "state", "text"]
    list_filter = ["state"]
    list_select_related = ["article"]
    search_fields = ["text", "name", "article__title"]
    fields = ["article", "parent", "name", "website", "text", "written_at", "state"]

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        rows = MovedComment.objects.select_related("article__author").prefetch_related("corrections")
        row = rows.filter(pk=object_id).first() if object_id.isdecimal() else None
        may_add = row is not None and request.user.has_perm("reviews.add_correction")
        own = {
            "may_correct": may_add and row is not None and may_edit(request.user, row.article),
            "made": list(row.corrections.all()) if row else [],
        }
        return super().change_view(request, object_id, form_url, {**own, **(extra_context or {})})

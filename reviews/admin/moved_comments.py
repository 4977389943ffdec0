"""What did readers say on the old site? To be looked at; it waits here for the readers' half of this one."""

from __future__ import annotations

from django.contrib import admin

from catalog.admin.readonly import ReadOnlyAdmin
from reviews.models import MovedComment


@admin.register(MovedComment)
class MovedCommentAdmin(ReadOnlyAdmin):
    list_display = ["written_at", "article", "name", "state", "text"]
    list_filter = ["state"]
    list_select_related = ["article"]
    search_fields = ["text", "name", "article__title"]
    fields = ["article", "parent", "name", "website", "text", "written_at", "state"]

"""Who followed which link? The newest clicks first."""

from __future__ import annotations

from django.contrib import admin

from catalog.admin.readonly import ReadOnlyAdmin
from catalog.models import Click


@admin.register(Click)
class ClickAdmin(ReadOnlyAdmin):
    list_display = ["clicked_at", "code", "placement", "agent", "agent_reason", "country", "referrer_path", "is_known"]
    # The table is kept by time and code: a click has no page of its own that could be found quickly.
    list_display_links = None
    list_filter = ["agent", "is_known", "clicked_at"]
    search_fields = ["code__startswith", "placement__startswith"]
    search_help_text = "The beginning of a link's code or of a placement"
    ordering = ["-clicked_at"]
    list_per_page = 50

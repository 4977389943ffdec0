"""Which passages did readers remark on, where do they stand today, and what was made of it?"""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.text import Truncator

from catalog.admin.readonly import ReadOnlyAdmin
from reviews.desk.rights import may_edit
from reviews.models import CommentPassage

_IN_A_LIST = 160


class CorrectedFilter(admin.SimpleListFilter):
    title = "corrections"
    parameter_name = "corrected"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("yes", "Led to one"), ("no", "Led to none")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[CommentPassage]) -> QuerySet[CommentPassage]:
        if not self.value():
            return queryset
        return queryset.filter(comment__corrections__isnull=self.value() == "no").distinct()


@admin.register(CommentPassage)
class CommentPassageAdmin(ReadOnlyAdmin):
    """Made by readers, kept by publications; a correction is made of one here."""

    change_form_template = "admin/reviews/commentpassage/change_form.html"
    list_display = ["written_at", "article", "exact", "remark_begins", "state", "waits"]
    list_filter = ["state", "comment__state", CorrectedFilter]
    list_select_related = ["comment__article"]
    search_fields = ["exact", "comment__text", "comment__name", "comment__article__title"]
    ordering = ["-comment__written_at", "-id"]
    fields = ["article", "exact", "remark", "state", "now_exact", "confidence", "revision", "stood_in", "may_credit"]
    readonly_fields = ["article", "remark"]

    @admin.display(description="written", ordering="comment__written_at")
    def written_at(self, row: CommentPassage) -> Any:
        return row.comment.written_at

    @admin.display(description="article", ordering="comment__article__title")
    def article(self, row: CommentPassage) -> str:
        return row.comment.article.title

    @admin.display(description="remark")
    def remark(self, row: CommentPassage) -> str:
        return f"{row.comment.name}: {row.comment.text}"

    @admin.display(description="remark")
    def remark_begins(self, row: CommentPassage) -> str:
        return Truncator(self.remark(row)).chars(_IN_A_LIST)

    @admin.display(description="shown", ordering="comment__state")
    def waits(self, row: CommentPassage) -> str:
        return row.comment.get_state_display()

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        rows = CommentPassage.objects.select_related("comment__article__author")
        row = rows.filter(pk=object_id).first() if object_id.isdecimal() else None
        may_add = row is not None and request.user.has_perm("reviews.add_correction")
        own = {
            "may_correct": may_add and row is not None and may_edit(request.user, row.comment.article),
            "made": list(row.comment.corrections.all()) if row else [],
        }
        return super().change_view(request, object_id, form_url, {**own, **(extra_context or {})})

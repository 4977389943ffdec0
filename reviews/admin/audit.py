"""Who did what, and when? One list of all that was done in the admin and to articles, which nobody rewrites (O4)."""

from __future__ import annotations

from operator import attrgetter
from typing import Any

from django.contrib import admin
from django.contrib.contenttypes.models import ContentType
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse

from catalog.admin.export import ExportAdmin
from catalog.admin.readonly import ReadOnlyAdmin
from reviews.models import AuditLine

_OURS = ("auth", "catalog", "readers", "recommender", "reviews")


class KindFilter(admin.SimpleListFilter):
    """What was changed, of the kinds there are."""

    title = "what"
    parameter_name = "what"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        kinds = ContentType.objects.filter(app_label__in=_OURS).order_by("app_label", "model")
        used = set(AuditLine.objects.order_by().values_list("content_type", flat=True).distinct())
        return [(str(kind.pk), kind.name.capitalize()) for kind in kinds if kind.pk in used]

    def queryset(self, request: HttpRequest, queryset: QuerySet[AuditLine]) -> QuerySet[AuditLine]:
        chosen = self.value() or ""
        return queryset.filter(content_type=int(chosen)) if chosen.isdecimal() else queryset


class TimetableFilter(admin.SimpleListFilter):
    title = "done by"
    parameter_name = "by"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("people", "People"), ("timetable", "The timetable")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[AuditLine]) -> QuerySet[AuditLine]:
        return queryset.filter(user__isnull=self.value() == "timetable") if self.value() else queryset


@admin.register(AuditLine)
class AuditLineAdmin(ReadOnlyAdmin, ExportAdmin):
    class Media:
        css = {"all": ["admin_editor/steps.css"]}

    list_display = ["happened_at", "who", "what", "object_name", "deed"]
    list_display_links = None
    list_filter = [TimetableFilter, KindFilter, "happened_at", ("user", admin.RelatedOnlyFieldListFilter)]
    list_select_related = ["user", "content_type"]
    search_fields = ["object_name", "user__username", "message"]
    date_hierarchy = None
    list_per_page = 50
    export_columns = {
        "at": attrgetter("happened_at"),
        "who": attrgetter("who"),
        "what": lambda row: row.content_type.name if row.content_type else "",
        "number": attrgetter("object_id"),
        "name": attrgetter("object_name"),
        "deed": attrgetter("deed"),
    }

    @admin.display(description="what", ordering="content_type")
    def what(self, line: AuditLine) -> str:
        return line.content_type.name.capitalize() if line.content_type else ""

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        return super().changelist_view(request, {**(extra_context or {}), "title": "Log of changes"})

    def has_view_permission(self, request: HttpRequest, obj: AuditLine | None = None) -> bool:
        return obj is None and super().has_view_permission(request, obj)

    def export_rows(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        return rows.select_related("user", "content_type")

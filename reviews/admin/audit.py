"""Who did what, and when? One list of all that was written, whatever the door, which nobody rewrites (O4)."""

from __future__ import annotations

from operator import attrgetter
from typing import Any

from django.contrib import admin
from django.contrib.auth.models import User
from django.contrib.contenttypes.models import ContentType
from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.html import format_html, format_html_join
from django.utils.http import urlencode
from django.utils.safestring import SafeString

from catalog.admin.export import ExportAdmin
from catalog.admin.readonly import ReadOnlyAdmin
from reviews.models import AuditLine

# A new row has forty columns, of which few are what somebody looks for.
SHOWN_AT_ONCE = 6
_OURS = ("auth", "catalog", "partners", "readers", "recommender", "reviews")


class KindFilter(admin.SimpleListFilter):
    """What was changed, of the kinds there are. The value is the model's label, so that any page can lead here."""

    title = "what"
    parameter_name = "what"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        # Asked by kind, each answered by an index: reading all lines for the kinds in them would take seconds.
        lines = AuditLine.objects.order_by().filter(content_type=OuterRef("pk"))
        used = ContentType.objects.filter(Exists(lines), app_label__in=_OURS).order_by("app_label", "model")
        return [(f"{kind.app_label}.{kind.model}", kind.name.capitalize()) for kind in used]

    def queryset(self, request: HttpRequest, queryset: QuerySet[AuditLine]) -> QuerySet[AuditLine]:
        app, _, model = (self.value() or "").partition(".")
        return queryset.filter(content_type__app_label=app, content_type__model=model) if app else queryset


class RowFilter(admin.SimpleListFilter):
    """One row's whole history. Offered only where a link led to it: nobody chooses among numbers."""

    title = "row"
    parameter_name = "row"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        # Of all that was asked, this one's own is gone already.
        asked = self.used_parameters.get(self.parameter_name)
        return [(asked, f"Number {asked}")] if asked else []

    def queryset(self, request: HttpRequest, queryset: QuerySet[AuditLine]) -> QuerySet[AuditLine]:
        return queryset.filter(object_id=self.value()) if self.value() else queryset


class ToldFilter(admin.SimpleListFilter):
    title = "told as"
    parameter_name = "told"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("words", "What somebody did"), ("values", "Rows, before and after")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[AuditLine]) -> QuerySet[AuditLine]:
        return queryset.filter(said__isnull=self.value() == "words") if self.value() else queryset


class UserFilter(admin.SimpleListFilter):
    title = "who"
    parameter_name = "user"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        lines = AuditLine.objects.order_by().filter(user=OuterRef("pk"))
        return [(str(user.pk), user.get_username()) for user in User.objects.filter(Exists(lines)).order_by("username")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[AuditLine]) -> QuerySet[AuditLine]:
        chosen = self.value() or ""
        return queryset.filter(user=int(chosen)) if chosen.isdecimal() else queryset


@admin.register(AuditLine)
class AuditLineAdmin(ReadOnlyAdmin, ExportAdmin):
    class Media:
        css = {"all": ["admin_editor/steps.css", "admin_editor/audit.css"]}

    list_display = ["happened_at", "who", "what", "row", "done"]
    list_display_links = None
    list_filter = [ToldFilter, "door", UserFilter, KindFilter, RowFilter, "happened_at"]
    list_select_related = ["user", "content_type"]
    search_fields = ["object_name", "user__username", "message", "actor"]
    date_hierarchy = None
    list_per_page = 50
    export_columns = {
        "at": attrgetter("happened_at"),
        "door": attrgetter("door"),
        "who": attrgetter("who"),
        "what": lambda row: row.content_type.name if row.content_type else row.table_name,
        "number": attrgetter("object_id"),
        "name": attrgetter("object_name"),
        "deed": attrgetter("deed"),
    }

    @admin.display(description="what", ordering="content_type")
    def what(self, line: AuditLine) -> str:
        return line.content_type.name.capitalize() if line.content_type else line.table_name

    @admin.display(description="row", ordering="object_name")
    def row(self, line: AuditLine) -> str | SafeString:
        """Leads to all that was ever done to it."""
        if line.content_type is None or not line.object_id:
            return line.object_name
        label = f"{line.content_type.app_label}.{line.content_type.model}"
        address = urlencode({"what": label, "row": line.object_id})
        return format_html('<a href="?{}">{}</a>', address, line.object_name or f"Number {line.object_id}")

    @admin.display(description="done")
    def done(self, line: AuditLine) -> str | SafeString:
        if not line.table_name:
            return line.deed
        values = line.values
        rows = format_html_join("", "<li><b>{}</b> {}</li>", ((one.column, one.words) for one in values))
        shown = format_html('<ul class="row-values">{}</ul>', rows)
        if len(values) > SHOWN_AT_ONCE:
            return format_html("<details><summary>{} ({} columns)</summary>{}</details>", line.act, len(values), shown)
        return format_html("{}{}", line.act, shown) if values else line.act

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        return super().changelist_view(request, {**(extra_context or {}), "title": "Log of changes"})

    def has_view_permission(self, request: HttpRequest, obj: AuditLine | None = None) -> bool:
        return obj is None and super().has_view_permission(request, obj)

    def export_rows(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        return rows.select_related("user", "content_type")

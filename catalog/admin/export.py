"""How does an editor take a filtered list home as a CSV file?"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.options import IncorrectLookupParameters
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path, reverse
from django.utils import timezone

from catalog.csv_cells import lines
from catalog.services.table_imports import may_import
from catalog.table_rows import VALUES, as_cell
from catalog.tables import TABLES

# Rows fetched at a time, so that memory stays flat however long the list is.
CHUNK = 2000


class ExportAdmin(admin.ModelAdmin[Any]):
    """A list with "Export the filtered list as CSV": all rows of the filter, not only the page. One query for all rows.

    `export_columns`: the column's name to the value of a row. What they need is fetched by `export_rows`.
    """

    change_list_template = "admin/catalog/export_change_list.html"
    export_columns: Mapping[str, Callable[[Any], object]] = {}
    # The kind of table (`catalog.tables`) that the list is taken home as, and brought in as; it names the columns then.
    table = ""

    def export_rows(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        """The rows with everything selected that the columns read."""
        return rows

    def get_urls(self) -> list[URLPattern]:
        name = f"{self.opts.app_label}_{self.opts.model_name}_export"
        return [path("export/", self.admin_site.admin_view(self.export_view), name=name), *super().get_urls()]

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        address = reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_export")
        query = request.GET.copy()
        query.pop("p", None)  # the page: an export holds them all
        asked = f"?{query.urlencode()}" if query else ""
        around = {"export_url": address + asked, "import_url": self._import_url(request)}
        return super().changelist_view(request, {**(extra_context or {}), **around})

    def _import_url(self, request: HttpRequest) -> str:
        may = self.table and may_import(request.user, self.table)
        return reverse("admin:catalog_tableimport_start", args=[self.table]) if may else ""

    def export_view(self, request: HttpRequest) -> HttpResponseBase:
        if not self.has_view_permission(request):
            raise PermissionDenied
        try:
            rows = self.get_changelist_instance(request).get_queryset(request)
        except IncorrectLookupParameters:
            self.message_user(request, "The filter in the address is not understood.", messages.ERROR)
            return redirect(f"admin:{self.opts.app_label}_{self.opts.model_name}_changelist")
        answer = StreamingHttpResponse(self._lines(rows), content_type="text/csv; charset=utf-8")
        name = f"{self.opts.verbose_name_plural}-{timezone.now():%Y-%m-%d}.csv".replace(" ", "-")
        answer["Content-Disposition"] = f'attachment; filename="{name}"'
        answer["Cache-Control"] = "no-store"
        return answer

    def _lines(self, rows: QuerySet[Any]) -> Iterator[str]:
        if self.table:
            return self._table_lines(rows)
        read = tuple(self.export_columns.values())
        found = self.export_rows(rows).iterator(chunk_size=CHUNK)
        return lines(tuple(self.export_columns), ([one(row) for one in read] for row in found))

    def _table_lines(self, rows: QuerySet[Any]) -> Iterator[str]:
        """The columns by which an import knows them: what was exported, brought in again, changes nothing."""
        names, values = TABLES[self.table].names, VALUES[self.table]
        found = map(values, self.export_rows(rows).iterator(chunk_size=CHUNK))
        return lines(names, ([as_cell(name, row[name]) for name in names] for row in found))

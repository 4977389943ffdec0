"""Where do editors bring products, offers and links in from a file: upload, what it would do, store, progress?"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils import timezone
from django.views.decorators.http import require_POST

from catalog.admin.readonly import ReadOnlyAdmin
from catalog.admin.signed_in import signed_in
from catalog.admin.table_pages import brought_by, table_page
from catalog.csv_cells import lines
from catalog.models import TableImport
from catalog.services import table_imports as work
from catalog.tables import TABLES
from catalog.tables.guide import guide_rows
from catalog.tasks import run_table_import

# A file so small is tried and stored while the editor's click is answered; others go to a worker.
AT_ONCE_ROWS = 100


class UploadForm(forms.Form):
    file = forms.FileField(
        label="File",
        help_text="CSV (UTF-8, UTF-16 or Windows-1252; comma, semicolon or tab) or Excel (.xlsx), its first row naming "
        "the columns. Nothing is stored before you have seen what would change.",
    )


@admin.register(TableImport)
class TableImportAdmin(ReadOnlyAdmin):
    list_display = ["file_name", "kind", "state", "rows_new", "rows_changed", "rows_wrong", "by", "created_at"]
    list_filter = ["kind", "state", "created_at"]
    list_select_related = ["started_by"]
    list_per_page = 50

    @admin.display(description="started by", ordering="started_by")
    def by(self, found: TableImport) -> str:
        return brought_by(found)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        kinds = [obj.kind] if obj is not None else list(TABLES)
        return any(work.may_import(request.user, kind) for kind in kinds)

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        allowed = [kind for kind in TABLES if work.may_import(request.user, kind)]
        return super().get_queryset(request).filter(kind__in=allowed)

    def get_urls(self) -> list[URLPattern]:
        def to(address: str, view: Callable[..., HttpResponseBase], name: str) -> URLPattern:
            return path(address, self.admin_site.admin_view(view), name=f"catalog_tableimport_{name}")

        return [
            to("of-<slug:kind>/", self.start_view, "start"),
            to("<slug:kind>-template.csv", self.template_view, "template"),
            to("<int:pk>/now/", self.now_view, "now"),
            to("<int:pk>/rejected.csv", self.rejected_view, "rejected"),
            to("<int:pk>/changes.csv", self.changes_view, "changes"),
            to("<int:pk>/act/", require_POST(self.act_view), "act"),
            *super().get_urls(),
        ]

    def start_view(self, request: HttpRequest, kind: str) -> HttpResponse:
        """Step 1: the file, and what its columns mean."""
        self._allow(request, kind)
        form = UploadForm(request.POST or None, request.FILES or None)
        if request.method == "POST" and form.is_valid():
            upload = form.cleaned_data["file"]
            try:
                made = work.take_table(kind=kind, content=upload, name=upload.name, by=signed_in(request))
            except work.NotOursError as error:
                form.add_error("file", error.problems)
            except work.ImportError_ as error:
                form.add_error("file", str(error))
            else:
                self.log_addition(request, made, "Uploaded, to be tried.")
                return self._moving(made)
        shown = {"form": form, "kind": TABLES[kind], "columns": guide_rows(TABLES[kind])}
        return self._show(request, "start", f"Import {TABLES[kind].label.lower()}", shown, 400 if form.errors else 200)

    def template_view(self, request: HttpRequest, kind: str) -> HttpResponse:
        """A file with every column and one row of examples."""
        self._allow(request, kind)
        columns = [column for column in TABLES[kind].columns if not column.is_told]
        content = lines([column.name for column in columns], [[column.example for column in columns]])
        return _csv(content, f"{kind}-template.csv")

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """Step 2 and 3: what would become of the rows, how far it is, what became of them."""
        found = self._get(request, int(object_id) if object_id.isascii() and object_id.isdigit() else 0)
        page = table_page(found, which=request.GET.get("which", ""), number=request.GET.get("p", ""))
        return self._show(request, "table", str(found), {"page": page, "kind": TABLES[found.kind]})

    def now_view(self, request: HttpRequest, pk: int) -> JsonResponse:
        """The same in numbers, for the page's script."""
        answer = JsonResponse(table_page(self._get(request, pk)).as_json())
        answer["Cache-Control"] = "no-store"
        return answer

    def rejected_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The rows that were wrong, with the reason in the first column; corrected, they can be uploaded."""
        found = self._get(request, pk)
        if not found.file:
            raise Http404
        return _csv(work.rejected(found), f"{found.kind}-{pk}-rejected.csv")

    def changes_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Every row that is not the same as what was known, and what of it."""
        found = self._get(request, pk)
        cells = work.change_cells(found.rows.iterator(chunk_size=2000))
        return _csv(lines(work.CHANGE_COLUMNS, cells), f"{found.kind}-{pk}-changes.csv")

    def act_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Store, stop or go on."""
        found = self._get(request, pk)
        doing = {"store": work.store_later, "go_on": work.go_on_later, "stop": work.stop}
        act = doing.get(request.POST.get("act", ""))
        try:
            if act is None:
                raise work.ImportError_("It is not clear what should be done. Use one of the buttons.")
            act(table_import=found)
        except work.ImportError_ as error:
            self.message_user(request, str(error), messages.ERROR)
        return self._moving(found)

    def _moving(self, found: TableImport) -> HttpResponse:
        """Set a few rows at work at once, many by a worker; the page tells how far it is."""
        if found.state in (TableImport.State.TRYING, TableImport.State.STORING):
            if found.rows_total <= AT_ONCE_ROWS:
                work.run_table(table_import_id=found.pk, now=timezone.now())
            else:
                run_table_import.delay_on_commit(found.pk)  # type: ignore[attr-defined]
        return redirect("admin:catalog_tableimport_change", found.pk)

    def _allow(self, request: HttpRequest, kind: str) -> None:
        if kind not in TABLES:
            raise Http404
        if not work.may_import(request.user, kind):
            raise PermissionDenied

    def _get(self, request: HttpRequest, pk: int) -> TableImport:
        found = get_object_or_404(TableImport.objects.select_related("started_by"), pk=pk)
        self._allow(request, found.kind)
        return found

    def _show(
        self, request: HttpRequest, name: str, title: str, shown: dict[str, Any], status: int = 200
    ) -> HttpResponse:
        context = {**self.admin_site.each_context(request), "title": title, "opts": self.opts, **shown}
        return TemplateResponse(request, f"admin/catalog/tableimport/{name}.html", context, status=status)


def _csv(content: Any, name: str) -> HttpResponse:
    answer: Any = StreamingHttpResponse(content, content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    answer["Cache-Control"] = "no-store"
    return answer  # type: ignore[no-any-return]

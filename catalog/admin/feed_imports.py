"""Where does an editor bring a merchant's items in: file, columns, trial run, import with its progress?"""

from __future__ import annotations

from collections.abc import Callable
from operator import attrgetter
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils import timezone
from django.views.decorators.http import require_POST

from catalog.admin import import_pages as pages
from catalog.admin.export import ExportAdmin
from catalog.api.imports import PROBLEM_COLUMNS
from catalog.csv_cells import lines
from catalog.models import FeedImport, ImportProblem, Merchant
from catalog.services import feed_imports as work
from catalog.services.feed_imports import drafts, errands
from catalog.services.prices import door
from catalog.tasks import look_at_import, run_feed_import

State = FeedImport.State


class StartForm(forms.Form):
    """Whose items, and where are they?"""

    merchant = forms.ModelChoiceField(Merchant.objects.order_by("name"), help_text="Whose items these are.")
    file = forms.FileField(
        required=False,
        label="File",
        help_text="CSV, TSV, Excel (.xlsx), XML (as Google Merchant) or JSON lines, also packed as .gz or .zip.",
    )
    url = forms.URLField(
        required=False,
        max_length=2000,
        assume_scheme="https",
        label="Or the feed's address",
        help_text="It is fetched once, now. Keep addresses with keys in them to yourself.",
    )


@admin.register(FeedImport)
class FeedImportAdmin(ExportAdmin):
    list_display = ["name", "merchant", "state", "rows", "offers_made", "offers_changed", "created_by", "created_at"]
    list_filter = ["state", "merchant", "created_at"]
    list_select_related = ["merchant"]
    search_fields = ["file_name", "merchant__name"]
    list_per_page = 50
    actions = None
    export_columns = {
        name: attrgetter(name)
        for name in (
            *("merchant.name", "file_name", "state", "position", "rows_total", "rows_matched", "rows_doubtful"),
            *("rows_unknown", "rows_refused", "offers_made", "offers_changed", "created_by", "created_at"),
            *("started_at", "finished_at", "error"),
        )
    }

    def export_rows(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        return rows.select_related("merchant")

    @admin.display(description="file or address", ordering="file_name")
    def name(self, feed_import: FeedImport) -> str:
        return feed_import.file_name or feed_import.url.partition("?")[0][:80]

    @admin.display(description="rows", ordering="position")
    def rows(self, feed_import: FeedImport) -> str:
        return f"{feed_import.position:,} of {feed_import.rows_total or 0:,}"

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False  # what was brought in, and by whom, stays written down

    def get_urls(self) -> list[URLPattern]:
        def to(page: str, view: Callable[..., HttpResponseBase], end: str = "/") -> URLPattern:
            name = f"catalog_feedimport_{page}"
            return path(f"<int:pk>/{page}{end}", self.admin_site.admin_view(view), name=name)

        return [
            to("file", self.file_view),
            to("columns", self.columns_view),
            to("trial", self.trial_view),
            to("progress", self.progress_view),
            to("now", self.now_view),
            to("problems", self.problems_view, end=".csv"),
            to("act", require_POST(self.act_view)),
            *super().get_urls(),
        ]

    # --- the steps ---------------------------------------------------------------------------------------------

    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: Any = None) -> HttpResponse:
        return self.file_view(request)

    def file_view(self, request: HttpRequest, pk: int | None = None) -> HttpResponse:
        """Step 1: the merchant, and a file or an address."""
        feed_import = self._get(request, pk) if pk is not None else None
        if feed_import is None and not self.has_add_permission(request):
            raise PermissionDenied
        initial = {"merchant": feed_import.merchant_id, "url": feed_import.url} if feed_import else None
        form = StartForm(request.POST or None, request.FILES or None, initial=initial)
        if request.method == "POST" and form.is_valid():
            try:
                return self._started(feed_import, form.cleaned_data, request.user.get_username())
            except work.ImportError_ as error:
                form.add_error(None, str(error))
        shown = {"form": form, "feed_import": feed_import, "steps": pages.steps(feed_import, 1)}
        return self._show(request, "file", shown, status=400 if form.errors else 200)

    def _started(self, before: FeedImport | None, asked: dict[str, Any], by: str) -> HttpResponse:
        merchant, uploaded, url = asked["merchant"], asked["file"], asked["url"]
        if before is None:
            found = work.start_import(merchant=merchant, uploaded=uploaded, url=url, by=by)
        else:
            found = drafts.change_start(feed_import=before, merchant=merchant, uploaded=uploaded, url=url, by=by)
        if not found.sample.get("columns"):
            self._look(found)
        return redirect("admin:catalog_feedimport_columns", found.pk)

    def _look(self, feed_import: FeedImport) -> None:
        """At once, or by a worker where it may take longer than a click. The page tells what was wrong."""
        if not errands.is_quick(feed_import):
            errands.note_waiting(feed_import)
            look_at_import.delay_on_commit(feed_import.pk)  # type: ignore[attr-defined]
            return
        errands.look_at_import(feed_import_id=feed_import.pk, door=door())

    def columns_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Step 2: what was detected, and what the columns mean."""
        feed_import = self._get(request, pk)
        if feed_import.state not in (State.DRAFT, State.FAILED, State.CANCELLED):
            return redirect("admin:catalog_feedimport_progress", pk)
        problems: list[str] = []
        if request.method == "POST":
            try:
                problems = self._told(feed_import, request)
                if "try" in request.POST and not problems:
                    work.dry_run(feed_import=feed_import, now=timezone.now())
                    return redirect("admin:catalog_feedimport_trial", pk)
            except work.ImportError_ as error:
                problems = [str(error)]
            feed_import.refresh_from_db()
        page = pages.columns_page(feed_import, problems)
        return self._show(request, "columns", {"page": page}, status=400 if problems else 200)

    def _told(self, feed_import: FeedImport, request: HttpRequest) -> list[str]:
        asked = request.POST
        if "detect" in asked:
            self._look(feed_import)
            return []
        keys = [field.key for field in work.FIELDS] + [work.URL_TEMPLATE]
        return work.set_mapping(
            feed_import=feed_import,
            format=asked.get("format", feed_import.format),
            encoding=asked.get("encoding", feed_import.encoding),
            delimiter=asked.get("delimiter", feed_import.delimiter),
            currency=asked.get("currency", feed_import.currency),
            mapping={key: asked.get(f"map-{key}", "") for key in keys},
        )

    def trial_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Step 3: what the import would do."""
        feed_import = self._get(request, pk)
        if not feed_import.report:
            return redirect("admin:catalog_feedimport_columns", pk)
        return self._show(request, "trial", {"page": pages.trial_page(feed_import)})

    def progress_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Step 4: how far it is."""
        feed_import = self._get(request, pk, may="view")
        page = pages.progress_page(feed_import, now=timezone.now())
        return self._show(request, "progress", {"page": page, "may_change": self.has_change_permission(request)})

    def now_view(self, request: HttpRequest, pk: int) -> JsonResponse:
        """The same in numbers, for the page's script."""
        page = pages.progress_page(self._get(request, pk, may="view"), now=timezone.now())
        answer = JsonResponse(page.as_json())
        answer["Cache-Control"] = "no-store"
        return answer

    def act_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Start, cancel, resume or begin anew."""
        feed_import = self._get(request, pk)
        try:
            _act(request.POST.get("act", ""), feed_import)
        except work.ImportError_ as error:
            self.message_user(request, str(error), messages.ERROR)
            if feed_import.state == State.DRAFT:
                return redirect("admin:catalog_feedimport_columns", pk)
        return redirect("admin:catalog_feedimport_progress", pk)

    def problems_view(self, request: HttpRequest, pk: int) -> HttpResponseBase:
        """Rows that could not be taken: those of the import, or of its trial run while it did not run."""
        feed_import = self._get(request, pk, may="view")
        tried: list[dict[str, Any]] = feed_import.report.get("problems", [])
        rows = ImportProblem.objects.filter(feed_import=feed_import)
        found = (
            ((row["row"], row["field"], row["message"], row["raw"]) for row in tried)
            if "trial" in request.GET
            else rows.values_list("row_number", "field", "message", "raw").iterator()
        )
        named = lines(PROBLEM_COLUMNS, found)
        answer = StreamingHttpResponse(named, content_type="text/csv; charset=utf-8")
        answer["Content-Disposition"] = f'attachment; filename="import-{pk}-problems.csv"'
        return answer

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """Where the import stands: its columns while it is set up, else its progress."""
        pk = int(object_id) if object_id.isascii() and object_id.isdigit() and len(object_id) < 19 else 0
        feed_import = self._get(request, pk, may="view")
        step = "columns" if feed_import.state == State.DRAFT and self.has_change_permission(request) else "progress"
        return redirect(f"admin:catalog_feedimport_{step}", feed_import.pk)

    # --- shared by the steps -----------------------------------------------------------------------------------

    def _get(self, request: HttpRequest, pk: int, may: str = "change") -> FeedImport:
        allowed = self.has_view_permission(request) if may == "view" else self.has_change_permission(request)
        if not allowed:
            raise PermissionDenied
        return get_object_or_404(FeedImport.objects.select_related("merchant"), pk=pk)

    def _show(self, request: HttpRequest, step: str, shown: dict[str, Any], status: int = 200) -> HttpResponse:
        context = {**self.admin_site.each_context(request), "title": "Feed import", "opts": self.opts, **shown}
        return TemplateResponse(request, f"admin/catalog/feedimport/{step}.html", context, status=status)


def _act(what: str, feed_import: FeedImport) -> None:
    """Raises `ImportError_`."""
    if what == "cancel":
        work.cancel_import(feed_import=feed_import, now=timezone.now())
        return
    doing = {"start": work.queue_import, "resume": work.resume_import, "retry": work.retry_import}.get(what)
    if doing is None:
        raise work.ImportError_("It is not clear what should be done. Use one of the buttons.")
    doing(feed_import=feed_import)
    run_feed_import.delay_on_commit(feed_import.pk)  # type: ignore[attr-defined]

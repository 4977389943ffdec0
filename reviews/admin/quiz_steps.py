"""Where do editors see how people get through the questions? Any days, any rules, with a chart and a CSV file."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase, StreamingHttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone

from catalog.admin.readonly import ReadOnlyAdmin
from catalog.click_reports import Window
from catalog.csv_cells import lines
from recommender.models import StepTally
from reviews.admin.window_form import WindowForm
from reviews.reports.quiz_steps import COLUMNS, cells, steps_page


@admin.register(StepTally)
class StepsAdmin(ReadOnlyAdmin):
    """The list of tallies is no list: it is the report."""

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return obj is None and super().has_view_permission(request, obj)

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        if not self.has_view_permission(request):
            raise PermissionDenied
        today = timezone.localdate()
        form = WindowForm(request.GET, today=today)
        window = form.window()
        version = request.GET.get("rules", "").replace("\x00", "")[:40]
        if request.GET.get("format") == "csv" and form.is_valid():
            return _as_csv(window, version)
        shown = WindowForm({"since": window.since, "until": window.until}, today=today) if form.is_valid() else form
        context = {
            **self.admin_site.each_context(request),
            "title": "Steps through the questions",
            "opts": self.opts,
            "page": steps_page(window, version=version, today=today),
            "form": shown,
            "version": version,
        }
        return TemplateResponse(request, "admin/recommender/steptally/report.html", context)


def _as_csv(window: Window, version: str) -> HttpResponseBase:
    told = lines(COLUMNS, cells(window, version=version))
    answer = StreamingHttpResponse(told, content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="steps-{window.since}-{window.until}.csv"'
    answer["Cache-Control"] = "no-store"
    return answer

"""Where do editors see what came of the clicks? One page for every side, any days, with a chart and a CSV file."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone

from catalog.admin.readonly import ReadOnlyAdmin
from catalog.csv_cells import lines
from catalog.models import ClickTally
from reviews.admin.window_form import WindowForm
from reviews.reports.page import Asked, report_page
from reviews.reports.rows import COLUMNS, UPKEEP_COLUMNS, cells, cells_with_upkeep, rows_of, seen_from
from reviews.reports.sides import SIDES
from reviews.reports.upkeep import SORTS, upkeep_of_articles


class ReportForm(WindowForm):
    """The choices in the address. What is missing is the last thirty days, by page."""

    by = forms.ChoiceField(choices=[(side.key, side.label) for side in SIDES.values()], required=False, label="By")


@admin.register(ClickTally)
class ReportsAdmin(ReadOnlyAdmin):
    """The list of tallies is no list: it is the reports."""

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return obj is None and super().has_view_permission(request, obj)

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        if not self.has_view_permission(request):
            raise PermissionDenied
        today = timezone.localdate()
        form = ReportForm(request.GET, today=today)
        window = form.window()
        asked = Asked(
            side=SIDES.get(form.cleaned_data.get("by") or "page", SIDES["page"]),
            window=window,
            begins=request.GET.get("in", "")[:60],
            key=request.GET.get("key", "")[:60] or None,
            sort=request.GET.get("sort", "") if request.GET.get("sort") in SORTS else "",
        )
        if request.GET.get("format") == "csv" and form.is_valid():
            return _as_csv(asked)
        return self._as_page(request, asked, form, today)

    def _as_page(self, request: HttpRequest, asked: Asked, form: ReportForm, today: date) -> HttpResponse:
        page = report_page(asked, now=timezone.now(), today=today, currency=settings.REPORT_CURRENCY)
        shown = form if not form.is_valid() else ReportForm(_filled(asked), today=today)
        context = {
            **self.admin_site.each_context(request),
            "title": page.title,
            "opts": self.opts,
            "page": page,
            "form": shown,
        }
        return TemplateResponse(request, "admin/catalog/clicktally/report.html", context)


def _filled(asked: Asked) -> dict[str, object]:
    return {"by": asked.side.key, "since": asked.window.since, "until": asked.window.until}


def _as_csv(asked: Asked) -> HttpResponseBase:
    currency = settings.REPORT_CURRENCY
    seen = seen_from(asked.side, asked.window, currency=currency, begins=asked.begins, key=asked.key)
    upkeep = upkeep_of_articles(now=timezone.now()) if asked.has_upkeep else None
    rows, _ = rows_of(asked.side, asked.window, seen, currency=currency, most=None, upkeep=upkeep, sort=asked.sort)
    told = lines((*COLUMNS, *UPKEEP_COLUMNS), cells_with_upkeep(rows)) if upkeep else lines(COLUMNS, cells(rows))
    answer = StreamingHttpResponse(told, content_type="text/csv; charset=utf-8")
    name = f"clicks-by-{asked.side.key}-{asked.window.since}-{asked.window.until}.csv"
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    answer["Cache-Control"] = "no-store"
    return answer

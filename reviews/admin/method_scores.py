"""Where are the scores of a version entered, brought in from a file and taken home?"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.contrib import admin, messages
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from catalog.csv_cells import lines
from catalog.models import Product
from reviews.admin.score_grid import SHOWN, Typed, by_name, grid_rows, inputs, per_page, products_to_score, typed_from
from reviews.models import Author, MethodVersion, Score
from reviews.score_table import method_of
from reviews.services.score_files import COLUMNS, export_rows, try_scores
from reviews.services.scores import ScoresError, confirm_scores, save_scores

LARGEST_FILE = 1_000_000
_Address = Callable[[str, Any, str], Any]


class MethodScores(admin.ModelAdmin[Any]):
    """The part of the method's admin that is about scores."""

    def score_urls(self, address: _Address) -> list[URLPattern]:
        return [
            address("<int:version_id>/scores/", self.scores_view, "scores"),
            address("<int:version_id>/scores/confirm/", require_POST(self.confirm_view), "confirm"),
            address("<int:version_id>/scores/export/", self.export_view, "scores_export"),
            address("<int:version_id>/scores/import/", self.import_view, "scores_import"),
        ]

    def scores_view(self, request: HttpRequest, version_id: int) -> HttpResponse:
        version = self._version(request, version_id)
        if request.method != "POST":
            return self._grid_page(request, version)
        if not _may_score(request, version):
            raise PermissionDenied
        tester, day, problems = _by_and_on(request)
        typed = typed_from(request.POST)
        scores, wrong = inputs(typed, tester=tester, day=day or timezone.localdate())
        try:
            if wrong or problems:
                raise ScoresError([])
            count = save_scores(version=version, scores=scores, by=_user(request))
        except ScoresError as error:
            wrong |= by_name(error.problems)
            return self._grid_page(request, version, Typed(cells=typed.cells, problems=wrong), problems)
        told = f"{count} score{'' if count == 1 else 's'} saved." if count else "No cell was changed."
        self.message_user(request, told, messages.SUCCESS if count else messages.INFO)
        return redirect(f"{reverse('admin:reviews_methodversion_scores', args=[version.pk])}?{request.GET.urlencode()}")

    def _grid_page(
        self, request: HttpRequest, version: MethodVersion, typed: Typed | None = None, problems: Any = ()
    ) -> HttpResponse:
        method = method_of(version)
        show, query = request.GET.get("show", "named"), request.GET.get("q", "")[:100]
        found = Paginator(products_to_score(version, show=show, query=query), per_page(method))
        shown = found.get_page(request.GET.get("page"))
        products: list[Product] = list(shown.object_list)
        rows = Score.objects.filter(criterion__version=version, product__in=[one.pk for one in products])
        stored = {(row.product_id, row.criterion.key): row for row in rows.select_related("criterion", "tester")}
        context = {
            **self._score_context(request, version, f"Scores of Method {version.number}"),
            "method": method,
            "rows": grid_rows(method, products, stored, typed),
            "page": shown,
            "shown": [(key, label, key == show) for key, label in SHOWN.items()],
            "show": show,
            "query": query,
            "address": urlencode({"show": show, "q": query}),
            "authors": Author.objects.order_by("name"),
            "tester": request.POST.get("tester", ""),
            "day": request.POST.get("scored_on", "") or timezone.localdate().isoformat(),
            "today": timezone.localdate().isoformat(),
            "problems": [*problems, *((typed.problems.values()) if typed else ())],
            "confirmable": _confirmable(version),
        }
        return TemplateResponse(request, "admin/reviews/methodversion/scores.html", context)

    def confirm_view(self, request: HttpRequest, version_id: int) -> HttpResponse:
        version = self._version(request, version_id)
        if not _may_score(request, version):
            raise PermissionDenied
        count = confirm_scores(version=version, criterion=request.POST.get("criterion", ""), by=_user(request))
        self.message_user(request, f"Scores confirmed: {count}.", messages.SUCCESS)
        return redirect("admin:reviews_methodversion_scores", version.pk)

    def export_view(self, request: HttpRequest, version_id: int) -> HttpResponseBase:
        version = self._version(request, version_id)
        answer = StreamingHttpResponse(lines(COLUMNS, export_rows(version)), content_type="text/csv; charset=utf-8")
        answer["Content-Disposition"] = f'attachment; filename="scores-method-{version.number}.csv"'
        answer["Cache-Control"] = "no-store"
        return answer

    def import_view(self, request: HttpRequest, version_id: int) -> HttpResponse:
        """First what the file would do, row by row; then, with a press, it does it."""
        version = self._version(request, version_id)
        if not _may_score(request, version):
            raise PermissionDenied
        context = self._score_context(request, version, f"Bring in scores of Method {version.number}")
        text, problem = _file_text(request) if request.method == "POST" else ("", "")
        if text and not problem:
            trial = try_scores(version, text, today=timezone.localdate())
            if "_save" in request.POST and not trial.problems:
                return self._import(request, version, trial.scores)
            context |= {"trial": trial, "text": text}
        context |= {"problem": problem, "columns": COLUMNS}
        return TemplateResponse(request, "admin/reviews/methodversion/import.html", context)

    def _import(self, request: HttpRequest, version: MethodVersion, scores: Any) -> HttpResponse:
        try:
            count = save_scores(version=version, scores=scores, by=_user(request))
        except ScoresError as error:
            for problem in error.problems[:20]:
                self.message_user(request, problem.message, messages.ERROR)
            return redirect("admin:reviews_methodversion_scores_import", version.pk)
        self.message_user(request, f"Scores saved: {count}.", messages.SUCCESS)
        return redirect("admin:reviews_methodversion_scores", version.pk)

    def _version(self, request: HttpRequest, version_id: int) -> MethodVersion:
        if not (self.has_view_permission(request) and request.user.has_perm("reviews.view_score")):
            raise PermissionDenied
        return get_object_or_404(MethodVersion, pk=version_id)

    def _score_context(self, request: HttpRequest, version: MethodVersion, title: str) -> dict[str, Any]:
        return {
            **self.admin_site.each_context(request),
            "title": title,
            "opts": self.opts,
            "version": version,
            "here": "scores",
            "may_score": _may_score(request, version),
        }


def _may_score(request: HttpRequest, version: MethodVersion) -> bool:
    return version.state != MethodVersion.State.RETIRED and request.user.has_perm("reviews.change_score")


def _confirmable(version: MethodVersion) -> list[tuple[str, str]]:
    """The criteria that have scores to confirm."""
    rows = version.criteria.filter(scores__is_confirmed=False).distinct()
    return [(row.key, row.label) for row in rows]


def _by_and_on(request: HttpRequest) -> tuple[Author | None, date | None, list[str]]:
    """Who scored the touched cells, and when."""
    slug, day = request.POST.get("tester", ""), request.POST.get("scored_on", "")
    tester = Author.objects.filter(slug=slug).first() if slug else None
    problems = [f"Scored by: there is no author “{slug}”."] if slug and tester is None else []
    try:
        when = date.fromisoformat(day)
    except ValueError:
        return tester, None, [*problems, "Scored on: write the day like 2026-05-31."]
    if when > timezone.localdate():
        problems.append("Scored on: that day has not come yet.")
    return tester, when, problems


def _file_text(request: HttpRequest) -> tuple[str, str]:
    """The CSV as text, and what is wrong with the file."""
    file = request.FILES.get("file")
    if file is None:
        text = request.POST.get("text", "")
        return text, "" if text else "Choose a CSV file."
    if (file.size or 0) > LARGEST_FILE:
        return "", f"The file is larger than {LARGEST_FILE // 1_000_000} MB. Part it."
    try:
        return file.read().decode("utf-8-sig"), ""
    except UnicodeDecodeError:
        return "", "The file is not UTF-8. Save it as “CSV UTF-8”."


def _user(request: HttpRequest) -> User:
    assert isinstance(request.user, User)
    return request.user

"""Where is a walk through all answers begun and its result seen? A page of the rules' desk, with a CSV file."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import redirect
from django.utils import timezone

from catalog.admin.signed_in import signed_in
from catalog.csv_cells import lines
from reviews.reports.choice_walks import COLUMNS, cells, walk_page
from reviews.services.choice_walks import WalkRefusedError, begin_walk
from reviews.tasks import walk_all_choices


class ChoiceWalks:
    """The views of the walk, for the desk of the rules. Who wins by merchant is for those who may see merchants."""

    def walk_view(self: Any, request: HttpRequest) -> HttpResponse:
        _let_in(request)
        if request.method == "POST":
            return _begin(self, request)
        shown: HttpResponse = self._page(request, "walk", "Walk through all answers", page=walk_page())
        return shown

    def walk_csv_view(self: Any, request: HttpRequest) -> HttpResponseBase:
        _let_in(request)
        page = walk_page()
        if page.result is None:
            raise Http404("No walk has ended yet.")
        answer = StreamingHttpResponse(lines(COLUMNS, cells(page.result)), content_type="text/csv; charset=utf-8")
        answer["Content-Disposition"] = f'attachment; filename="walk-{page.result.at:%Y-%m-%d}.csv"'
        answer["Cache-Control"] = "no-store"
        return answer


def may_walk(request: HttpRequest) -> bool:
    return request.user.has_perms(["recommender.view_rulesetversion", "catalog.view_merchant"])


def _let_in(request: HttpRequest) -> None:
    if not may_walk(request):
        raise PermissionDenied


def _begin(desk: Any, request: HttpRequest) -> HttpResponse:
    try:
        walk = begin_walk(by=signed_in(request), now=timezone.now())
    except WalkRefusedError as error:
        desk.message_user(request, str(error), messages.WARNING)
    else:
        walk_all_choices.delay_on_commit(walk.pk)  # type: ignore[attr-defined]
        desk.message_user(request, "The walk has begun; it takes some minutes. Come back to this page.")
    return redirect("admin:recommender_rulesetversion_walk")

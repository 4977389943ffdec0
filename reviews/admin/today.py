"""Where does an editor begin the day? What needs them, ranked by readers; and the calendar of what is coming."""

from __future__ import annotations

import re
from datetime import date

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils import timezone

from catalog.admin.signed_in import signed_in
from reviews.today.calendar import calendar_page
from reviews.today.page import asker_of, today_page

_MONTH = re.compile(r"([12][0-9]{3})-(0[1-9]|1[0-2])", re.ASCII)


def today(request: HttpRequest) -> HttpResponse:
    """Everybody on the staff has one; it shows what its person may act on."""
    asker = asker_of(signed_in(request), now=timezone.now())
    page = today_page(asker, only=request.GET.get("kind", ""), is_mine=request.GET.get("mine") == "1")
    context = {**admin.site.each_context(request), "title": page.title, "page": page}
    return TemplateResponse(request, "admin/reviews/today.html", context)


def calendar(request: HttpRequest) -> HttpResponse:
    """`month` is `2026-11`; what cannot be read is this month."""
    if not request.user.has_perm("reviews.view_article"):
        raise PermissionDenied
    local = timezone.localdate()
    asked = _MONTH.fullmatch(request.GET.get("month", ""))
    month = date(int(asked[1]), int(asked[2]), 1) if asked else local
    page = calendar_page(month, today=local)
    context = {**admin.site.each_context(request), "title": page.title, "page": page}
    return TemplateResponse(request, "admin/reviews/calendar.html", context)


urlpatterns: list[URLPattern] = [
    path("today/", admin.site.admin_view(today), name="desk-today"),
    path("calendar/", admin.site.admin_view(calendar), name="desk-calendar"),
]

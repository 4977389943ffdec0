"""What does a reader see of a link: where it leads, or that it leads nowhere?"""

from __future__ import annotations

from http import HTTPStatus

from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from catalog.clicks.lines import safe_code
from catalog.go import desk
from catalog.link_pages import preview_page, unknown_page
from catalog.link_table import rows as link_rows
from catalog.link_table.entries import ReadyLink, ready
from catalog.targets import TargetError


@csrf_exempt
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def go(request: HttpRequest, code: str) -> HttpResponse:
    """What `catalog.go` passed on: a preview, a link younger than its table, or a code that leads nowhere."""
    link = stored_link(code)
    if link is not None:
        answer = desk().answer(link, request.META)
        if answer is not None:
            number = int(answer.status.partition(" ")[0])
            return HttpResponse(status=number, headers=dict(answer.headers))
    is_counted = link is None and request.method != "HEAD" and "preview" not in request.GET
    if is_counted:
        desk().count_unknown(code, request.META)
    page = preview_page(code, now=timezone.now()) if link is not None else unknown_page(code)
    status = HTTPStatus.OK if link is not None else HTTPStatus.NOT_FOUND
    response = render(request, "catalog/go.html", {"page": page}, status=status)
    response["X-Robots-Tag"] = "noindex, nofollow"
    return response


def stored_link(code: str) -> ReadyLink | None:
    """The link in the database, when it leads to its merchant; None also when the database is away: who could know?"""
    if safe_code(code) != code:
        return None
    try:
        entry = link_rows.link_with_code(code)
        return ready(entry, link_rows.shops()) if entry is not None else None
    except (OperationalError, TargetError):
        return None

"""Which answers are views of a page, and by whom? Counted on the way out; the page itself is the same for everybody."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from catalog.agents import PERSON, classify
from catalog.page_views import view_counter

# Whose pages are nobody's reading.
NOT_COUNTED = ("/admin/", "/api/", "/go/", "/preview/", "/static/", "/livez", "/readyz")
_AHEAD_OF_TIME = ("HTTP_SEC_PURPOSE", "HTTP_PURPOSE", "HTTP_X_MOZ", "HTTP_X_PURPOSE")


class CountViews:
    """Middleware, around the page cache: what is given out from there is seen as well."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if is_view(request, response):
            view_counter().count(timezone.localdate().isoformat(), request.path_info, is_net=is_a_persons(request))
        return response


def is_view(request: HttpRequest, response: HttpResponse) -> bool:
    """A whole page, or the word that the one the browser has is still true."""
    if request.method != "GET" or request.path_info.startswith(NOT_COUNTED):
        return False
    if response.status_code == 304:
        return "text/html" in request.META.get("HTTP_ACCEPT", "")
    return response.status_code == 200 and response.get("Content-Type", "").startswith("text/html")


def is_a_persons(request: HttpRequest) -> bool:
    """Neither a machine's, nor fetched ahead of a reader who may never come, nor our own staff's."""
    if any(name in request.META for name in _AHEAD_OF_TIME) or settings.SESSION_COOKIE_NAME in request.COOKIES:
        return False
    return classify(request.META.get("HTTP_USER_AGENT", "")[:400]).kind == PERSON

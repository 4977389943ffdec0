"""Which answers are views of a page, and by whom? Counted on the way out; the page itself is the same for everybody."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from catalog.clicks.agents import PERSON, classify
from catalog.page_views import view_counter
from config.kept_page import HAND, Hand
from recommender.step_counts import step_counter
from recommender.steps import HEADER

# Whose pages are nobody's reading.
_KEYS_OF_READERS = (
    "/newsletter/confirm/",
    "/newsletter/leave/",
    "/newsletter/leave-news/",
    "/newsletter/you/",
    "/alerts/",
)
NOT_COUNTED = (
    f"/{settings.ADMIN_PATH}",
    "/api/",
    "/go/",
    "/preview/",
    "/static/",
    "/livez",
    "/readyz",
    *_KEYS_OF_READERS,
)
_AHEAD_OF_TIME = ("HTTP_SEC_PURPOSE", "HTTP_PURPOSE", "HTTP_X_MOZ", "HTTP_X_PURPOSE")


class CountViews:
    """Middleware, around the page cache: what is given out from there is seen as well."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        steps = response.headers.get(HEADER, "")
        del response.headers[HEADER]
        if is_view(request, response):
            count_view(request.path_info, request.META, steps)
        elif steps and is_asked_for(request) and response.status_code == 302:
            count_steps(steps, request.META)  # on the way from one question to the next
        return response


def count_view(path: str, environ: Mapping[str, Any], steps: str = "") -> None:
    """One view of the page at `path`, by whoever the request's environ speaks of. Never waits.

    `steps`: the step through the questions that the page is, as its view names it (`recommender/steps.py`).
    """
    day, is_net = _today(int(time.time()) // 60), is_a_persons(environ)
    view_counter().count(day, path, is_net=is_net)
    if steps and is_net:
        step_counter().count(day, steps, is_net=True)


def count_steps(steps: str, environ: Mapping[str, Any]) -> None:
    """The steps of a redirect, when a person took them."""
    if is_a_persons(environ):
        step_counter().count(_today(int(time.time()) // 60), steps, is_net=True)


@lru_cache(maxsize=2)
def _today(minute: int) -> str:
    """The day in the site's time zone; `minute` is the one now (since 1970), in which no day begins."""
    return timezone.localdate().isoformat()


def is_view(request: HttpRequest, response: HttpResponse) -> bool:
    """A whole page, or the word that the one the browser has is still true; and somebody asked for it."""
    if not is_asked_for(request):
        return False
    if response.status_code == 304:
        return "text/html" in request.META.get("HTTP_ACCEPT", "")
    return response.status_code == 200 and response.get("Content-Type", "").startswith("text/html")


def is_asked_for(request: HttpRequest) -> bool:
    """Somebody looks; it is not we ourselves who make a page anew."""
    if request.method != "GET" or request.path_info.startswith(NOT_COUNTED):
        return False
    hand = request.META.get(HAND)
    return not (isinstance(hand, Hand) and hand.turn is not None)


def is_a_persons(environ: Mapping[str, Any]) -> bool:
    """Neither a machine's, nor fetched ahead of a reader who may never come, nor our own staff's."""
    for name in _AHEAD_OF_TIME:
        if name in environ:
            return False
    cookies = environ.get("HTTP_COOKIE")
    if cookies and f"{settings.SESSION_COOKIE_NAME}=" in cookies:
        return False
    return classify(environ.get("HTTP_USER_AGENT", "")[:400]).kind == PERSON

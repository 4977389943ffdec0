"""Where is the desk, and how long does somebody stay signed in there?

Only addresses under `ADMIN_PATH` are looked at: a page for readers never asks for a session, so that it can be kept
for everybody. Who does nothing for `ADMIN_IDLE_MINUTES` is signed out by the session's own end; after
`ADMIN_SESSION_HOURS` everybody is.
"""

from __future__ import annotations

import time
from collections.abc import Callable

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.auth import logout
from django.http import Http404, HttpRequest, HttpResponse

BEGAN = "staff_began"
SEEN = "staff_seen"
# The time of the last request is written down no more often than this.
SEEN_EVERY_SECONDS = 60


class StaffSessions:
    """Middleware, after Django's own of sessions and accounts."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path_info.startswith(f"/{settings.ADMIN_PATH}"):
            if not is_at_home(request):
                raise Http404("The desk is not here.")
            if request.user.is_authenticated:
                look_at_the_clock(request, int(time.time()))
        return self.get_response(request)


def is_at_home(request: HttpRequest) -> bool:
    """Whether the desk answers on this host: on each, or on `ADMIN_HOST` alone."""
    return settings.ADMIN_HOST in ("", request.get_host().partition(":")[0])


def look_at_the_clock(request: HttpRequest, now: int) -> None:
    """Signs out whose session is too old; else says now and then that it is in use. `now`: seconds since 1970."""
    session = request.session
    if now - session.setdefault(BEGAN, now) >= settings.ADMIN_SESSION_HOURS * 3600:
        logout(request)
    elif now - session.get(SEEN, 0) >= SEEN_EVERY_SECONDS:
        session[SEEN] = now
        UserSession.objects.create_from_request(request)

"""What is said while PostgreSQL or Redis is away? That it is for now (503) and when to come back; nobody keeps it."""

from __future__ import annotations

import sys

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views import defaults
from django.views.decorators.cache import never_cache
from redis import exceptions as redis

RETRY_SECONDS = 30
WORDS = "The site's own data cannot be reached just now. Nothing was changed; try again in half a minute."

_AWAY = (OperationalError, InterfaceError, redis.ConnectionError, redis.TimeoutError)


def is_away(error: BaseException | None) -> bool:
    """Whether a service does not answer, or not in time; what is wrong in a question of ours is another error."""
    return isinstance(error, _AWAY)


@never_cache
def server_error(request: HttpRequest) -> HttpResponse:
    """`handler500`, called while the exception is being handled."""
    if not is_away(sys.exc_info()[1]):
        return defaults.server_error(request)
    answer = render(None, "503.html", status=503)
    answer["Retry-After"] = str(RETRY_SECONDS)
    return answer

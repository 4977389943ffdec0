"""Is this process alive, and can it serve? Neither question touches a count or a page."""

from __future__ import annotations

from collections.abc import Callable

from django.core.cache import cache
from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from redis.exceptions import RedisError


class Livez:
    """Middleware, first of all: `/livez` is 200 as long as the process answers at all.

    Whoever asks is a container's health check or a load balancer: it asks over http and by an address, so nothing
    may send it to https or refuse its Host. A restart would not help a database that is away, so none is asked.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path_info != "/livez":
            return self.get_response(request)
        return HttpResponse("ok\n", content_type="text/plain; charset=utf-8", headers={"Cache-Control": "no-store"})


@never_cache
def readyz(request: HttpRequest) -> JsonResponse:
    """200 when PostgreSQL and Redis answer, else 503 that names the one that does not."""
    state = {"postgresql": _works(_ask_database), "redis": _works(_ask_redis)}
    return JsonResponse(state, status=200 if all(state.values()) else 503)


def _works(ask: Callable[[], object]) -> bool:
    try:
        ask()
    except (DatabaseError, RedisError, OSError):
        return False
    return True


def _ask_database() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")


def _ask_redis() -> None:
    cache.get("readyz")

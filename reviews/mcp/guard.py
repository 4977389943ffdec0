"""Who may speak to the server over HTTP, and how often? Before a byte of a message is read.

A page in somebody's browser can be led to a server on their machine by a name that changes its address (DNS
rebinding): only hosts of ours are answered, and what comes from a page only when that page is ours.
"""

from __future__ import annotations

from urllib.parse import urlsplit

from django.conf import settings
from django.http.request import split_domain_port, validate_host
from limits import RateLimitItemPerSecond
from limits.storage import MemoryStorage
from limits.strategies import SlidingWindowCounterRateLimiter
from rest_framework.throttling import AnonRateThrottle
from starlette.datastructures import Headers
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Receive, Scope, Send

HEALTH = "/livez"
_LOCAL = ["127.0.0.1", "localhost", "[::1]"]


class Rate:
    """`120/min`, as `API_RATE` is written; empty: no bound. Counted in this process' memory only."""

    def __init__(self, written: str) -> None:
        self._limiter = SlidingWindowCounterRateLimiter(MemoryStorage())
        number, seconds = AnonRateThrottle.parse_rate(AnonRateThrottle(), written or None)
        self._limit = RateLimitItemPerSecond(number, seconds) if number and seconds else None

    def allows(self, address: str) -> bool:
        return self._limit is None or self._limiter.hit(self._limit, address)


class Guard:
    """ASGI: refuses foreign hosts and pages, and who asks too often, each in a sentence."""

    def __init__(self, app: ASGIApp, *, rate: str) -> None:
        self._app = app
        self._rate = Rate(rate)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        answer = self._refusal(scope)
        if answer is None and scope["path"] == HEALTH:
            answer = JSONResponse({"status": "ok"})
        await (answer or self._app)(scope, receive, send)

    def _refusal(self, scope: Scope) -> JSONResponse | None:
        headers = Headers(scope=scope)
        if not is_ours(headers.get("host", "")):
            return _problem(421, "This server answers only by its own name; add it to ALLOWED_HOSTS.")
        origin = headers.get("origin")
        if origin is not None and not is_ours(urlsplit(origin).netloc):
            return _problem(403, "Pages of other sites may not speak to this server.")
        if scope["path"] != HEALTH and not self._rate.allows(address_of(scope, headers)):
            return _problem(429, "Too many requests; wait a minute and ask again.", {"Retry-After": "60"})
        return None


def is_ours(host: str) -> bool:
    """By ALLOWED_HOSTS, on any port; this machine's own names always."""
    domain, _ = split_domain_port(host)
    return bool(domain) and validate_host(domain, [*settings.ALLOWED_HOSTS, *_LOCAL])


def address_of(scope: Scope, headers: Headers) -> str:
    """Whose requests are counted together; behind a proxy of ours, what that says."""
    forwarded = headers.get("x-forwarded-for", "") if settings.BEHIND_PROXY else ""
    peer = scope["client"][0] if scope.get("client") else ""
    return forwarded.rpartition(",")[2].strip() or peer


def _problem(status: int, detail: str, headers: dict[str, str] | None = None) -> JSONResponse:
    return JSONResponse(
        {"type": "about:blank", "status": status, "detail": detail},
        status_code=status,
        headers=headers,
        media_type="application/problem+json",
    )

"""May another site load our pages as a part of its own? Browsers are told that it may not."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

HEADER = "Cross-Origin-Resource-Policy"


class OwnPagesOnly:
    """Middleware: HTML says `same-origin`. Pictures, feeds and data stay as their views say: others may show them."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.get("Content-Type", "").startswith("text/html"):
            response.headers.setdefault(HEADER, "same-origin")
        return response

"""What may a page of ours do in a browser, and may another site load it as a part? Browsers are told both."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

HEADER = "Cross-Origin-Resource-Policy"
PERMISSIONS = "Permissions-Policy"
# A magazine needs none of them; a page that was broken into cannot ask for them either.
_UNUSED = (
    "accelerometer",
    "browsing-topics",
    "camera",
    "display-capture",
    "geolocation",
    "gyroscope",
    "magnetometer",
    "microphone",
    "midi",
    "payment",
    "serial",
    "usb",
)
NOTHING_OF_THESE = ", ".join(f"{name}=()" for name in _UNUSED)
# Django's admin (jQuery, Select2) and the API's page (Swagger) make HTML of strings themselves.
_FOREIGN_SCRIPTS = ("admin:index", "api-docs")
_WITHOUT_TRUSTED_TYPES = {"require-trusted-types-for": None, "trusted-types": None}


class OwnPagesOnly:
    """Middleware: HTML says `same-origin` and which of a browser's powers it renounces.

    Pictures, feeds and data stay as their views say: others may show them.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.get("Content-Type", "").startswith("text/html"):
            response.headers.setdefault(HEADER, "same-origin")
            response.headers.setdefault(PERMISSIONS, NOTHING_OF_THESE)
        if request.path.startswith(tuple(reverse(name) for name in _FOREIGN_SCRIPTS)):
            response._csp_replace = _WITHOUT_TRUSTED_TYPES  # type: ignore[attr-defined]
        return response

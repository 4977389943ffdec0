"""What do templates leave behind? Spaces at the ends of lines and empty lines: a tenth of a page, taken off here."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse

# What an editor types into a text area keeps its empty lines.
LEFT_AS_IT_IS = (f"/{settings.ADMIN_PATH}",)


class TidyPages:
    """Middleware: readers' HTML without blank lines. Nothing of ours is preformatted."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        is_html = response.get("Content-Type", "").startswith("text/html") and not response.streaming
        if is_html and not request.path.startswith(LEFT_AS_IT_IS):
            # Not `splitlines`: it would also cut at a U+2028 inside a text.
            lines = map(str.rstrip, response.content.decode(response.charset).split("\n"))
            response.content = "\n".join(line for line in lines if line).encode(response.charset)
        return response

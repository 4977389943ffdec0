"""What does a reader see of a link: where it leads, or that it leads nowhere?"""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse


def go(request: HttpRequest, code: str) -> HttpResponse:
    raise Http404(f"No link has the code {code}.")

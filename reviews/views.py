"""Which page answers which address?"""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse


def _soon(request: HttpRequest, **kwargs: Any) -> HttpResponse:
    raise Http404


home = article = articles = products = product = hub = author = picture = disclosure = _soon
how_we_work = how_we_rank = privacy = feed = sitemap = robots = _soon

"""Which file of a picture lies behind this address? Sizes only, never an original, from whatever store they lie in."""

from __future__ import annotations

import re
from datetime import timedelta

from django.core.files.storage import default_storage
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from reviews.renditions import SUFFIXES, TYPES

# A file's name changes with its content, so that whoever has it may keep it for good.
AGE = int(timedelta(days=365).total_seconds())
_TYPE_OF = {suffix: TYPES[of_format] for of_format, suffix in SUFFIXES.items()}
# What `reviews.services.renditions` calls its files; nothing else of the store is anybody's to read.
_NAME = re.compile(rf"pictures/[0-9a-f]{{20}}/[0-9a-z-]+\.({'|'.join(_TYPE_OF)})", re.ASCII)


@require_safe
def media(request: HttpRequest, name: str) -> HttpResponse:
    found = _NAME.fullmatch(name)
    if found is None:
        raise Http404("Nothing is read here but the sizes of pictures.")
    try:
        with default_storage.open(name) as file:
            content = file.read()
    except FileNotFoundError:
        raise Http404("This size of a picture is not there (any more).") from None
    # A picture is packed already: to try it again costs more than sending it.
    request.META.pop("HTTP_ACCEPT_ENCODING", None)
    cached = {"Cache-Control": f"public, max-age={AGE}, immutable", "Cross-Origin-Resource-Policy": "cross-origin"}
    return HttpResponse(content, content_type=_TYPE_OF[found[1]], headers=cached)

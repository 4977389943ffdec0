"""What does somebody read whose form is larger than one request may be?"""

from __future__ import annotations

from django.conf import settings
from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent
from django.http import HttpRequest, HttpResponse
from django.views import defaults

_WORDS = (
    "This form is too large to be sent at once: {fields:,} fields or {megabytes} MB fit. Nothing was saved and nothing "
    "was changed. Go back: what you typed is still there. {advice}"
)
_EDITORS, _READERS = "Split the article into two, or remove blocks.", "Make it shorter, then send it again."


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """`handler400`: a form beyond the limits is told so (413); everything else as Django does."""
    if not isinstance(exception, TooManyFieldsSent | RequestDataTooBig):
        return defaults.bad_request(request, exception)
    words = _WORDS.format(
        fields=settings.DATA_UPLOAD_MAX_NUMBER_FIELDS,
        megabytes=settings.DATA_UPLOAD_MAX_MEMORY_SIZE // 1_000_000,
        advice=_EDITORS if request.path_info.startswith(f"/{settings.ADMIN_PATH}") else _READERS,
    )
    return HttpResponse(words, status=413, content_type="text/plain; charset=utf-8")

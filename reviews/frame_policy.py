"""From where may this page fill a frame? From nowhere, unless a video on it has its player there."""

from __future__ import annotations

from collections.abc import Iterable

from csp.constants import HEADER
from csp.utils import build_policy
from django.http import HttpResponse


def allow_frames(response: HttpResponse, origins: Iterable[str]) -> HttpResponse:
    """The site's policy with these origins for frames, when there are any.

    Written into the answer itself and not left to the middleware, so that a kept page keeps it.
    """
    allowed = sorted(set(origins))
    if allowed:
        response[HEADER] = build_policy(update={"frame-src": allowed})
    return response

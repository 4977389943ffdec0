"""How are forms taken that stand on kept pages, and what is answered where a rule refuses what was sent?

There is no token in them and none is needed: no session is used. A foreign `Origin` is refused anyway. A process looks
at so many in a second: a flood of them must not take from those who only read.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from functools import wraps

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from readers.same_site import is_foreign
from reviews.pages import comment_steps
from reviews.services.comments import CommentError

# What a rule answers with; everything else is a form to fill in better (400).
STATUS = {"rate": 429, "full": 503, "ban": 403, "answered": 404}
_TRY_AGAIN = {"rate": "600", "full": "3600"}
# What a process looks at, in the long run and at once. A form costs it about 20 ms, a kept page less than one.
FORMS_PER_SECOND = 5.0
FORMS_AT_ONCE = 20
BUSY_SECONDS = 30


class Doorway:
    """Lets so many through in a second, and so many at once after a quiet time; for the threads of one process."""

    def __init__(self, *, per_second: float, at_once: int) -> None:
        self._per_second, self._at_once = per_second, float(at_once)
        self._lock = threading.Lock()
        self._room, self._looked_at = self._at_once, 0.0

    def lets_in(self, *, now: float) -> bool:
        """`now`: seconds of a clock that never goes back."""
        with self._lock:
            self._room = min(self._at_once, self._room + max(0.0, now - self._looked_at) * self._per_second)
            self._looked_at = now
            if self._room < 1:
                return False
            self._room -= 1
            return True

    def rest(self) -> None:
        """As after a quiet time."""
        with self._lock:
            self._room = self._at_once


doorway = Doorway(per_second=FORMS_PER_SECOND, at_once=FORMS_AT_ONCE)


def from_here(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """A view that takes forms of our own pages."""

    @csrf_exempt
    @never_cache
    @require_http_methods(["GET", "HEAD", "POST"])
    @wraps(view)
    def answered(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        if request.method == "POST" and is_foreign(request):
            text = "The form was sent from another site. Please use the one under the article."
            page = comment_steps.said_page("That did not work", text)
            return render(request, "reviews/comments_step.html", {"page": page}, status=403)
        if request.method == "POST" and not doorway.lets_in(now=time.monotonic()):
            return _busy(request)
        return view(request, *args, **kwargs)

    return answered


def _busy(request: HttpRequest) -> HttpResponse:
    """Nothing was looked at, and the database was not asked: what was sent comes back to be sent once more."""
    sent = tuple((name, value.replace("\0", "")) for name, values in request.POST.lists() for value in values)
    answer = render(request, "reviews/comments_step.html", {"page": comment_steps.busy_page(sent)}, status=503)
    answer["Retry-After"] = str(BUSY_SECONDS)
    # A flood is to be seen in the numbers, not as an error of ours for each of its forms.
    answer._has_been_logged = True  # type: ignore[attr-defined]
    return answer


def refusal(answer: HttpResponse, error: CommentError) -> HttpResponse:
    """The form with what was typed, under the status of the rule that did not take it."""
    answer.status_code = STATUS.get(error.rule, 400)
    if error.rule in _TRY_AGAIN:
        answer["Retry-After"] = _TRY_AGAIN[error.rule]
    return answer


def number_said(said: str) -> int:
    """0 where it is no number, or none that we count to."""
    return int(said) if said.isascii() and said.isdecimal() and len(said) < 16 else 0

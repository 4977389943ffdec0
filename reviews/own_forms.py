"""How are forms taken that stand on kept pages, and what is answered where a rule refuses what was sent?

There is no token in them and none is needed: no session is used. A foreign `Origin` is refused anyway.
"""

from __future__ import annotations

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
        return view(request, *args, **kwargs)

    return answered


def refusal(answer: HttpResponse, error: CommentError) -> HttpResponse:
    """The form with what was typed, under the status of the rule that did not take it."""
    answer.status_code = STATUS.get(error.rule, 400)
    if error.rule in _TRY_AGAIN:
        answer["Retry-After"] = _TRY_AGAIN[error.rule]
    return answer


def number_said(said: str) -> int:
    """0 where it is no number, or none that we count to."""
    return int(said) if said.isascii() and said.isdecimal() and len(said) < 16 else 0

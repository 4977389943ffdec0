"""How does the API say that something was wrong? As a problem document (RFC 9457): what, where, and what would do."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from http import HTTPStatus
from typing import Any

from django.http import Http404, HttpRequest, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from rest_framework.exceptions import APIException, ValidationError
from rest_framework.response import Response
from rest_framework.views import exception_handler

from config.away import RETRY_SECONDS, WORDS, is_away


def problem_details(exception: Exception, context: Mapping[str, Any]) -> Response | None:
    """DRF's exception handler: every error of the API leaves through here."""
    response = exception_handler(exception, dict(context))
    if response is None and is_away(exception):
        response = Response(status=HTTPStatus.SERVICE_UNAVAILABLE, headers={"Retry-After": str(RETRY_SECONDS)})
    if response is None:
        return None
    problem: dict[str, Any] = {
        "type": "about:blank",
        "title": HTTPStatus(response.status_code).phrase,
        "status": response.status_code,
        "detail": _detail(exception),
    }
    if isinstance(exception, ValidationError):
        problem["errors"] = list(_fields(exception.detail, ""))
    response.data = problem
    response.content_type = "application/problem+json"
    return response


@csrf_exempt
def not_here(request: HttpRequest) -> JsonResponse:
    """An address below the API's that leads nowhere."""
    problem = {
        "type": "about:blank",
        "title": HTTPStatus.NOT_FOUND.phrase,
        "status": HTTPStatus.NOT_FOUND.value,
        "detail": "There is no such address here. /api/v1/schema/ has them all.",
    }
    return JsonResponse(problem, status=HTTPStatus.NOT_FOUND, content_type="application/problem+json")


def _detail(exception: Exception) -> str:
    if is_away(exception):
        return WORDS
    if isinstance(exception, Http404):
        return "There is no such thing here."  # Django's own words name our classes
    if isinstance(exception, ValidationError):
        return "Some of what was sent does not fit; see `errors`."
    if isinstance(exception, APIException) and isinstance(exception.detail, str):
        return str(exception.detail)
    return str(exception)


def _fields(detail: Any, where: str) -> Iterator[dict[str, str]]:
    """Nested validation errors, flattened: `activities.0.name` and the sentence about it."""
    if isinstance(detail, Mapping):
        for key, value in detail.items():
            yield from _fields(value, f"{where}.{key}" if where else str(key))
    elif isinstance(detail, list):
        for number, value in enumerate(detail):
            is_leaf = isinstance(value, str)
            yield from _fields(value, where if is_leaf else f"{where}.{number}")
    else:
        yield {"field": where, "problem": str(detail)}

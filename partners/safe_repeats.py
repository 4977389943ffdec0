"""How does a door of the API answer a request that is sent again because its answer was lost? As the first time.

`@safe_to_repeat` on a method of a view: with `Idempotency-Key` it is worked on once in 24 hours and the answer repeated
byte for byte; without it, as often as it comes. Either way it is one transaction, undone by a refusal.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.core.exceptions import RequestDataTooBig
from django.db import transaction
from django.http import HttpResponse
from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter
from rest_framework import status
from rest_framework.exceptions import APIException, ValidationError
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from partners.key_doors import key_behind
from partners.services.kept_answers import Answer, Asked, OtherRequestError, UnderWayError, answer_once

REPLAYED = "Idempotency-Replayed"
# The IETF's draft writes the key as a string of structured fields, in quotes; without them it means the same.
_KEY = re.compile(r'"([\x21\x23-\x5b\x5d-\x7e]{1,255})"|([\x21\x23-\x5b\x5d-\x7e]{1,255})', re.ASCII)
# What belongs to the answer; the rest (limits, dates, cookies) belongs to the moment.
_KEPT_HEADERS = ("ETag", "Location")

IDEMPOTENCY_KEY = OpenApiParameter(
    "Idempotency-Key",
    {"type": "string", "minLength": 1, "maxLength": 255, "pattern": r"^[!#-\[\]-~]+$"},
    OpenApiParameter.HEADER,
    description="Your own name of this request, once for each: whoever sends it again within 24 hours gets the same "
    "answer, with `Idempotency-Replayed: true`, and nothing is done twice.",
)


class UnderWay(APIException):
    status_code = status.HTTP_409_CONFLICT


class OtherRequest(APIException):
    status_code = status.HTTP_422_UNPROCESSABLE_ENTITY


class TooMuch(APIException):
    status_code = status.HTTP_413_REQUEST_ENTITY_TOO_LARGE
    default_detail = "More was sent than one request may hold. Send it in parts."


def body_of(request: Request) -> bytes:
    """The bytes as they came. Raises `TooMuch`."""
    try:
        return request._request.body
    except RequestDataTooBig:
        raise TooMuch from None


def safe_to_repeat_by(
    sent: Callable[[Request], bytes],
) -> Callable[[Callable[..., Response]], Callable[..., HttpResponse]]:
    """For doors that take more than memory should hold: `sent` says in some bytes what came, the same for the same."""

    def decorate(handler: Callable[..., Response]) -> Callable[..., HttpResponse]:
        @wraps(handler)
        def answered(view: Any, request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
            def work() -> Response:
                return handler(view, request, *args, **kwargs)

            named, key = key_of(request), key_behind(request)
            if named is not None and key is not None:
                return once(request, work, client=f"key:{key.pk}", key=named, sent=sent)
            with transaction.atomic():
                return _as_response(_undone_if_refused(rendered(work())))

        return answered

    return decorate


def safe_to_repeat(handler: Callable[..., Response]) -> Callable[..., HttpResponse]:
    """The method of a view whose clients are known by `request.auth`: a key of `partners.ApiKey`."""
    return safe_to_repeat_by(body_of)(handler)


def once(
    request: Request,
    work: Callable[[], Response],
    *,
    client: str,
    key: str,
    sent: Callable[[Request], bytes] = body_of,
) -> HttpResponse:
    """Work on it now, or answer what was answered before. The body was not read yet, or is kept by Django."""
    asked = Asked(client=client, door=f"{request.method} {request.path}", key=key, body=sent(request))
    try:
        return _as_response(answer_once(asked, lambda: rendered(work()), now=timezone.now()))
    except UnderWayError as error:
        raise UnderWay(str(error)) from None
    except OtherRequestError as error:
        raise OtherRequest(str(error)) from None


def key_of(request: Request) -> str | None:
    """The request's `Idempotency-Key`; None: it has none. Raises `ValidationError`."""
    sent = request.headers.get("Idempotency-Key")
    if sent is None:
        return None
    found = _KEY.fullmatch(sent.strip())
    if found is None:
        words = "It holds 1 to 255 visible ASCII characters without quotes or backslashes, such as a UUID."
        raise ValidationError({"Idempotency-Key": [words]})
    return found[1] or found[2]


def rendered(response: Response) -> Answer:
    """The response as bytes, written once."""
    body = b"" if response.data is None else JSONRenderer().render(response.data)
    headers = {name: response.headers[name] for name in _KEPT_HEADERS if name in response.headers}
    return Answer(status=response.status_code, body=body, headers={"Content-Type": "application/json"} | headers)


def _undone_if_refused(answer: Answer) -> Answer:
    if answer.status >= status.HTTP_400_BAD_REQUEST:
        transaction.set_rollback(True)
    return answer


def _as_response(answer: Answer) -> HttpResponse:
    response = HttpResponse(answer.body, status=answer.status, headers=dict(answer.headers))
    if answer.is_repeated:
        response.headers[REPLAYED] = "true"
    return response

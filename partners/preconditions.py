"""Does whoever changes something know it as it is now? `If-Match` and `If-None-Match` of RFC 9110, for the API's doors.

An `ETag` here has two parts with a point between: what can be changed of the thing, and what else the answer said with
it, such as prices. A precondition looks at the first alone: a price that moved is no change of the thing.
"""

from __future__ import annotations

import hashlib
from typing import Any

from django.utils.http import parse_etags
from drf_spectacular.utils import OpenApiParameter
from rest_framework import status
from rest_framework.exceptions import APIException, ValidationError
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request

_LENGTH = 16
IF_MATCH = OpenApiParameter(
    "If-Match",
    {"type": "string", "pattern": r"^[\x21-\x7e]+$"},
    OpenApiParameter.HEADER,
    description="The `ETag` as you read it: what somebody else changed since then is not undone. Asked for where it "
    "is there already (428 without).",
)
IF_NONE_MATCH = OpenApiParameter(
    "If-None-Match",
    {"type": "string", "enum": ["*"]},
    OpenApiParameter.HEADER,
    description="`*`: only if there is none yet; it is added.",
)


class Unconditional(APIException):
    status_code = status.HTTP_428_PRECONDITION_REQUIRED
    default_detail = "Say what you change: send its ETag as you read it as If-Match. For a new one: If-None-Match: *."


class Stale(APIException):
    status_code = status.HTTP_412_PRECONDITION_FAILED
    default_detail = "It is another now than If-Match or If-None-Match says. Read it again, then decide."


class DoesNotFitError(ValidationError):
    """What was sent can be read; it does not fit what is here, or one part of it another (409)."""

    status_code = status.HTTP_409_CONFLICT


def etag(record: str, data: Any) -> str:
    """The tag of an answer: `record` says what can be changed, `data` is the whole answer."""
    rest = hashlib.sha256(JSONRenderer().render(data)).hexdigest()[:_LENGTH]
    return f'"{record}.{rest}"'


def must_be_new(request: Request) -> None:
    """The thing is not there: may it be made? Raises `Unconditional` and `Stale`."""
    if request.headers.get("If-None-Match", "").strip() == "*":
        return
    raise Stale if "If-Match" in request.headers else Unconditional


def must_match(request: Request, record: str) -> None:
    """The thing is there, as `record` says. Raises `Unconditional` and `Stale`."""
    if "If-None-Match" in request.headers:
        raise Stale
    sent = request.headers.get("If-Match")
    if sent is None:
        raise Unconditional
    if "*" not in (tags := parse_etags(sent)) and record not in map(_record, tags):
        raise Stale


def _record(tag: str) -> str:
    """The first part. What was compressed on its way has a weak tag of the same parts."""
    return tag.removeprefix("W/").strip('"').partition(".")[0]

"""The door for prices read elsewhere: signed, judged like every other reading, and safe to repeat (P14)."""

from __future__ import annotations

import logging
import re
import secrets
from dataclasses import asdict
from typing import Any

from django.http import HttpResponse
from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework import serializers, status
from rest_framework.exceptions import APIException, AuthenticationFailed, PermissionDenied
from rest_framework.exceptions import ValidationError as BadInput
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from catalog.json_answers import JsonAnswerError, json_object
from catalog.models import Merchant
from catalog.reading import Availability, Condition
from catalog.services.pushed_readings import MOST, store_pushed
from catalog.services.source_settings import source_settings
from catalog.signatures import NO_FIT, Envelope, SecretError, SignatureError, verify
from catalog.sources.base import SourceError
from partners.safe_repeats import body_of, once
from readers.exact_input import ExactInput, refuse_unknown

log = logging.getLogger(__name__)

LARGEST_BODY = 1024 * 1024
_SLUG = re.compile(r"[-\w]{1,80}", re.ASCII)
# Messages for merchants that take none are checked against it, so that they are refused like any forged one.
_NOBODYS_SECRET = secrets.token_hex(32)


class TooLarge(APIException):
    status_code = status.HTTP_413_REQUEST_ENTITY_TOO_LARGE
    default_detail = f"A message holds at most {LARGEST_BODY} bytes and {MOST} readings. Send several."


class ReadingIn(ExactInput):
    sku = serializers.CharField(max_length=120, help_text="The merchant's own id of the item, as in its offer here.")
    amount = serializers.CharField(
        required=False, help_text='Text such as "99.00", without shipping. Left out: it is not sold now.'
    )
    currency = serializers.CharField(required=False, help_text="ISO 4217.")
    seen_at = serializers.DateTimeField(help_text="With its zone.")
    availability = serializers.ChoiceField([item.value for item in Availability], required=False)
    condition = serializers.ChoiceField([item.value for item in Condition], required=False)
    shipping_amount = serializers.CharField(required=False)
    raw = serializers.CharField(required=False, max_length=200, help_text="What the merchant wrote, for the editor.")


class ReadingsIn(ExactInput):
    merchant = serializers.SlugField()
    readings = ReadingIn(many=True)


class ResultOut(serializers.Serializer[Any]):
    index = serializers.IntegerField(help_text="The reading's place in the list, from 0.")
    sku = serializers.CharField()
    outcome = serializers.ChoiceField(["accepted", "held", "rejected", "older", "unknown", "refused"])
    reason = serializers.CharField(allow_blank=True)


class ResultsOut(serializers.Serializer[Any]):
    results = ResultOut(many=True)


class Readings(APIView):
    """Send readings of a merchant whose source is “Sent to us over the API, signed”."""

    def get_authenticate_header(self, request: Request) -> str:
        return "Standard-Webhooks"

    @extend_schema(
        request=ReadingsIn,
        responses={
            200: ResultsOut,
            400: OpenApiResponse(description="The body is no message; `detail` and `errors` say what is wrong."),
            401: OpenApiResponse(description="No signature fits, or the message was not signed just now."),
            403: OpenApiResponse(description="The merchant takes no prices now."),
            409: OpenApiResponse(description="This message is being worked on."),
            413: OpenApiResponse(description=TooLarge.default_detail),
            422: OpenApiResponse(description="The id was used for another message within a day."),
        },
        parameters=[
            OpenApiParameter(
                "webhook-id", str, OpenApiParameter.HEADER, required=True, description="Once per message."
            ),
            OpenApiParameter(
                "webhook-timestamp", str, OpenApiParameter.HEADER, required=True, description="Unix time."
            ),
            OpenApiParameter(
                "webhook-signature",
                str,
                OpenApiParameter.HEADER,
                required=True,
                description="v1,<base64 of HMAC-SHA256 over `<id>.<timestamp>.<body>`>",
            ),
        ],
    )
    def post(self, request: Request) -> HttpResponse:
        body = _body(request)
        message = _message(body)
        merchant = _signed_by(message, body, request)
        refuse_unknown(message, ReadingsIn().fields)
        sent = message.get("readings")
        if not isinstance(sent, list) or not sent:
            raise BadInput({"readings": ["A list with at least one reading is needed."]})
        if len(sent) > MOST:
            raise TooLarge
        # The id is signed with the message: whoever sends it again means the same one, whatever other key it has.
        return once(
            request,
            lambda: _stored(merchant, sent),
            client=f"merchant:{merchant.pk}",
            key=request.headers.get("webhook-id", ""),
        )


def _stored(merchant: Merchant, sent: list[object]) -> Response:
    results = store_pushed(merchant=merchant, sent=sent, now=timezone.now())
    return Response({"results": [asdict(result) for result in results]})


def _body(request: Request) -> bytes:
    length = request.META.get("CONTENT_LENGTH") or "0"
    if not re.fullmatch(r"[0-9]{1,18}", length) or int(length) > LARGEST_BODY:
        raise TooLarge
    return body_of(request)


def _message(body: bytes) -> dict[str, Any]:
    try:
        return json_object(body)
    except JsonAnswerError as error:
        raise BadInput({"body": [f"The message {error}."]}) from None


def _signed_by(message: dict[str, Any], body: bytes, request: Request) -> Merchant:
    """The merchant whose secret signed the message. Who does not know it learns nothing about our merchants."""
    merchant = _named(message.get("merchant"))
    envelope = Envelope(*(request.headers.get(f"webhook-{name}", "") for name in ("id", "timestamp", "signature")))
    try:
        verify(envelope, body, secret=_secret(merchant), now=timezone.now())
    except SecretError as error:
        log.error("%s takes no readings: %s", merchant, error)
        raise AuthenticationFailed(NO_FIT) from None
    except SignatureError as error:
        raise AuthenticationFailed(str(error)) from None
    if merchant is None:
        raise AuthenticationFailed(NO_FIT)
    if not merchant.is_active or not merchant.terms.prices_allowed:
        raise PermissionDenied(f"{merchant} takes no prices now: it is not active, or its terms do not allow any.")
    return merchant


def _named(slug: object) -> Merchant | None:
    if not isinstance(slug, str) or not _SLUG.fullmatch(slug):
        return None
    return Merchant.objects.filter(slug=slug, source="pushed").first()


def _secret(merchant: Merchant | None) -> str:
    if merchant is None:
        return _NOBODYS_SECRET
    try:
        return source_settings(merchant).get("secret") or _NOBODYS_SECRET
    except SourceError as error:
        log.error("%s takes no readings: %s", merchant, error)
        return _NOBODYS_SECRET

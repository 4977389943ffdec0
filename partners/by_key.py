"""Whose key came with a request to the API? `Authorization: Bearer earmark_…`, looked at by every door."""

from __future__ import annotations

from django.utils import timezone
from django.utils.http import http_date
from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from partners.models import ApiKey
from partners.services.api_keys import KeyRefusedError, key_of, note_use

SCHEME = "Bearer"
# Until when the secret that was sent opens anything, as HTTP writes times.
ENDS = "API-Key-Expires"


class ByKey(BaseAuthentication):
    """Who sends no key is not refused here: the door knows whether it needs one."""

    def authenticate(self, request: Request) -> tuple[None, ApiKey] | None:
        scheme, _, shown = request.headers.get("Authorization", "").partition(" ")
        if scheme.lower() != SCHEME.lower():
            return None
        now = timezone.now()
        try:
            key = key_of(shown.strip(), now=now)
        except KeyRefusedError as refusal:
            # DRF counts whom it has let in; who tries keys is counted as everybody is. Raises: Throttled.
            request.parser_context["view"].check_throttles(request)
            raise AuthenticationFailed(str(refusal)) from None
        note_use(key=key, now=now)
        if key.opens_until is not None:
            request.parser_context["view"].headers |= {ENDS: http_date(key.opens_until.timestamp())}
        return None, key

    def authenticate_header(self, request: Request) -> str:
        """As RFC 6750 words it: a key that was refused is told from one that was not sent."""
        return f'{SCHEME} error="invalid_token"' if request.headers.get("Authorization") else SCHEME

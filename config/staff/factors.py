"""Has this session shown a second factor, and does this account have one?"""

from __future__ import annotations

from typing import Any

from allauth.account.authentication import get_authentication_records
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.http import HttpRequest

# What somebody signs in with besides the password; recovery codes stand in for them and cannot be alone.
OF_THEIR_OWN = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)


def is_fully_signed_in(request: HttpRequest) -> bool:
    """Whether this session may come to the desk: the second factor was shown in it, or none is asked for."""
    return not settings.ADMIN_REQUIRE_MFA or has_shown_one(request)


def has_shown_one(request: HttpRequest) -> bool:
    user: Any = request.user
    return bool(user.is_authenticated) and any(
        record.get("method") == "mfa" for record in get_authentication_records(request, user)
    )


def has_one(user: Any) -> bool:
    found: bool = Authenticator.objects.filter(user_id=user.pk, type__in=OF_THEIR_OWN).exists()
    return found

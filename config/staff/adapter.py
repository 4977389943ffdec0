"""What do we tell the library? Who may sign in, how tries are limited and counted, and how secrets are kept."""

from __future__ import annotations

import base64
import ipaddress
import logging
import secrets
from typing import Any, ClassVar

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.crypto import salted_hmac

from config.staff import log
from config.staff.factors import OF_THEIR_OWN, has_one

_log = logging.getLogger(__name__)

TOO_MANY = "Too many tries went wrong. Nobody can sign in this way for now; try again in 15 minutes."
# So much of an address is looked at and kept: enough to tell an office from another country, too little for a person.
NETWORKS = {4: 24, 6: 48}


def network_of(address: str) -> str:
    """The first address of the network this one belongs to."""
    found = ipaddress.ip_address(address)
    return str(ipaddress.ip_network(f"{found}/{NETWORKS[found.version]}", strict=False).network_address)


class StaffAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Accounts are made by administrators; what is wrong with a try is never said more exactly than that it is."""

    error_messages: ClassVar[dict[str, Any]] = {
        **DefaultAccountAdapter.error_messages,
        "too_many_login_attempts": TOO_MANY,
        "rate_limited": TOO_MANY,
        "username_password_mismatch": "This name and password do not belong together. Check both, capitals too.",
        "incorrect_password": "This is not your password. Capitals matter.",
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def get_login_stages(self) -> list[str]:
        return ["allauth.mfa.stages.AuthenticateStage"]

    def get_client_ip(self, request: HttpRequest) -> str:
        return network_of(super().get_client_ip(request))

    def is_safe_url(self, url: str) -> bool:
        """The library does not expect what begins like an IPv6 address and is none."""
        try:
            return bool(super().is_safe_url(url))
        except ValueError:
            return False

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        try:
            super().pre_authenticate(request, **credentials)
        except ValidationError:
            log.was_locked(str(credentials.get("username", "")))
            raise

    def authenticate(self, request: HttpRequest, **credentials: Any) -> Any:
        """Somebody of the newsroom, or None: an account that is no staff's answers like a wrong password."""
        user = super().authenticate(request, **credentials)
        return user if user is not None and user.is_staff else None

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        log.failed(str(credentials.get("username", "")))

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """Not to set up the first second factor: who came so far has just typed the password."""
        return app != "allauth.mfa" or has_one(self.request.user)


class SecondFactorAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    """Secrets of authenticator apps lie in the database under a key made of SECRET_KEY: a dump alone opens nothing."""

    error_messages: ClassVar[dict[str, Any]] = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": "This code is not valid now. Wait for the next one; each is good once and for half a minute.",
        "cannot_delete_authenticator": "This is your only second factor. Set up another one first.",
    }

    def encrypt(self, text: str) -> str:
        return _locker().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """What was locked under another key is as good as lost: a secret that fits no code stands for it."""
        try:
            return _locker().decrypt(encrypted_text.encode()).decode()
        except InvalidToken:
            _log.warning("A second factor was set up under another SECRET_KEY: see forget_second_factor.")
            return base64.b32encode(secrets.token_bytes(20)).decode()

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        if not settings.ADMIN_REQUIRE_MFA or authenticator.type not in OF_THEIR_OWN:
            return True
        others = Authenticator.objects.filter(user_id=authenticator.user_id, type__in=OF_THEIR_OWN)
        return bool(others.exclude(pk=authenticator.pk).exists())


def _locker() -> MultiFernet:
    """Locks with today's SECRET_KEY, opens with former ones too."""
    keys = (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
    made = (salted_hmac("earmark.second-factor", key, secret=key, algorithm="sha256").digest() for key in keys)
    return MultiFernet([Fernet(base64.urlsafe_b64encode(one)) for one in made])

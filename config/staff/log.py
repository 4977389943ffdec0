"""What is written down of signing in? A line in the log of changes, which the database lets nobody rewrite.

The line is about the account and says what happened at its door. Neither addresses nor names that are nobody's are
kept: somebody who types a password into the wrong field would leave it here for good.
"""

from __future__ import annotations

import logging
from typing import Any

from allauth.account import signals as account
from allauth.account.internal.flows.login import record_authentication
from allauth.mfa import signals as factors
from allauth.mfa.models import Authenticator
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.auth import get_user_model
from django.core.cache import cache

from config.staff.factors import OF_THEIR_OWN, has_shown_one

log = logging.getLogger(__name__)

# The limits' own span: a locked account is told of once in it, however often somebody knocks.
LOCKED_SECONDS = 900
NAMES = {"totp": "an authenticator app", "webauthn": "a passkey", "recovery_codes": "recovery codes"}


def write(user: Any, message: str, *, by: Any = None) -> None:
    """A line about this account, by whoever did it; by itself unless said otherwise."""
    LogEntry.objects.log_actions((by or user).pk, [user], CHANGE, message, single_object=True)


def failed(username: str) -> None:
    """A password that does not fit the name."""
    _of(username, "A sign-in failed: wrong password.")


def was_locked(username: str) -> None:
    """A try that was not even looked at."""
    if cache.add(f"staff-locked:{username.lower()}", 1, LOCKED_SECONDS):
        _of(username, "Sign-in is locked for up to 15 minutes: too many tries failed.")


def connect() -> None:
    """Listens to what the library says happened; it has no other way to be told."""
    account.user_logged_in.connect(_signed_in, dispatch_uid="staff-log")
    account.password_changed.connect(_password_changed, dispatch_uid="staff-log")
    factors.authenticator_added.connect(_added, dispatch_uid="staff-log")
    factors.authenticator_removed.connect(_removed, dispatch_uid="staff-log")
    factors.authenticator_reset.connect(_reset, dispatch_uid="staff-log")
    factors.authentication_failed.connect(_wrong_code, dispatch_uid="staff-log")


def _of(username: str, message: str) -> None:
    found = get_user_model().objects.filter(username=username).first()
    if found is None:
        log.warning("A sign-in failed for a name that no account has.")
    else:
        write(found, message)


def _signed_in(request: Any, user: Any, **_: Any) -> None:
    write(user, "Signed in, with a second factor." if has_shown_one(request) else "Signed in by password only.")


def _password_changed(user: Any, **_: Any) -> None:
    write(user, "Changed the password; all other sessions ended.")


def _added(request: Any, user: Any, authenticator: Authenticator, **_: Any) -> None:
    write(user, f"Set up {NAMES[authenticator.type]}.")
    if authenticator.type in OF_THEIR_OWN:
        # It was shown while it was set up: nobody has to do it again a moment later.
        record_authentication(request, user, "mfa", type=authenticator.type, id=authenticator.pk, reauthenticated=True)


def _removed(user: Any, authenticator: Authenticator, **_: Any) -> None:
    write(user, f"Removed {NAMES[authenticator.type]}.")


def _reset(user: Any, **_: Any) -> None:
    write(user, "Made new recovery codes; the old ones are void.")


def _wrong_code(user: Any, **_: Any) -> None:
    write(user, "The password was right, the code of the second factor was not.")

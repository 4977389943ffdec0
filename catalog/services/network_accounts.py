"""What does one of our accounts at a network ask for, where does the network call us, and with which secrets?"""

from __future__ import annotations

import hmac
import re
from base64 import b32encode
from datetime import datetime

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.urls import reverse
from django.utils.crypto import salted_hmac

from catalog.models import NetworkAccount
from catalog.networks.reports import REPORTS
from catalog.networks.reports.base import Reports
from catalog.services.source_settings import Environment
from catalog.settings_fields import MissingSecretError, SettingField, problems, resolved

ADDRESS_SECRET = SettingField(
    name="address_secret",
    help=(
        "The environment variable that holds the last part of our postback address, 16 to 100 letters, digits, - and "
        "_. Left empty, one is made from SECRET_KEY."
    ),
    required=False,
    secret=True,
)
_SECRET = re.compile(r"[A-Za-z0-9_-]{16,100}", re.ASCII)
_SALT = "catalog.postbacks"


class AccountError(Exception):
    """The account cannot be used as it is set up. The text says what to do and holds no secret."""


def reports_of(account: NetworkAccount) -> Reports | None:
    """The network's half that reports; None where a network tells us nothing."""
    return REPORTS.get(account.network)


def fields_of(reports: Reports) -> tuple[SettingField, ...]:
    return (*reports.settings, ADDRESS_SECRET) if reports.methods else reports.settings


def setting_problems(network: str, given: dict[str, object]) -> list[str]:
    """What is wrong with an account's settings, one sentence each."""
    reports = REPORTS.get(network)
    if reports is None:
        known = ", ".join(sorted(REPORTS)) or "none yet"
        return [f"The network {network} tells us nothing of purchases. Networks that do: {known}."]
    return problems(fields_of(reports), given)


@transaction.atomic
def store_account(*, account: NetworkAccount, now: datetime) -> None:
    """Save an account as an editor set it up: whatever failed before is forgotten, and it is asked anew at once.

    Raises `ValidationError` with every problem of its settings.
    """
    if found := setting_problems(account.network, account.report_settings or {}):
        raise ValidationError({"report_settings": found})
    reports = reports_of(account)
    account.consecutive_failures, account.last_error = 0, ""
    account.next_poll_at = now if reports and reports.polls else None
    if account.pk is None:
        account.save()
        return
    columns = ["name", "network", "report_settings", "is_active", "consecutive_failures", "last_error", "next_poll_at"]
    if not NetworkAccount.objects.filter(pk=account.pk, network=account.network).exists():
        # How far another network's reports were read says nothing of this one's.
        account.polled_until, account.cursor = None, ""
        columns += ["polled_until", "cursor"]
    account.save(update_fields=columns)


def report_settings(account: NetworkAccount) -> dict[str, str]:
    """The settings with the secrets themselves: they go to the network and nowhere else. Raises `AccountError`."""
    reports = reports_of(account)
    if reports is None:
        raise AccountError(f"The network {account.network} tells us nothing of purchases.")
    known = {field.name for field in reports.settings}
    given = {name: value for name, value in (account.report_settings or {}).items() if name in known}
    try:
        return resolved(reports.settings, given, Environment())
    except MissingSecretError as error:
        raise AccountError(str(error)) from error


def plain_settings(account: NetworkAccount) -> dict[str, str]:
    """The settings without the secrets: all that reading a message needs, whose sender was checked before."""
    reports = reports_of(account)
    open_ = {field.name for field in reports.settings if not field.secret} if reports else set()
    return {name: str(value) for name, value in (account.report_settings or {}).items() if name in open_ and value}


def postback_secret(account: NetworkAccount) -> str:
    """The last part of the account's postback address. Raises `AccountError` for a variable that holds none."""
    return _secrets(account)[0]


def postback_path(account: NetworkAccount) -> str:
    """Where the network sends what it has to say: a path of the site. Raises `AccountError`."""
    return reverse("postback", kwargs={"account_id": account.pk, "secret": postback_secret(account)})


def is_secret(account: NetworkAccount, given: str) -> bool:
    """Compared in constant time; also with secrets made from SECRET_KEY_FALLBACKS. Raises `AccountError`."""
    matches = [hmac.compare_digest(given.encode("utf-8", "replace"), secret.encode()) for secret in _secrets(account)]
    return any(matches)


def _secrets(account: NetworkAccount) -> list[str]:
    variable = str((account.report_settings or {}).get(ADDRESS_SECRET.name) or "")
    if not variable:
        return [_made_secret(account, str(key)) for key in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)]
    try:
        found = resolved((ADDRESS_SECRET,), {ADDRESS_SECRET.name: variable}, Environment())[ADDRESS_SECRET.name]
    except MissingSecretError as error:
        raise AccountError(str(error)) from error
    if not _SECRET.fullmatch(found):
        raise AccountError(f"{variable} does not hold 16 to 100 letters, digits, - and _.")
    return [found]


def _made_secret(account: NetworkAccount, key: str) -> str:
    digest = salted_hmac(_SALT, str(account.pk), secret=key, algorithm="sha256").digest()
    return b32encode(digest[:20]).decode().lower()

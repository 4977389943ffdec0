"""Which keys end soon, and who hears of it while there is time? Two letters for each end, each of them once."""

from __future__ import annotations

import logging
import smtplib
from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.auth.models import User
from django.core.mail import EmailMessage
from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.urls import reverse
from django.utils import timezone

from partners.models import ApiKey

log = logging.getLogger(__name__)

# Days before the end on which a letter goes out, the first one first.
DAYS_BEFORE = (14, 3)
SOON = timedelta(days=DAYS_BEFORE[0])
_MAY = "partners.change_apikey"
_BACKEND = "django.contrib.auth.backends.ModelBackend"


def ending_soon(*, now: datetime) -> QuerySet[ApiKey]:
    """Keys that open doors and end within two weeks, the next first. One that was made for so short a time does not."""
    rows = ApiKey.objects.filter(revoked_at=None, expires_at__gt=now, expires_at__lte=now + SOON)
    return rows.filter(expires_at__gt=F("created_at") + SOON).order_by("expires_at", "pk")


def tell_of_endings(*, now: datetime) -> int:
    """Write to whoever handed out each key that ends soon, and to the operators; how many letters went out.

    A letter that the mail server does not take is tried again at the next round. Nobody to write to: nothing is noted,
    and whoever comes first hears of it.
    """
    told = 0
    for pk in list(ending_soon(now=now).values_list("pk", flat=True)):
        told += _tell(pk, now)
    return told


@transaction.atomic
def _tell(pk: int, now: datetime) -> bool:
    key = ending_soon(now=now).select_for_update(of=("self",), skip_locked=True).filter(pk=pk).first()
    if key is None:
        return False
    days = min(days for days in DAYS_BEFORE if key.expires_at <= now + timedelta(days=days))
    if key.told_of_end == key.expires_at and (key.told_days_before or days) <= days:
        return False
    letter = _letter(key, now)
    if not letter.to:
        return False
    try:
        letter.send()
    except (OSError, smtplib.SMTPException):
        log.exception("Nobody could be told that the API key %s ends", key.pk)
        return False
    ApiKey.objects.filter(pk=key.pk).update(told_of_end=key.expires_at, told_days_before=days)
    return True


def _letter(key: ApiKey, now: datetime) -> EmailMessage:
    left = (timezone.localdate(key.expires_at) - timezone.localdate(now)).days
    when = {0: "today", 1: "tomorrow"}.get(left, f"in {left} days")
    name = " ".join(key.name.split())
    used = f"It was last used on {key.last_used_on:%d %B %Y}." if key.last_used_on else "It was never used."
    address = settings.ADMIN_ORIGIN + reverse("admin:partners_apikey_change", args=[key.pk])
    return EmailMessage(
        subject=f"The API key “{name}” ends {when}",
        body=(
            f"The key of “{name}”, which begins with earmark_{key.prefix}…, opens doors until "
            f"{timezone.localtime(key.expires_at):%d %B %Y, %H:%M} and none afterwards. {used}\n\n"
            f"Whom to ask: {key.contact or 'nobody is named'}.\n\n"
            f"Give it more time, exchange its secret, or let it end: {address}\n"
        ),
        to=_people(key),
    )


def _people(key: ApiKey) -> list[str]:
    """Whoever made it, or, where that is nobody here any more, whoever may give it more time; and the operators."""
    maker = User.objects.filter(Q(pk=key.made_by_id), is_active=True).exclude(email="")
    found = set(maker.values_list("email", flat=True))
    if not found:
        others = User.objects.with_perm(_MAY, backend=_BACKEND).exclude(email="")
        found = set(others.values_list("email", flat=True))
    return sorted(found | set(settings.OPERATOR_EMAILS))

"""What is done with a webhook as a whole: paused and taken up again, tried, its messages sent again or forgotten."""

from __future__ import annotations

import logging
import smtplib
from collections.abc import Iterable
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth.models import User
from django.core.mail import EmailMessage
from django.db import transaction
from django.urls import reverse

from partners import events
from partners.models import Webhook, WebhookDelivery
from partners.services.webhook_events import add_deliveries, message_body

log = logging.getLogger(__name__)

State = WebhookDelivery.State

# The log of messages that were delivered or given up is kept so long.
KEPT = timedelta(days=30)
# What waits longer for a webhook that is switched off is given up.
WAITS_AT_MOST = timedelta(days=3, hours=6)
_STROKE = 2000


def address_problem(address: str) -> str:
    """Why messages are not posted there, in a sentence; empty for an address that will do.

    Where a name leads is looked at each time something is sent (`catalog.http`), not here: it may change.
    """
    try:
        parts = urlsplit(address)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        return "This is not a web address: write one such as https://partner.example/hooks."
    pair = f"{host}:{port or (443 if parts.scheme == 'https' else 80)}"
    if parts.scheme not in ("http", "https") or not host or any(mark in address for mark in " \t\r\n\\"):
        return "This is not a web address: write one such as https://partner.example/hooks."
    if parts.username is not None or parts.password is not None:
        return "Leave the user name and password out: the signature says who we are."
    if parts.fragment:
        return "Leave out what stands behind the #: it is never sent."
    if parts.scheme == "http" and pair not in settings.PRIVATE_HOSTS_ALLOWED:
        return "Messages go over https only."
    return ""


def pause_webhook(*, webhook: Webhook, because: str, tells: bool = True) -> None:
    """Nothing is sent there until somebody takes it up again; who may do that is told by mail, once."""
    paused = Webhook.objects.filter(pk=webhook.pk, is_active=True).update(is_active=False, paused_because=because[:300])
    if paused and tells:
        transaction.on_commit(lambda: _tell_of_pause(webhook, because))


def resume_webhook(*, webhook: Webhook, now: datetime) -> int:
    """What waits goes at once; how many messages that are."""
    Webhook.objects.filter(pk=webhook.pk).update(is_active=True, paused_because="", failures=0, busy_until=None)
    return webhook.deliveries.filter(state=State.WAITING).update(next_at=now)


def send_ping(*, webhook: Webhook, now: datetime) -> WebhookDelivery:
    """A message that says nothing, to see whether messages arrive and are verified."""
    said = {"webhook": webhook.name, "site": settings.SITE_URL}
    body = message_body(events.PING, at=now, data=said)
    return add_deliveries([webhook], [(events.PING, body)], now=now)[0]


def send_again(*, deliveries: Iterable[WebhookDelivery], now: datetime) -> int:
    """The same messages under the same ids, tried anew from the beginning; how many. What waits goes at once."""
    ids = [one.pk for one in deliveries]
    return WebhookDelivery.objects.filter(pk__in=ids).update(
        state=State.WAITING, tries=0, next_at=now, made_at=now, ended_at=None
    )


def forget_deliveries(*, now: datetime) -> int:
    """Give up what waited too long and forget what ended long ago; how many were forgotten."""
    waited = WebhookDelivery.objects.filter(state=State.WAITING, made_at__lt=now - WAITS_AT_MOST, next_at__lt=now)
    waited.filter(webhook__is_active=False).update(state=State.DEAD, ended_at=now)
    forgotten = 0
    while ids := list(
        WebhookDelivery.objects.exclude(state=State.WAITING)
        .filter(ended_at__lt=now - KEPT)
        .order_by("ended_at")
        .values_list("pk", flat=True)[:_STROKE]
    ):
        WebhookDelivery.objects.filter(pk__in=ids).delete()
        forgotten += len(ids)
    return forgotten


def _tell_of_pause(webhook: Webhook, because: str) -> None:
    may = User.objects.with_perm("partners.change_webhook", backend="django.contrib.auth.backends.ModelBackend")
    address = settings.ADMIN_ORIGIN + reverse("admin:partners_webhook_change", args=[webhook.pk])
    letter = EmailMessage(
        # One line, whatever the name holds.
        subject=f"The webhook “{' '.join(webhook.name.split())}” is paused",
        body=(
            f"Messages to {webhook.name} wait and nothing is sent there any more.\n\n{because}\n\n"
            f"What was tried, and “Take it up again”: {address}\n"
            "What waits longer than three days is given up; it can be sent again by hand.\n"
        ),
        to=sorted(may.exclude(email="").values_list("email", flat=True)),
    )
    if not letter.to:
        return
    try:
        letter.send()
    except (OSError, smtplib.SMTPException):
        log.exception("Nobody could be told that the webhook %s is paused", webhook.pk)

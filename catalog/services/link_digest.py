"""What broke on the ways to the shops since the last letter? One letter a day, and none when nothing is new."""

from __future__ import annotations

import logging
import smtplib
from collections.abc import Sequence
from datetime import datetime

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction

from catalog.models import Destination, Failover
from catalog.services.destinations import by_loss
from catalog.services.merchant_health import owners

log = logging.getLogger(__name__)

MOST_LINES = 50


@transaction.atomic
def send_link_digest(*, now: datetime) -> int:
    """How many failures the letter names for the first time; 0: no letter went out.

    What an editor accepted or muted is not named. When the mail server is away, the next day's letter names all of it.
    """
    failing = Destination.objects.failing().exclude(decision=Destination.Decision.MUTED)
    unnamed = failing.filter(told_at__isnull=True).select_for_update(of=("self",), skip_locked=True)
    ids = list(unnamed.values_list("pk", flat=True))
    people = owners()
    if not ids or not people:
        return 0
    rows = list(by_loss(failing.filter(pk__in=ids)).select_related("offer__merchant", "offer__product__brand"))
    letter = EmailMessage(
        subject=f"{len(ids)} link{'s lead' if len(ids) > 1 else ' leads'} readers wrong",
        body=_body(rows, still=failing.exclude(pk__in=ids).count(), now=now),
        to=people,
    )
    try:
        letter.send()
    except (OSError, smtplib.SMTPException):
        log.exception("The owners could not be told of %d failing links", len(ids))
        return 0
    Destination.objects.filter(pk__in=ids).update(told_at=now)
    return len(ids)


def _body(rows: Sequence[Destination], *, still: int, now: datetime) -> str:
    led_to = dict(
        Failover.objects.filter(ended_at__isnull=True, from_offer__in=[row.pk for row in rows]).values_list(
            "from_offer", "to_offer__merchant__name"
        )
    )
    lines = [_line(row, led_to.get(row.pk, "")) for row in rows[:MOST_LINES]]
    if len(rows) > MOST_LINES:
        lines.append(f"… and {len(rows) - MOST_LINES} more.")
    older = f"\nFailing since before: {still}.\n" if still else ""
    return (
        f"New since the last letter, those that lose most clicks first ({now:%Y-%m-%d %H:%M} UTC):\n\n"
        + "\n".join(lines)
        + f"\n{older}\nEvidence, “check now”, “accept” and “mute”: {settings.ADMIN_URL}catalog/destination/\n"
    )


def _line(row: Destination, led_to: str) -> str:
    lost = row.offer.click_weight
    since = f"since {row.failing_since:%Y-%m-%d %H:%M} UTC" if row.failing_since else ""
    leads = f"its links lead to {led_to} meanwhile" if led_to else "nothing replaces it"
    return (
        f"* {row.offer}: {row.get_state_display().lower()} {since}, about {lost:.1f} clicks a day; {leads}.\n"
        f"  {row.detail}"
    )

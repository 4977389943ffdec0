"""How does something that happened become messages: written down with it, spread to whoever asked for it?"""

from __future__ import annotations

import json
import logging
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from django.db import connection, transaction

from partners import events
from partners.models import Webhook, WebhookDelivery, WebhookEvent

log = logging.getLogger(__name__)

# Spread in one transaction: a feed with a hundred thousand new prices goes in a hundred.
STROKE = 1000

_TELL = """
INSERT INTO partners_webhookevent (kind, subject) SELECT %(kind)s, %(subject)s
WHERE EXISTS (SELECT 1 FROM partners_webhook WHERE %(kind)s = ANY (kinds))
"""


def tell(kind: str, subject: str | int) -> None:
    """Something happens in this transaction: write it down if anybody asked for it. One statement."""
    with connection.cursor() as cursor:
        cursor.execute(_TELL, {"kind": kind, "subject": str(subject)})


def spread_events(*, now: datetime) -> int:
    """Make the messages of what was written down; how many lines were taken up.

    What happened several times since the last look is told once. A kind that cannot be described waits, and keeps no
    other from being told.
    """
    kinds = WebhookEvent.objects.order_by().values_list("kind", flat=True).distinct()
    return sum(_spread_kind(kind, now=now) for kind in list(kinds))


def _spread_kind(name: str, *, now: datetime) -> int:
    taken = 0
    try:
        while count := _spread_stroke(name, now=now):
            taken += count
    except Exception:
        log.exception("Messages about %s could not be made; they wait.", name)
    return taken


@transaction.atomic
def _spread_stroke(name: str, *, now: datetime) -> int:
    rows = WebhookEvent.objects.filter(kind=name).order_by("pk").select_for_update(skip_locked=True)[:STROKE]
    lines = list(rows)
    if not lines:
        return 0
    first = {line.subject: line.happened_at for line in reversed(lines)}
    kind = events.kind_of(name)
    data = kind.describe(list(first)) if kind else {}
    webhooks = list(Webhook.objects.filter(kinds__contains=[name]))
    messages = [
        (name, message_body(name, at=first[subject], data=data[subject])) for subject in first if subject in data
    ]
    add_deliveries(webhooks, messages, now=now)
    WebhookEvent.objects.filter(pk__in=[line.pk for line in lines]).delete()
    return len(lines)


def message_body(kind: str, *, at: datetime, data: Mapping[str, Any]) -> str:
    """The bytes that are signed, as Standard Webhooks lays them out."""
    told = {"type": kind, "timestamp": at.astimezone(UTC).isoformat(timespec="seconds"), "data": data}
    return json.dumps(told, ensure_ascii=False, separators=(",", ":"))


def add_deliveries(
    webhooks: Iterable[Webhook], messages: Sequence[tuple[str, str]], *, now: datetime
) -> list[WebhookDelivery]:
    """One for each webhook and message (kind, body), to go at once."""
    return WebhookDelivery.objects.bulk_create(
        [
            WebhookDelivery(webhook=webhook, kind=kind, body=body, next_at=now, made_at=now)
            for webhook in webhooks
            for kind, body in messages
        ],
        batch_size=STROKE,
    )

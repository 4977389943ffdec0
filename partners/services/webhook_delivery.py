"""Which messages are due, and what follows from each try? At least once, in no promised order.

A message is claimed by raising its number of tries and setting when it counts as lost: a worker that is killed in
between leaves it to the next one. A webhook is had by one run at a time, and rests longer after each failure in a row.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import uniform

from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone

from partners.models import Webhook, WebhookAttempt, WebhookDelivery
from partners.services.webhook_endpoints import pause_webhook
from partners.services.webhook_signing import signed_headers

log = logging.getLogger(__name__)

State = WebhookDelivery.State

# After the first try, the second and so on: three days in all. Each is lengthened or shortened by a fifth at random.
WAITS = tuple(
    timedelta(seconds=seconds)
    for seconds in (5, 30, 120, 600, 1800, 3600, 7200, 14_400, 28_800, 43_200, 72_000, 86_400)
)
# A message that is older is given up, also one that waited for a webhook that was switched off.
GIVE_UP = timedelta(days=3, hours=6)
# So many failures in a row, whatever the message, and a webhook is switched off: about two days.
PAUSE_AFTER = 50
LONGEST_REST = timedelta(hours=1)
# What is claimed longer is lost: its worker is gone. Longer than any single try may take.
CLAIM_LIVES = timedelta(minutes=2)
# One run sends so many messages, for so long, that others' turns come.
MOST_IN_A_RUN, RUN_SECONDS = 200, 20.0
RUN_LIVES = timedelta(minutes=3)
GONE = 410


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What the other side said: `status` is None when it said nothing; then `said` tells why."""

    status: int | None
    said: str = ""
    retry_after: float | None = None

    @property
    def is_taken(self) -> bool:
        return self.status is not None and 200 <= self.status < 300


# Posts these bytes with these headers to this address; never raises for what the other side does.
Send = Callable[[str, bytes, Mapping[str, str]], Answer]


def webhooks_due(*, now: datetime) -> list[int]:
    """Those that have something to be sent now and that nobody has."""
    waiting = Q(deliveries__state=State.WAITING, deliveries__next_at__lte=now)
    return list(_free(now).filter(waiting).order_by("pk").values_list("pk", flat=True).distinct())


def deliver(*, webhook_id: int, send: Send) -> int:
    """Send what is due to this webhook, until one fails; how many were taken. Nothing when somebody else has it."""
    now = timezone.now()
    if not _free(now).filter(pk=webhook_id).update(busy_until=now + RUN_LIVES):
        return 0
    taken, end = 0, time.monotonic() + RUN_SECONDS
    rest: timedelta | None = None
    try:
        while taken < MOST_IN_A_RUN and time.monotonic() < end and rest is None:
            delivery = _claimed(webhook_id)
            if delivery is None:
                break
            rest = _try(delivery, send)
            taken += rest is None
    finally:
        Webhook.objects.filter(pk=webhook_id).update(busy_until=timezone.now() + rest if rest else None)
    return taken


def _free(now: datetime) -> QuerySet[Webhook]:
    return Webhook.objects.filter(Q(busy_until=None) | Q(busy_until__lte=now), is_active=True)


def _claimed(webhook_id: int) -> WebhookDelivery | None:
    """The next message that is due, ours for the moment: an update that only one worker can win."""
    while True:
        now = timezone.now()
        due = WebhookDelivery.objects.filter(webhook=webhook_id, state=State.WAITING, next_at__lte=now)
        found = due.select_related("webhook").order_by("next_at", "pk").first()
        if found is None:
            return None
        if due.filter(pk=found.pk, tries=found.tries).update(tries=F("tries") + 1, next_at=now + CLAIM_LIVES):
            found.tries += 1
            return found


def _try(delivery: WebhookDelivery, send: Send) -> timedelta | None:
    """None when it was taken, else how long the webhook should rest."""
    webhook, at, started = delivery.webhook, timezone.now(), time.monotonic()
    headers = signed_headers(webhook, message_id=delivery.message_id, body=delivery.body, now=at)
    answer = send(webhook.address, delivery.body.encode(), {"content-type": "application/json", **headers})
    ms = int((time.monotonic() - started) * 1000)
    with transaction.atomic():
        WebhookAttempt.objects.create(delivery=delivery, at=at, status=answer.status, ms=ms, said=answer.said[:300])
        if answer.is_taken:
            _end(delivery, State.DELIVERED)
            Webhook.objects.filter(pk=webhook.pk).exclude(failures=0).update(failures=0)
            return None
        return _failed(delivery, webhook, answer)


def _failed(delivery: WebhookDelivery, webhook: Webhook, answer: Answer) -> timedelta:
    now = timezone.now()
    asked = timedelta(seconds=answer.retry_after or 0)
    is_last = answer.status == GONE or delivery.tries > len(WAITS) or now - delivery.made_at > GIVE_UP
    if is_last:
        _end(delivery, State.DEAD)
    else:
        wait = max(asked, _about(WAITS[delivery.tries - 1]))
        WebhookDelivery.objects.filter(pk=delivery.pk, state=State.WAITING).update(next_at=now + wait)
    Webhook.objects.filter(pk=webhook.pk).update(failures=F("failures") + 1)
    webhook.refresh_from_db(fields=["failures", "is_active"])
    if answer.status == GONE:
        pause_webhook(webhook=webhook, because="It answered 410: nobody is there any more.")
    elif webhook.failures >= PAUSE_AFTER:
        why = f"It failed {webhook.failures} times in a row. The last answer: {answer.status or 'none'} {answer.said}"
        pause_webhook(webhook=webhook, because=why)
    return max(min(asked, LONGEST_REST), _about(min(WAITS[min(webhook.failures, len(WAITS)) - 1], LONGEST_REST)))


def _end(delivery: WebhookDelivery, state: str) -> None:
    WebhookDelivery.objects.filter(pk=delivery.pk).update(state=state, ended_at=timezone.now())


def _about(wait: timedelta) -> timedelta:
    """So that what failed together does not come back together."""
    return wait * uniform(0.8, 1.2)  # noqa: S311 (spreads load, no secret)

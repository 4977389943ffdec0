"""Which addresses do we stop writing to, and why? A mailbox that does not exist, a reader who called it unwanted."""

from __future__ import annotations

import logging
from datetime import datetime

from django.db import transaction

from readers.models import Delivery, Reader
from readers.services.subscriptions import leave_topics

log = logging.getLogger(__name__)


@transaction.atomic
def suppress_address(*, address: str, because: str, now: datetime) -> bool:
    """Sends nothing there any more; False when nobody has this address. `because` is one of `Reader.Suppression`.

    A complaint also ends every consent: somebody who calls a letter unwanted has withdrawn it.
    """
    reader = Reader.objects.select_for_update().filter(address=address.strip().lower()).first()
    if reader is None:
        return False
    if reader.suppressed_at is None or because == Reader.Suppression.COMPLAINT:
        reader.suppressed_at, reader.suppressed_because = now, because
        reader.save(update_fields=["suppressed_at", "suppressed_because"])
    Delivery.objects.filter(reader=reader, state__in=Delivery.NOT_BEGUN).update(state=Delivery.State.LEFT)
    if because == Reader.Suppression.COMPLAINT:
        topics = reader.consents.filter(withdrawn_at__isnull=True).values_list("topic", flat=True)
        leave_topics(reader_id=reader.pk, topics=list(topics), now=now)
    log.info("Nothing is sent to reader %d any more: %s", reader.pk, because)
    return True


@transaction.atomic
def lift_suppression(*, reader: Reader) -> None:
    """An editor knows that the mailbox is there again. Ended consents stay ended."""
    reader.suppressed_at, reader.suppressed_because = None, ""
    reader.save(update_fields=["suppressed_at", "suppressed_because"])

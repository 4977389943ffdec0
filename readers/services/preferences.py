"""What does a reader change on the page behind the mailed link? Topics, how often, everything, the link itself."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.core.mail import EmailMessage
from django.db import transaction
from django.template.loader import render_to_string

from readers.consent import TOPICS, Rhythm, Topic
from readers.models import Consent, Reader
from readers.services.subscriptions import leave_topics

# Whoever types an address into the form "send me my link" has no more than one mail sent there in this time.
LINKS_APART = timedelta(hours=1)


@transaction.atomic
def choose_topics(*, reader: Reader, topics: Sequence[Topic], rhythm: Rhythm, asked_on: str, now: datetime) -> None:
    """Makes these the reader's letters. The link came by mail to the address: pressing the button is the consent.

    What they follow beside the letters stays as it is.
    """
    reader = Reader.objects.select_for_update().get(pk=reader.pk)
    force = reader.consents.filter(confirmed_at__isnull=False, withdrawn_at__isnull=True, topic__in=TOPICS)
    in_force = set(force.values_list("topic", flat=True))
    wanted = {topic.key for topic in topics}
    leave_topics(reader_id=reader.pk, topics=sorted(in_force - wanted), now=now)
    Consent.objects.bulk_create(
        Consent(
            reader=reader,
            topic=topic.key,
            wording=topic.wording,
            wording_version=topic.version,
            asked_on=asked_on[:200],
            asked_at=now,
            confirmed_at=now,
            how=Consent.How.PREFERENCES,
        )
        for topic in topics
        if topic.key not in in_force
    )
    reader.rhythm = rhythm
    reader.confirmed_at = reader.confirmed_at or now
    reader.save(update_fields=["rhythm", "confirmed_at"])


@transaction.atomic
def leave_everything(*, reader: Reader, now: datetime) -> None:
    """Every topic ends, also those that were asked about and not confirmed yet."""
    topics = sorted(set(reader.consents.filter(withdrawn_at__isnull=True).values_list("topic", flat=True)))
    leave_topics(reader_id=reader.pk, topics=topics, now=now)


@transaction.atomic
def renew_link(*, reader: Reader) -> Reader:
    """Links that were mailed before lead nowhere from now on; the one-click way out of each letter still works."""
    reader = Reader.objects.select_for_update().get(pk=reader.pk)
    reader.link_version += 1
    reader.save(update_fields=["link_version"])
    return reader


@transaction.atomic
def may_send_link(*, address: str, now: datetime) -> Reader | None:
    """The reader to send the link to, noted as sent; None: unknown, not reachable, or sent within the hour."""
    found = Reader.objects.select_for_update().filter(address=address.strip().lower(), suppressed_at__isnull=True)
    reader = found.first()
    if reader is None or (reader.link_sent_at and now - reader.link_sent_at < LINKS_APART):
        return None
    reader.link_sent_at = now
    reader.save(update_fields=["link_sent_at"])
    return reader


def send_link(*, reader: Reader, url: str, site_name: str) -> None:
    """The mail with the way to the preference page, and nothing else."""
    body = render_to_string("readers/link_mail.txt", {"url": url, "site_name": site_name})
    EmailMessage(subject="Your page of choices", body=body, to=[reader.address]).send()

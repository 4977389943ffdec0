"""How does somebody come in, and how do they leave? By a mail that only the owner of the address can answer."""

from __future__ import annotations

from datetime import datetime

from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.template.loader import render_to_string

from readers.consent import UNCONFIRMED_LIFE, Topic, is_token_alive, may_send_confirmation
from readers.models import Consent, Reader


class ConsentError(Exception):
    """The link cannot be used. The message says why and what to do."""


@transaction.atomic
def ask_for_consent(*, address: str, topic: Topic, asked_on: str, now: datetime) -> Consent | None:
    """Remember the question; None when there is nothing to send: already agreed, or asked too often.

    The caller shows the same page in every case: the form must not tell strangers whose address is known.
    """
    reader, _ = Reader.objects.select_for_update().get_or_create(address=address.strip().lower())
    consents = list(reader.consents.filter(topic=topic.key))
    if any(consent.confirmed_at and not consent.withdrawn_at for consent in consents):
        return None
    if not may_send_confirmation([consent.asked_at for consent in consents], now):
        return None
    return Consent.objects.create(
        reader=reader,
        topic=topic.key,
        wording=topic.wording,
        wording_version=topic.version,
        asked_on=asked_on[:200],
        asked_at=now,
    )


@transaction.atomic
def confirm_consent(*, consent: Consent, now: datetime) -> Consent:
    """The owner of the address said yes. Doing it twice changes nothing. Raises `ConsentError`."""
    consent = Consent.objects.select_for_update().select_related("reader").get(pk=consent.pk)
    if consent.withdrawn_at:
        raise ConsentError("You have left this list. Sign up again if you changed your mind.")
    if consent.confirmed_at:
        return consent
    if not is_token_alive(consent.asked_at, now):
        raise ConsentError("This link is older than 48 hours. Sign up again and we send a new one.")
    # an earlier question about the same topic that was answered as well: one consent in force is enough
    others = consent.reader.consents.filter(topic=consent.topic, confirmed_at__isnull=False, withdrawn_at__isnull=True)
    if others.exists():
        return others.get()
    consent.confirmed_at = now
    consent.save(update_fields=["confirmed_at"])
    if consent.reader.confirmed_at is None:
        consent.reader.confirmed_at = now
        consent.reader.save(update_fields=["confirmed_at"])
    return consent


@transaction.atomic
def withdraw_consent(*, consent: Consent, now: datetime) -> None:
    """The reader leaves the topic, whichever of its mails the link stood in. Doing it twice changes nothing."""
    same = Consent.objects.filter(reader_id=consent.reader_id, topic=consent.topic, withdrawn_at__isnull=True)
    same.update(withdrawn_at=now)


def forget_unconfirmed(*, now: datetime) -> int:
    """Delete addresses that nobody confirmed in time; says how many."""
    deleted, _ = Reader.objects.filter(confirmed_at__isnull=True, created_at__lt=now - UNCONFIRMED_LIFE).delete()
    return deleted


def send_confirmation(*, consent: Consent, topic: Topic, site_name: str, confirm_url: str, leave_url: str) -> None:
    """The one mail that asks. It advertises nothing (compliance.md 27)."""
    context = {"topic": topic, "site_name": site_name, "confirm_url": confirm_url, "leave_url": leave_url}
    mail = EmailMultiAlternatives(
        subject=f"Please confirm: {topic.label}",
        body=render_to_string("readers/confirm_mail.txt", context),
        to=[consent.reader.address],
        headers={"List-Unsubscribe": f"<{leave_url}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"},
    )
    mail.send()

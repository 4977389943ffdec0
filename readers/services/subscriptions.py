"""How does somebody come in, and how do they leave? By a mail that only the owner of the address can answer."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.template.loader import render_to_string

from readers.consent import PROOF_LIFE, UNCONFIRMED_LIFE, Topic, is_token_alive, may_send_confirmation
from readers.models import Consent, ConsentProof, Delivery, Reader


class ConsentError(Exception):
    """The link cannot be used. The message says why and what to do."""


@transaction.atomic
def ask_for_consents(*, address: str, topics: Sequence[Topic], asked_on: str, now: datetime) -> Consent | None:
    """Remember the questions, which one mail asks together; None when there is nothing to send.

    That is: agreed already, asked too often, or an address nothing is sent to. The caller shows the same page in every
    case: the form must not tell strangers whose address is known.
    """
    reader, _ = Reader.objects.select_for_update().get_or_create(address=address.strip().lower())
    consents = list(reader.consents.all())
    in_force = {consent.topic for consent in consents if consent.confirmed_at and not consent.withdrawn_at}
    new = [topic for topic in topics if topic.key not in in_force]
    mailed = {consent.asked_at for consent in consents if consent.how == Consent.How.FORM}
    if not new or reader.suppressed_at or not may_send_confirmation(sorted(mailed), now):
        return None
    made = [
        Consent(
            reader=reader,
            topic=topic.key,
            wording=topic.wording,
            wording_version=topic.version,
            asked_on=asked_on[:200],
            asked_at=now,
        )
        for topic in new
    ]
    return Consent.objects.bulk_create(made)[0]


def ask_for_consent(*, address: str, topic: Topic, asked_on: str, now: datetime) -> Consent | None:
    """As `ask_for_consents`, for one topic."""
    return ask_for_consents(address=address, topics=[topic], asked_on=asked_on, now=now)


def asked_together(consent: Consent) -> list[Consent]:
    """What the mail with this consent's key asked about, this one first."""
    same = Consent.objects.filter(reader_id=consent.reader_id, asked_at=consent.asked_at, how=consent.how)
    return sorted(same, key=lambda one: (one.pk != consent.pk, one.pk))


@transaction.atomic
def confirm_consent(*, consent: Consent, now: datetime) -> Consent:
    """The owner of the address said yes to all that the mail asked. A second time changes nothing, ever.

    Raises `ConsentError`.
    """
    reader = Reader.objects.select_for_update().get(pk=consent.reader_id)
    consent.refresh_from_db()
    if consent.withdrawn_at:
        raise ConsentError("You have left this list. Sign up again if you changed your mind.")
    if consent.confirmed_at:
        return consent
    if not is_token_alive(consent.asked_at, now):
        raise ConsentError("This link is older than 48 hours. Sign up again and we send a new one.")
    # an earlier question about the same topic that was answered as well: one consent in force is enough
    force = reader.consents.filter(confirmed_at__isnull=False, withdrawn_at__isnull=True)
    in_force = {one.topic: one for one in force}
    for one in asked_together(consent):
        if one.topic not in in_force and one.withdrawn_at is None:
            one.confirmed_at = now
            one.save(update_fields=["confirmed_at"])
            in_force[one.topic] = one
    if reader.confirmed_at is None:
        reader.confirmed_at = now
        reader.save(update_fields=["confirmed_at"])
    return in_force[consent.topic]


@transaction.atomic
def withdraw_consent(*, consent: Consent, now: datetime) -> None:
    """The reader leaves the topic, whichever of its mails the link stood in. Doing it twice changes nothing."""
    leave_topics(reader_id=consent.reader_id, topics=[consent.topic], now=now)


def leave_topics(*, reader_id: int, topics: Sequence[str], now: datetime) -> None:
    """Ends these, and what of them waits to be sent. Within a transaction."""
    same = Consent.objects.filter(reader_id=reader_id, topic__in=topics, withdrawn_at__isnull=True)
    same.update(withdrawn_at=now)
    waiting = Delivery.objects.filter(reader_id=reader_id, issue__topic__in=topics, state__in=Delivery.NOT_BEGUN)
    waiting.update(state=Delivery.State.LEFT)


def forget_unconfirmed(*, now: datetime) -> int:
    """Delete addresses that nobody confirmed in time, and proofs whose time is over; says how many rows."""
    deleted, _ = Reader.objects.filter(confirmed_at__isnull=True, created_at__lt=now - UNCONFIRMED_LIFE).delete()
    # A reader who never answered about a further topic.
    open_long = Consent.objects.filter(confirmed_at__isnull=True, asked_at__lt=now - UNCONFIRMED_LIFE)
    questions, _ = open_long.delete()
    proofs, _ = ConsentProof.objects.filter(erased_at__lt=now - PROOF_LIFE).delete()
    return deleted + questions + proofs


def send_confirmation(
    *, consent: Consent, topics: Sequence[Topic], site_name: str, confirm_url: str, leave_url: str
) -> None:
    """The one mail that asks. It advertises nothing (compliance.md 27)."""
    context = {"topics": topics, "site_name": site_name, "confirm_url": confirm_url, "leave_url": leave_url}
    mail = EmailMultiAlternatives(
        subject=f"Please confirm: {', '.join(topic.label for topic in topics)}",
        body=render_to_string("readers/confirm_mail.txt", context),
        to=[consent.reader.address],
        headers={"List-Unsubscribe": f"<{leave_url}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"},
    )
    mail.send()

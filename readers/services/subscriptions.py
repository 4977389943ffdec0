"""How does somebody come in, and how do they leave? By a mail that only the owner of the address can answer."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.template.loader import render_to_string

from readers.consent import (
    NEWS_LIFE,
    PROOF_LIFE,
    TOKEN_LIFE,
    TOPICS,
    UNCONFIRMED_LIFE,
    Topic,
    is_token_alive,
    mails_sent,
    may_send_confirmation,
)
from readers.models import Consent, ConsentProof, Delivery, News, NewsLetter, Reader

_NAMED = 2


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
    mailed = mails_asked(consents)
    if not new or reader.suppressed_at or not may_send_confirmation(mailed, now):
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


def mails_asked(consents: Sequence[Consent]) -> list[datetime]:
    """When mails about these asked for an answer: each letter's form sends its own, what is followed shares one."""
    asked = [one for one in consents if one.how == Consent.How.FORM]
    letters = {one.asked_at for one in asked if one.topic in TOPICS}
    return sorted([*letters, *mails_sent({one.asked_at for one in asked if one.topic not in TOPICS})])


def topic_of(consent: Consent) -> Topic:
    """What it is about, in the words that its owner agreed to."""
    known = TOPICS.get(consent.topic)
    label = known.label if known else consent.label
    return Topic(key=consent.topic, label=label, wording=consent.wording, version=consent.wording_version)


def ask_for_consent(*, address: str, topic: Topic, asked_on: str, now: datetime) -> Consent | None:
    """As `ask_for_consents`, for one topic."""
    return ask_for_consents(address=address, topics=[topic], asked_on=asked_on, now=now)


def asked_together(consent: Consent) -> list[Consent]:
    """What the mail with this consent's key asked about, this one first."""
    same = Consent.objects.filter(reader_id=consent.reader_id, asked_at=consent.asked_at, how=consent.how)
    return sorted(same, key=lambda one: (one.pk != consent.pk, one.pk))


def open_questions(consent: Consent, *, now: datetime) -> list[Consent]:
    """All that its reader was asked and has not answered, this one's mail first: one press answers all of it.

    Of two questions about the same the newer one counts. An answered consent asks nothing but what its mail asked.
    """
    together = asked_together(consent)
    if consent.confirmed_at or consent.withdrawn_at or not is_token_alive(consent.asked_at, now):
        return together
    rows = Consent.objects.filter(
        reader_id=consent.reader_id,
        how=Consent.How.FORM,
        confirmed_at__isnull=True,
        withdrawn_at__isnull=True,
        asked_at__gt=now - TOKEN_LIFE,
    ).order_by("-asked_at", "pk")
    topics = {one.topic for one in together}
    further: dict[str, Consent] = {}
    for one in rows:
        if one.topic not in topics:
            further.setdefault(one.topic, one)
    return [*together, *further.values()]


@transaction.atomic
def confirm_consent(*, consent: Consent, now: datetime, also: Collection[str] = ()) -> Consent:
    """The owner of the address said yes to all that the mail asked. A second time changes nothing, ever.

    `also`: keys of the reader's other open questions, which the page showed above its button. Raises `ConsentError`.
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
    further = [one for one in open_questions(consent, now=now) if one.key in also]
    for one in {row.pk: row for row in (*asked_together(consent), *further)}.values():
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
    News.objects.filter(reader_id=reader_id, consent__topic__in=topics, letter=None).delete()


def forget_unconfirmed(*, now: datetime) -> int:
    """Delete addresses that nobody confirmed in time, old letters of news, and proofs whose time is over; how many."""
    deleted, _ = Reader.objects.filter(confirmed_at__isnull=True, created_at__lt=now - UNCONFIRMED_LIFE).delete()
    # A reader who never answered about a further topic.
    open_long = Consent.objects.filter(confirmed_at__isnull=True, asked_at__lt=now - UNCONFIRMED_LIFE)
    questions, _ = open_long.delete()
    proofs, _ = ConsentProof.objects.filter(erased_at__lt=now - PROOF_LIFE).delete()
    letters, _ = NewsLetter.objects.filter(made_at__lt=now - NEWS_LIFE).delete()
    return deleted + questions + proofs + letters


def send_confirmation(
    *, consent: Consent, topics: Sequence[Topic], site_name: str, confirm_url: str, leave_url: str
) -> None:
    """The one mail that asks. It advertises nothing (compliance.md 27)."""
    context = {"topics": topics, "site_name": site_name, "confirm_url": confirm_url, "leave_url": leave_url}
    named = ", ".join(topic.label for topic in topics)
    many = len(topics) > _NAMED and any(topic.key not in TOPICS for topic in topics)
    subject = f"Please confirm: {len(topics)} things you asked for" if many else f"Please confirm: {named}"
    mail = EmailMultiAlternatives(
        subject=" ".join(subject.split()),
        body=render_to_string("readers/confirm_mail.txt", context),
        to=[consent.reader.address],
        headers={"List-Unsubscribe": f"<{leave_url}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"},
    )
    mail.send()

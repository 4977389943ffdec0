"""What do we know about an address, and how is all of it erased at once (GDPR Art. 15, 17, 20)?"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.crypto import salted_hmac

from readers.models import Consent, ConsentProof, Reader
from readers.personal_data import sources


def address_mark(address: str) -> str:
    """A keyed sum: who names the address can be answered, nobody can read the address out of it."""
    return salted_hmac("readers.proof", address.strip().lower(), algorithm="sha256").hexdigest()


def everything_about(*, reader: Reader, now: datetime) -> dict[str, Any]:
    """JSON-ready; times in UTC. The reader's own file: whoever asks has been proven to own the address."""
    own = {
        "address": reader.address,
        "first_seen": reader.created_at,
        "confirmed": reader.confirmed_at,
        "rhythm": reader.rhythm,
        "news_rhythm": reader.news_rhythm,
        "news_hour": reader.news_hour,
        "news_weekday": reader.get_news_weekday_display(),
        "suppressed": reader.suppressed_at,
        "suppressed_because": reader.get_suppressed_because_display(),
        "link_last_asked_for": reader.link_sent_at,
    }
    consents = reader.consents.values(
        "topic", "label", "wording", "wording_version", "asked_on", "asked_at", "how", "confirmed_at", "withdrawn_at"
    )
    letters = reader.deliveries.values("issue__subject", "issue__topic", "state", "sent_at", "reply")
    told = reader.news.values("kind", "ref", "noted_at", "consent__label", "letter__state", "letter__sent_at")
    rest = {source.key: list(source.export(reader.address)) for source in sources()}
    return {
        "made_at": now,
        "reader": own,
        "consents": list(consents),
        "letters": list(letters),
        "news": list(told),
        **rest,
    }


@transaction.atomic
def erase_everything(*, reader: Reader, now: datetime) -> int:
    """Erases it here and in every app that registered; how many rows. Of a consent once given a proof stays.

    The proof has no address and goes after `PROOF_LIFE` (`subscriptions.forget_unconfirmed`).
    """
    reader = Reader.objects.select_for_update().get(pk=reader.pk)
    given = Consent.objects.filter(reader=reader, confirmed_at__isnull=False)
    ConsentProof.objects.bulk_create(
        ConsentProof(
            address_mark=address_mark(reader.address),
            topic=consent.topic,
            wording_version=consent.wording_version,
            asked_at=consent.asked_at,
            confirmed_at=consent.confirmed_at,
            withdrawn_at=consent.withdrawn_at,
            erased_at=now,
        )
        for consent in given
        if consent.confirmed_at
    )
    elsewhere = sum(source.erase(reader.address, now=now) for source in sources())
    here, _ = reader.delete()
    return elsewhere + here

"""How does somebody begin to follow something: answers to a comment, all comments, the price of a product?

One confirmed address is enough for everything: what is asked for at one begins at once, and each letter says how to
end it. At an address that nobody confirmed it waits for the one mail that asks about all of it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from readers.consent import FOLLOWS_PER_READER, ONE_MAIL, TOPICS, Topic, is_token_alive, may_send_confirmation
from readers.digest import NewsRhythm
from readers.models import Consent, Reader
from readers.services.subscriptions import leave_topics, mails_asked


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """`consent` is None where nothing was noted: an address nothing is sent to, or one that follows enough already.

    `is_new` is False where the same is in force already. `wants_mail`: its confirmation has to be mailed
    (`readers.tasks.send_confirmation` with the consent's id, after the commit).
    """

    consent: Consent | None
    is_new: bool = False
    wants_mail: bool = False


@transaction.atomic
def ask_to_follow(*, address: str, topic: Topic, asked_on: str, now: datetime) -> Asked:
    """The caller says the same to its visitor in every case: no form tells strangers whose address is known."""
    reader, _ = Reader.objects.select_for_update().get_or_create(address=address.strip().lower())
    if reader.suppressed_at:
        return Asked(consent=None)
    consents = list(reader.consents.filter(withdrawn_at__isnull=True))
    in_force = next((one for one in consents if one.topic == topic.key and one.confirmed_at), None)
    if in_force is not None:
        return Asked(consent=in_force)
    open_or_kept = {
        one.topic
        for one in consents
        if one.topic not in TOPICS and (one.confirmed_at or is_token_alive(one.asked_at, now))
    }
    if len(open_or_kept) >= FOLLOWS_PER_READER:
        return Asked(consent=None)
    is_known = reader.confirmed_at is not None
    made = Consent.objects.create(
        reader=reader,
        topic=topic.key,
        label=topic.label[:160],
        wording=topic.wording,
        wording_version=topic.version,
        asked_on=asked_on.replace("\0", "")[:200],
        asked_at=now,
        how=Consent.How.KNOWN if is_known else Consent.How.FORM,
        confirmed_at=now if is_known else None,
    )
    return Asked(consent=made, is_new=True, wants_mail=not is_known and _may_mail(consents, now=now))


def _may_mail(before: list[Consent], *, now: datetime) -> bool:
    """Not while a mail is under way that leads to the page where all of it is asked, nor more often than is allowed."""
    mailed = mails_asked(before)
    under_way = any(
        one.asked_at > now - ONE_MAIL and one.confirmed_at is None and one.how == Consent.How.FORM for one in before
    )
    return not under_way and may_send_confirmation(mailed, now)


@transaction.atomic
def follow_nothing(*, reader: Reader, now: datetime) -> None:
    """Ends all that this reader follows, also what was asked and not confirmed yet; topics of letters stay."""
    rows = reader.consents.filter(withdrawn_at__isnull=True).exclude(topic__in=TOPICS)
    leave_topics(reader_id=reader.pk, topics=sorted(set(rows.values_list("topic", flat=True))), now=now)


@transaction.atomic
def leave_one(*, reader: Reader, key: str, now: datetime) -> str:
    """Ends the one with this key and says what it was called; empty where it is none of this reader's."""
    found = reader.consents.filter(key=key, withdrawn_at__isnull=True).exclude(topic__in=TOPICS).first()
    if found is None:
        return ""
    leave_topics(reader_id=reader.pk, topics=[found.topic], now=now)
    return found.label


@transaction.atomic
def choose_rhythm(*, reader: Reader, rhythm: NewsRhythm, hour: int, weekday: int) -> None:
    """When news comes; `hour` (0 to 23) of the site's time zone, `weekday` from Monday, 0. What waits goes so too."""
    Reader.objects.filter(pk=reader.pk).update(news_rhythm=rhythm, news_hour=hour, news_weekday=weekday)

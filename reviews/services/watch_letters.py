"""Who hears that a claim stopped being true, or is true again? The author of the article, within the minute."""

from __future__ import annotations

import logging
import smtplib
from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.urls import reverse

from catalog.services.merchant_health import owners
from reviews.models import Article, Watch, WatchEvent
from reviews.watch_list import claim_words

log = logging.getLogger(__name__)

# Events of one round; a letter names them all.
MOST = 500


@transaction.atomic
def send_watch_letters(*, now: datetime) -> int:
    """How many letters went out: one for each person. What could not be sent goes with the next round's.

    Articles that readers saw once and see no more are passed over.
    """
    events = list(
        WatchEvent.objects.select_for_update(of=("self",), skip_locked=True)
        .filter(is_to_be_told=True)
        .select_related("watch__article__author__user", "watch__created_by")
        .prefetch_related("watch__watch_products__product__brand")
        .order_by("id")[:MOST]
    )
    if not events:
        return 0
    letters: dict[tuple[str, ...], list[WatchEvent]] = defaultdict(list)
    others = owners()
    for event in events:
        if event.watch.article.status != Article.Status.RETIRED:
            letters[_readers_of(event, others)].append(event)
    done = {event.pk for event in events} - {event.pk for told in letters.values() for event in told}
    sent = 0
    for people, told in letters.items():
        if people and not _send(people, told, now=now):
            continue
        sent += bool(people)
        done |= {event.pk for event in told}
    WatchEvent.objects.filter(pk__in=done).update(is_to_be_told=False, told_at=now)
    return sent


def _readers_of(event: WatchEvent, owners: Sequence[str]) -> tuple[str, ...]:
    """The author; who made the watch, where the author has no address here; else the owners."""
    for user in (event.watch.article.author.user, event.watch.created_by):
        if user is not None and user.is_active and user.email:
            return (user.email,)
    return tuple(owners)


def _send(people: Sequence[str], events: Sequence[WatchEvent], *, now: datetime) -> bool:
    broken = sum(event.state == Watch.State.BROKEN for event in events)
    again = len(events) - broken
    parts = [
        f"{broken} no longer true" if broken else "",
        f"{again} true again" if again else "",
    ]
    letter = EmailMessage(
        subject=f"Claims in your articles: {', '.join(part for part in parts if part)}",
        body="\n".join(
            [
                f"What your articles claim, as of {now:%Y-%m-%d %H:%M} UTC:",
                "",
                *map(_lines, events),
                f"All claims: {settings.SITE_URL}{reverse('admin:reviews_watch_changelist')}",
                "",
            ]
        ),
        to=list(people),
    )
    try:
        letter.send()
    except (OSError, smtplib.SMTPException):
        log.exception("%d people could not be told of %d claims", len(people), len(events))
        return False
    return True


def _lines(event: WatchEvent) -> str:
    watch = event.watch
    address = f"{settings.SITE_URL}{reverse('admin:reviews_watch_change', args=[watch.pk])}"
    # A shop may keep its prices from mail (compliance): then the letter says where to read them.
    why = event.reason if event.is_mailable else "What was found is on its page."
    said = f"  “{watch.passage}”\n" if watch.passage else ""
    verdict = "No longer true" if event.state == Watch.State.BROKEN else "True again"
    return f"* {watch.article.title}\n{said}  {verdict}: {claim_words(watch)}. {why}\n  {address}\n"

"""How is a merchant doing: answering, failing, resting? And who is told?"""

from __future__ import annotations

import logging
import smtplib
from datetime import datetime

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.mail import EmailMessage

from catalog.models import Merchant
from catalog.schedule import Retry, after_failure
from catalog.services.reasons import storable
from catalog.sources.base import FeedState

log = logging.getLogger(__name__)

_FEED = ("feed_etag", "feed_last_modified", "feed_sha256")


def record_success(*, merchant: Merchant, feed_state: FeedState | None) -> None:
    """The merchant answered for everything it was asked. `feed_state` is what its feed says of its own version."""
    merchant.consecutive_failures = 0
    merchant.last_error = ""
    merchant.paused_until = None
    merchant.owner_told_at = None
    _save(merchant)
    if feed_state is not None:
        _remember_feed(merchant, feed_state)


def _remember_feed(merchant: Merchant, state: FeedState) -> None:
    """What the feed says of its version, unless the record names another feed since this round began."""
    merchant.feed_etag = state.etag[:200]
    merchant.feed_last_modified = state.last_modified[:60]
    merchant.feed_sha256 = state.sha256[:64]
    same = Merchant.objects.filter(
        pk=merchant.pk, source=merchant.source, source_settings=merchant.source_settings, claimed_at=merchant.claimed_at
    )
    same.update(**{column: getattr(merchant, column) for column in _FEED})


def record_failure(
    *, merchant: Merchant, error: str, permanent: bool, retry_after: float | None, now: datetime
) -> Retry:
    """The merchant did not answer, or not usably. Its owner is told once when it is paused (P4), not every time."""
    merchant.consecutive_failures += 1
    merchant.last_error = storable(error)
    # What the feed says of its version is forgotten: the next look reads all of it again.
    merchant.feed_etag = merchant.feed_last_modified = merchant.feed_sha256 = ""
    retry = after_failure(
        now=now,
        failures=merchant.consecutive_failures,
        permanent=permanent,
        retry_after=retry_after,
        key=f"merchant {merchant.pk}",
    )
    if retry.is_pause:
        merchant.paused_until = retry.at
    must_tell = retry.is_pause and merchant.owner_told_at is None
    if must_tell:
        merchant.owner_told_at = now
    _save(merchant, *_FEED)
    # The merchant is to be left alone, not only the offers it was just asked for (P1).
    merchant.offers.filter(next_check_at__lt=retry.at).update(next_check_at=retry.at)
    if must_tell:
        _tell_owner(merchant)
    return retry


def resume_merchant(*, merchant: Merchant, now: datetime) -> None:
    """An editor says that the cause is gone: it is asked again at once, its owner told anew if it fails."""
    merchant.paused_until = None
    merchant.consecutive_failures = 0
    merchant.owner_told_at = None
    _save(merchant)
    merchant.offers.filter(withdrawn_at__isnull=True).update(next_check_at=now)


def _save(merchant: Merchant, *also: str) -> None:
    """Only the columns of its health: an editor may be changing the others at this moment."""
    merchant.save(update_fields=["consecutive_failures", "last_error", "paused_until", "owner_told_at", *also])


def owners() -> list[str]:
    """Who is told when something needs a person: ADMINS, where the settings name any, else all superusers."""
    named = [person if isinstance(person, str) else person[1] for person in settings.ADMINS]
    if named:
        return named
    people = get_user_model().objects.filter(is_active=True, is_superuser=True).exclude(email="")
    return list(people.values_list("email", flat=True))


def _tell_owner(merchant: Merchant) -> None:
    assert merchant.paused_until is not None
    letter = EmailMessage(
        # One line, whatever the name holds.
        subject=f"{' '.join(merchant.name.split())} is paused: its prices cannot be read",
        body=(
            f"{merchant.name} failed {merchant.consecutive_failures} time(s) in a row. The last answer:\n\n"
            f"    {merchant.last_error}\n\n"
            f"It is left alone until {merchant.paused_until:%Y-%m-%d %H:%M} UTC. Its last prices stay, each with the "
            "time it was read, and disappear from the pages when the merchant's terms say so.\n\n"
            f'Settings and "resume": {settings.ADMIN_URL}catalog/merchant/{merchant.pk}/change/\n'
        ),
        to=owners(),
    )
    try:
        letter.send()
    except (OSError, smtplib.SMTPException):
        # A mail server that is away must not take the prices with it; the pause is on the job page too.
        log.exception("The owner could not be told that %s is paused", merchant.name)

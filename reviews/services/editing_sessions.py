"""Who has an article open, and what did they type that is not saved yet? Nothing here touches the article."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.db import transaction

from reviews.models import Article, EditingSession

if TYPE_CHECKING:
    from django.contrib.auth.models import User

# An open page says every 20 seconds that it is there; after two missed calls it counts as left.
PRESENT_FOR = timedelta(seconds=60)

FormData = Mapping[str, Sequence[str]]


@transaction.atomic
def open_article(*, article: Article | None, user: User, now: datetime) -> EditingSession:
    """Somebody opens the article's form (None: that of a new one). Work that was kept before stays kept."""
    session = _session(article, user, now)
    if not is_present(session, now=now):
        session.opened_at = now
    session.seen_at = now
    session.save(update_fields=["opened_at", "seen_at"])
    return session


@transaction.atomic
def keep_work(*, article: Article | None, user: User, based_on: int, form_data: FormData, now: datetime) -> None:
    """Keeps the form as it was typed, fit or not. `based_on` is the article's version when the form was opened."""
    session = _session(article, user, now)
    session.opened_at = session.opened_at or now
    session.seen_at = session.kept_at = now
    session.based_on = based_on
    session.form_data = {name: list(values) for name, values in form_data.items()}
    session.save(update_fields=["opened_at", "seen_at", "kept_at", "based_on", "form_data"])


@transaction.atomic
def drop_work(*, article: Article | None, user: User, now: datetime) -> None:
    """What was typed is saved, or was thrown away on purpose."""
    session = _session(article, user, now)
    session.form_data = session.kept_at = None
    session.save(update_fields=["form_data", "kept_at"])


def leave_article(*, article: Article | None, user: User) -> None:
    """The page was closed. What was kept and not saved waits for the next time."""
    EditingSession.objects.filter(article=article, user=user).update(opened_at=None)


def kept_work(*, article: Article | None, user: User) -> EditingSession | None:
    """The session with what this person typed and did not save, if there is any."""
    return EditingSession.objects.filter(article=article, user=user, form_data__isnull=False).first()


def others_present(*, article: Article, user: User, now: datetime) -> list[EditingSession]:
    """Who else has the article open, with their accounts; who came first stands first. One query."""
    rows = EditingSession.objects.filter(article=article, opened_at__isnull=False, seen_at__gt=now - PRESENT_FOR)
    return list(rows.exclude(user=user).select_related("user").order_by("opened_at"))


def is_present(session: EditingSession, *, now: datetime) -> bool:
    return session.opened_at is not None and session.seen_at > now - PRESENT_FOR


def _session(article: Article | None, user: User, now: datetime) -> EditingSession:
    """The row, locked: two windows of one person write to the same."""
    session, _ = EditingSession.objects.select_for_update().get_or_create(
        article=article, user=user, defaults={"seen_at": now - PRESENT_FOR * 2}
    )
    return session

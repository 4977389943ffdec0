"""Who hears that comments wait? Moderators with an address, in one letter at most each half hour."""

from __future__ import annotations

import logging
import smtplib
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission
from django.core.mail import EmailMessage
from django.db import transaction
from django.db.models import Q
from django.urls import reverse

from reviews.comment_links import LETTER_LIFE, letter_url
from reviews.models import Comment

if TYPE_CHECKING:
    from django.contrib.auth.models import User

log = logging.getLogger(__name__)

APART = timedelta(minutes=30)
MOST_NAMED = 20
_QUOTED = 400


@transaction.atomic
def send_comment_letters(*, now: datetime) -> int:
    """How many comments were told for the first time; 0: no letter went out. What could not be sent goes next time."""
    if Comment.objects.filter(told_at__gt=now - APART).exists():
        return 0
    held = Comment.objects.filter(state=Comment.State.HELD, told_at=None)
    rows = list(held.select_for_update(of=("self",), skip_locked=True).select_related("article").order_by("written_at"))
    if not rows:
        return 0
    sent = [user for user in _moderators() if _is_sent(user, rows, now=now)]
    if not sent:
        return 0
    Comment.objects.filter(pk__in=[row.pk for row in rows]).update(told_at=now)
    return len(rows)


def _moderators() -> list[User]:
    """Who may decide: by a group or by name."""
    may = Q(codename="change_comment", content_type__app_label="reviews")
    which = list(Permission.objects.filter(may).values_list("pk", flat=True))
    people = get_user_model().objects.filter(
        Q(user_permissions__in=which) | Q(groups__permissions__in=which) | Q(is_superuser=True),
        is_active=True,
        is_staff=True,
    )
    return list(people.exclude(email="").distinct().order_by("pk"))


def _is_sent(user: User, rows: Sequence[Comment], *, now: datetime) -> bool:
    letter = EmailMessage(
        subject=f"{len(rows)} comment{' waits' if len(rows) == 1 else 's wait'}",
        body=_body(user, rows),
        to=[user.email],
    )
    try:
        letter.send()
    except (OSError, smtplib.SMTPException):
        log.exception("The letter about %d comments could not be sent to user %d", len(rows), user.pk)
        return False
    return True


def _body(user: User, rows: Sequence[Comment]) -> str:
    parts = [_part(user, row) for row in rows[:MOST_NAMED]]
    if len(rows) > MOST_NAMED:
        parts.append(f"… and {len(rows) - MOST_NAMED} more.\n")
    where = f"{settings.SITE_URL}{reverse('admin:reviews_comment_queue')}"
    hours = int(LETTER_LIFE.total_seconds() // 3600)
    return (
        "\n".join(parts)
        + f"\nAll that waits: {where}\n\nEach link above is yours alone and opens a page with buttons; nothing is "
        f"decided before one is pressed. They work for {hours} hours.\n"
    )


def _part(user: User, row: Comment) -> str:
    said = row.text if len(row.text) <= _QUOTED else f"{row.text[:_QUOTED]} …"
    quoted = "\n".join(f"  | {line}" for line in said.split("\n"))
    return (
        f"* {row.name} under “{row.article.title}”\n{quoted}\n  Why it waits: {' '.join(row.reasons)}\n"
        f"  Decide: {settings.SITE_URL}{letter_url(row.pk, user.pk)}\n"
    )

"""Who is told, once a day, what has become wrong in articles that readers see?"""

from __future__ import annotations

import logging
import smtplib
from collections.abc import Sequence
from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission
from django.core.mail import EmailMessage
from django.db import transaction
from django.db.models import Q
from django.urls import reverse

from reviews.models import Finding

log = logging.getLogger(__name__)

# Not sooner after the last letter; shorter than a day, so that the letter keeps its hour.
APART = timedelta(hours=20)
MOST_LINES = 50


@transaction.atomic
def send_findings_letter(*, now: datetime) -> int:
    """How many refusals the letters name for the first time; 0: none went out. Warnings are in the list only.

    Editors get everything, an author what is wrong in articles of his own. What could not be sent to anybody is told
    the next time.
    """
    if Finding.objects.filter(told_at__gt=now - APART).exists():
        return 0
    new = Finding.objects.open().filter(is_refusal=True, told_at__isnull=True)
    locked = new.select_for_update(of=("self",), skip_locked=True).select_related("article__author__user")
    rows = list(locked.order_by("article", "block_number", "pk"))
    letters = _letters(rows)
    if not letters or not [address for address, named in letters.items() if _is_sent(address, named, now=now)]:
        return 0
    Finding.objects.filter(pk__in=[row.pk for row in rows]).update(told_at=now)
    return len(rows)


def _letters(rows: Sequence[Finding]) -> dict[str, list[Finding]]:
    """Address → what is told there."""
    if not rows:
        return {}
    found = {address: list(rows) for address in _editors()}
    for row in rows:
        user = row.article.author.user
        if user and user.is_active and user.email and row not in found.setdefault(user.email, []):
            found[user.email].append(row)
    return found


def _editors() -> list[str]:
    """Who may publish: by a group or by name."""
    may = Q(codename="publish_article", content_type__app_label="reviews")
    permissions = Q(user_permissions__in=_permissions(may)) | Q(groups__permissions__in=_permissions(may))
    people = get_user_model().objects.filter(permissions | Q(is_superuser=True), is_active=True, is_staff=True)
    return sorted(set(people.exclude(email="").values_list("email", flat=True)))


def _permissions(which: Q) -> list[int]:
    return list(Permission.objects.filter(which).values_list("pk", flat=True))


def _is_sent(address: str, rows: Sequence[Finding], *, now: datetime) -> bool:
    several = len({row.article_id for row in rows})
    letter = EmailMessage(
        subject=f"{several} article{'s' if several > 1 else ''} readers see would be refused today",
        body=_body(rows, now=now),
        to=[address],
    )
    try:
        letter.send()
    except (OSError, smtplib.SMTPException):
        log.exception("The letter about %d findings could not be sent", len(rows))
        return False
    return True


def _body(rows: Sequence[Finding], *, now: datetime) -> str:
    by_article: dict[int, list[Finding]] = {}
    for row in rows[:MOST_LINES]:
        by_article.setdefault(row.article_id, []).append(row)
    parts = [_part(found) for found in by_article.values()]
    if len(rows) > MOST_LINES:
        parts.append(f"… and {len(rows) - MOST_LINES} more.")
    where = f"{settings.SITE_URL}{reverse('admin:reviews_finding_changelist')}"
    return (
        f"New since the last letter ({now:%Y-%m-%d %H:%M} UTC). Readers see these articles as they are; publishing "
        "them today would be refused:\n\n" + "\n\n".join(parts) + f"\n\nAll findings, warnings as well: {where}\n"
    )


def _part(rows: Sequence[Finding]) -> str:
    article = rows[0].article
    change = reverse("admin:reviews_article_change", args=[article.pk])
    lines = [f"  * {row.message}" for row in rows]
    return "\n".join([f"{article.title}", *lines, f"  {settings.SITE_URL}{change}"])

"""How does a correction come to stand under an article, and when do readers get it?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F, Value
from django.db.models.functions import Coalesce
from django.utils import timezone

from catalog.services.page_changes import announce
from partners.services.webhook_events import tell
from reviews.exported_articles import canonical, correction_said
from reviews.models import Article, Correction, Revision
from reviews.services.remark_news import tell_of_corrections

if TYPE_CHECKING:
    from django.contrib.auth.models import User


@transaction.atomic
def save_correction(*, correction: Correction, now: datetime, by: User | None = None) -> Correction:
    """Saves what the caller has set. A new one waits for the next publication. Raises Django's `ValidationError`."""
    if correction.pk is None:
        correction.created_at, correction.created_by = now, by
    for name in ("passage", "wrong", "right", "credit"):
        setattr(correction, name, " ".join(getattr(correction, name).split()))
    if correction.source == Correction.Source.OURSELVES:
        correction.credit = ""
    correction.full_clean(exclude=["article", "remark", "revision", "created_by"])
    correction.save()
    announce(f"article:{correction.article_id}")
    return correction


def publish_corrections(*, article: Article, revision: Revision, written_until: datetime, now: datetime) -> int:
    """Shows readers what waits and was written by then, dated today where it has no day; how many.

    Within the transaction that publishes.
    """
    waiting = article.corrections.filter(revision__isnull=True, created_at__lte=written_until)
    rows = list(waiting.select_for_update())
    today = Value(timezone.localdate(now))
    article.corrections.filter(pk__in=[row.pk for row in rows]).update(revision=revision, day=Coalesce(F("day"), today))
    tell_of_corrections(rows, now=now)
    for row in rows:
        tell("correction.published", row.pk)
    return len(rows)


def take_in_corrections(
    *, article: Article, said: Sequence[Mapping[str, Any]], now: datetime, by: User | None = None
) -> list[str]:
    """Makes those that wait what a file of articles says; what readers were told already stays. Returns what is wrong.

    Each problem begins with the place in the file's list: `[2].kind: …`. Within the transaction that takes the file in.
    """
    wanted = {canonical({"day": None, **one}): (place, one) for place, one in enumerate(said)}
    for row in article.corrections.all():
        here = correction_said(row)
        found = wanted.pop(canonical(here), None)
        if row.is_published:
            # In the file it may still wait without a day: it got one here when it was published.
            wanted.pop(canonical({**here, "day": None}), None)
        elif found is None:
            row.delete()
    problems: list[str] = []
    for place, one in wanted.values():
        try:
            day = date.fromisoformat(one["day"]) if one.get("day") else None
            row = Correction(article=article, **{**one, "day": day})
            save_correction(correction=row, now=now, by=by)
        except ValidationError as error:
            problems += [f"[{place}]: {message}" for message in error.messages]
        except ValueError:
            problems.append(f"[{place}].day: {one['day']!r} is no day; write 2026-03-01.")
    return problems

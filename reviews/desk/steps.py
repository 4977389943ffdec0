"""How does the working copy walk from writing over review and schedule to readers, by hand and by the clock?

Who may take a step is asked at the door (`reviews.desk.rights`); whether it is possible from where the article stands
is asked here, under a lock, so that of two who take a step at once the second is told what the first did.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from reviews.desk.publishing import (
    PublishError,
    StepError,
    locked,
    refusals,
    refuse_unseen,
    retire_article,
    settle,
    show,
)
from reviews.desk.step_history import record_step
from reviews.models import Article, DraftVersion
from reviews.services.drafts import draft_content
from reviews.steps import STEPS, taken_by, told

if TYPE_CHECKING:
    from django.contrib.auth.models import User

log = logging.getLogger(__name__)


@transaction.atomic
def send_to_review(
    *, article: Article, by: User | None, asked_of: User | None = None, note: str = "", now: datetime
) -> None:
    """Asks a colleague, or with None everybody who may review. What was sent is kept as a version to compare with."""
    row = _for_step("send_to_review", article)
    _freeze(row, DraftVersion.Why.REVIEW, by=by, now=now)
    row.stage = Article.Stage.IN_REVIEW
    row.review_asked_of = asked_of
    row.save(update_fields=["stage", "review_asked_of"])
    record_step(article=row, step="send_to_review", by=by, note=note, now=now)
    article.refresh_from_db()


@transaction.atomic
def take_back(*, article: Article, by: User | None, note: str = "", now: datetime) -> None:
    row = _for_step("take_back", article)
    record_step(article=row, step="take_back", by=by, note=note, now=now)
    settle(row)
    article.refresh_from_db()


@transaction.atomic
def ask_for_changes(*, article: Article, by: User | None, note: str, now: datetime) -> None:
    """Gives it back to who wrote it. Raises `StepError` without a note that says what to change."""
    row = _for_step("ask_for_changes", article)
    if not note.strip():
        raise StepError(["Say in the note what is to be changed."])
    record_step(article=row, step="ask_for_changes", by=by, note=note, now=now)
    settle(row)
    article.refresh_from_db()


@transaction.atomic
def schedule_article(
    *,
    article: Article,
    by: User | None,
    at: datetime,
    note: str = "",
    now: datetime,
    seen_version: int | None = None,
) -> None:
    """Freezes the working copy; at `at` (aware) exactly that is published. `note` is for the public change log.

    Raises `PublishError` when it would be refused today already, `StepError` for a time that does not fit.
    """
    row = _for_step("schedule", article)
    refuse_unseen(row, seen_version)
    if at <= now:
        raise StepError([f"{_site_time(at)} is over. Choose a time to come, or publish now."])
    if row.expires_at is not None and row.expires_at <= at:
        raise StepError([f"It expires at {_site_time(row.expires_at)}, before it would appear. Change one of the two."])
    version = _freeze(row, DraftVersion.Why.SCHEDULED, by=by, now=now)
    if problems := refusals(row, version.content, now=now):
        raise PublishError(problems)
    row.stage = Article.Stage.SCHEDULED
    row.publish_at = at
    row.scheduled_version = version
    row.save(update_fields=["stage", "publish_at", "scheduled_version"])
    record_step(article=row, step="schedule", by=by, note=note, now=now)
    article.refresh_from_db()


@transaction.atomic
def unschedule(*, article: Article, by: User | None, note: str = "", now: datetime) -> None:
    row = _for_step("unschedule", article)
    record_step(article=row, step="unschedule", by=by, note=note, now=now)
    settle(row)
    article.refresh_from_db()


def publish_due(*, now: datetime) -> int:
    """Publishes what is scheduled for `now` or before, each in a transaction of its own; how many appeared.

    What the gate refuses by now goes back to review with the reasons. An article that something else keeps from
    appearing stops no other and is tried again in the next round.
    """
    due = Q(stage=Article.Stage.SCHEDULED, publish_at__lte=now)
    return _each(due, lambda row: _publish_scheduled(row, now=now))


def expire_due(*, now: datetime) -> int:
    """Retires what readers see and whose time is over; how many."""
    due = Q(status=Article.Status.PUBLISHED, expires_at__lte=now)
    return _each(due, lambda row: _expire(row, now=now))


def _each(due: Q, act: Callable[[Article], bool]) -> int:
    """Rows that another worker holds are passed over: each is dealt with once."""
    done = 0
    for article_id in Article.objects.filter(due).order_by("publish_at", "pk").values_list("pk", flat=True):
        try:
            with transaction.atomic():
                claimed = Article.objects.select_for_update(skip_locked=True).filter(due, pk=article_id).first()
                done += claimed is not None and act(locked(article_id))
        except Exception:
            log.exception(
                "Article %d could not be dealt with as the timetable says; the next round tries again", article_id
            )
    return done


def _publish_scheduled(row: Article, *, now: datetime) -> bool:
    assert row.scheduled_version is not None, "the database keeps a scheduled article without its version out"
    schedule = row.stage_changes.filter(step="schedule").first()
    note = schedule.note if schedule else ""
    try:
        with transaction.atomic():
            frozen = row.scheduled_version
            show(row, frozen.content, by=frozen.created_by, note=note, now=now, written_until=frozen.created_at)
    except PublishError as error:
        record_step(article=row, step="refuse_due", by=None, note="\n".join(error.problems), now=now)
        row.stage = Article.Stage.IN_REVIEW
        row.publish_at = row.scheduled_version = None
        row.save(update_fields=["stage", "publish_at", "scheduled_version"])
        log.warning("“%s” was due and is kept back: %s", row, "; ".join(error.problems))
        return False
    record_step(article=row, step="publish_due", by=None, note=note, now=now)
    settle(row)
    log.info("“%s” was published as scheduled", row)
    return True


def _expire(row: Article, *, now: datetime) -> bool:
    retire_article(article=row, now=now, step="expire_due")
    return True


def _for_step(key: str, article: Article) -> Article:
    row = locked(article.pk)
    step = STEPS[key]
    if not step.is_possible(row.status, row.stage):
        last = row.stage_changes.select_related("changed_by").first()
        since = ""
        if last is not None:
            by = taken_by(last.step, last.changed_by.get_username() if last.changed_by else None)
            since = f" since {by} {told(last.step)} at {_site_time(last.changed_at)}"
        stands = f"{row.get_status_display().lower()}, {row.get_stage_display().lower()}"
        raise StepError([f"“{step.label}” is not possible now: the article is {stands}{since}."])
    return row


def _freeze(article: Article, why: DraftVersion.Why, *, by: User | None, now: datetime) -> DraftVersion:
    return DraftVersion.objects.create(
        article=article, content=draft_content(article), why=why, created_by=by, created_at=now
    )


def _site_time(moment: datetime) -> str:
    return f"{timezone.localtime(moment):%d %B %Y, %H:%M}"

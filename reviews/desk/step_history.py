"""What happened to an article, and who is told of it?"""

from __future__ import annotations

from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING

from celery import current_app
from django.db import transaction

from reviews.desk.rights import reviewers
from reviews.models import Article, StageChange

if TYPE_CHECKING:
    from django.contrib.auth.models import User

LETTER = "reviews.tasks.tell_of_step"


def record_step(*, article: Article, step: str, by: User | None, note: str = "", now: datetime) -> StageChange:
    """Writes the step down and has its letters written once the transaction holds. `by` None: the timetable."""
    change = StageChange.objects.create(article=article, step=step, changed_at=now, changed_by=by, note=note)
    queue_letters(LETTER, change.pk, people_told(article, step=step, by=by))
    return change


def queue_letters(task: str, row_id: int, people: set[int]) -> None:
    """One task for each letter, so that a second try reaches nobody twice. A queue that is away costs the letters only:
    what happened has happened, and is on the article's page."""
    for user_id in sorted(people):
        transaction.on_commit(partial(current_app.send_task, task, (row_id, user_id)), robust=True)


def people_told(article: Article, *, step: str, by: User | None) -> set[int]:
    """Users by id: the author, the reviewer asked, who asked for the review, and who scheduled what the timetable did;
    never who did it.

    A review that is asked of nobody in particular is asked of everybody who may review.
    """
    concerned = {article.author.user_id, article.review_asked_of_id, _last_to(article, "send_to_review")}
    if by is None:
        concerned.add(_last_to(article, "schedule"))
    if step == "send_to_review" and article.review_asked_of_id is None:
        concerned |= set(reviewers().values_list("pk", flat=True))
    return {user_id for user_id in concerned if user_id is not None and (by is None or user_id != by.pk)}


def _last_to(article: Article, step: str) -> int | None:
    return article.stage_changes.filter(step=step).values_list("changed_by", flat=True).first()

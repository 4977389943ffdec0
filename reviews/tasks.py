"""Which work of the desk happens later or by itself? Each task fetches, calls its service, and ends."""

from __future__ import annotations

from smtplib import SMTPException
from typing import TYPE_CHECKING

from celery import shared_task
from django.utils import timezone

from reviews.desk import findings_letter, letters, live_checks, steps
from reviews.services import (
    choice_walks,
    comment_follows,
    comment_leftovers,
    comment_letters,
    picture_leftovers,
    picture_sizes,
    row_change_months,
    spam_lessons,
    watch_letters,
    watches,
)

if TYPE_CHECKING:
    from celery import Task

# The first wait after a store of pictures did not answer; each further one is twice as long.
PICTURE_REST_SECONDS = 10
# A piece of the night's checks that waited longer is left to the next night.
LIVE_CHECKS_EXPIRE_SECONDS = 12 * 3600


@shared_task(bind=True, max_retries=5)
def make_picture_sizes(self: Task[[int], None], picture_id: int) -> None:
    try:
        picture_sizes.make_picture_sizes(picture_id=picture_id)
    except OSError as error:
        tried = self.request.retries
        picture_sizes.note_trouble(picture_id=picture_id, error=error, is_last=tried >= 5)
        raise self.retry(exc=error, countdown=PICTURE_REST_SECONDS * 2**tried) from error


@shared_task
def take_up_lost_pictures() -> None:
    for picture_id in picture_sizes.lost_pictures(now=timezone.now()):
        make_picture_sizes.apply_async((picture_id,), expires=300)


@shared_task
def tidy_picture_files() -> None:
    picture_leftovers.drop_forbidden_copies()
    picture_leftovers.delete_orphaned_files(now=timezone.now())


# A mail server that is away is tried again for about an hour: after 30 seconds, a minute, two …
MAIL_TROUBLE = (OSError, SMTPException)


@shared_task(autoretry_for=MAIL_TROUBLE, retry_backoff=30, retry_backoff_max=3600, max_retries=7)
def tell_of_step(change_id: int, user_id: int) -> None:
    letters.tell_of_step(change_id=change_id, user_id=user_id)


@shared_task(autoretry_for=MAIL_TROUBLE, retry_backoff=30, retry_backoff_max=3600, max_retries=7)
def tell_of_comment(comment_id: int, user_id: int) -> None:
    letters.tell_of_comment(comment_id=comment_id, user_id=user_id)


@shared_task
def publish_due_articles() -> None:
    steps.publish_due(now=timezone.now())


@shared_task
def expire_due_articles() -> None:
    steps.expire_due(now=timezone.now())


@shared_task
def check_live_articles() -> None:
    live_checks.close_findings(now=timezone.now())
    for article_ids in live_checks.live_chunks():
        check_articles.apply_async((article_ids,), expires=LIVE_CHECKS_EXPIRE_SECONDS)


@shared_task
def check_articles(article_ids: list[int]) -> None:
    live_checks.check_articles(article_ids=article_ids, now=timezone.now())


@shared_task
def send_findings_letter() -> None:
    findings_letter.send_findings_letter(now=timezone.now())


@shared_task
def evaluate_watches() -> None:
    while watches.evaluate_changed(now=timezone.now()):
        pass
    watch_letters.send_watch_letters(now=timezone.now())


@shared_task
def walk_all_choices(walk_id: int) -> None:
    choice_walks.make_walk(walk_id=walk_id, now=timezone.now())


@shared_task
def send_comment_letters() -> None:
    comment_letters.send_comment_letters(now=timezone.now())


@shared_task
def tell_of_comments() -> None:
    while comment_follows.tell_of_comments(now=timezone.now()):
        pass


@shared_task
def forget_comment_leftovers() -> None:
    comment_leftovers.forget_comment_leftovers(now=timezone.now())


@shared_task
def learn_spam() -> None:
    spam_lessons.learn_spam(now=timezone.now())


@shared_task
def tidy_row_changes() -> None:
    row_change_months.tidy_months(now=timezone.now())

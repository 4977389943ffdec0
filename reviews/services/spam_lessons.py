"""How do moderators' decisions become what is known about spam, and how is somebody's words taken out of it again?"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.db import transaction

from reviews.comments.spam_trial import tried
from reviews.comments.spam_words import RECIPE, Example, enough, learned, sums_of
from reviews.models import Comment, SpamExample, SpamLesson, SpamThreshold
from reviews.services.audit import write_log
from reviews.spam_filter import filter_in_force, words_key

if TYPE_CHECKING:
    from django.contrib.auth.models import User

# What spam looks like changes; a decision teaches for so long.
EXAMPLE_LIFE = timedelta(days=365)
# The figures of so many versions stay to be compared; only the newest is ever used.
LESSONS_KEPT = 20
_SAID = 500


class ThresholdError(Exception):
    """It was not chosen. The message says what would do."""


@transaction.atomic
def learn_spam(*, now: datetime) -> SpamLesson | None:
    """Gather what was decided since, learn from all of it, and look at what waits anew.

    A new version only where the examples are others than before; None where there are too few to say anything.
    """
    SpamExample.objects.filter(decided_at__lt=now - EXAMPLE_LIFE).delete()
    _gather(since=now - EXAMPLE_LIFE)
    lesson = _lesson(now)
    if lesson is not None:
        _judge_what_waits()
    return lesson


@transaction.atomic
def unlearn(*, address_key: str, now: datetime) -> int:
    """Take the comments of an address out of what was learned, all versions of it; how many there were.

    Before their rows lose the address. They teach nothing afterwards, though they stay under their articles.
    """
    taken, _ = SpamExample.objects.filter(comment__address_key=address_key).delete()
    Comment.objects.filter(address_key=address_key).update(teaches=False)
    if taken:
        SpamLesson.objects.all().delete()
        _lesson(now)
    return taken


@transaction.atomic
def choose_threshold(*, percent: int | None, by: User, now: datetime) -> SpamThreshold:
    """From this likeness on comments wait; None: for their words none does. Raises `ThresholdError`."""
    if percent is not None and not 51 <= percent <= 100:
        raise ThresholdError("Choose a likeness between 51 and 100 percent, or nothing at all.")
    row = SpamThreshold.objects.create(percent=percent, chosen_at=now, chosen_by=by)
    write_log(row, by, f"Comments wait from {percent} % on." if percent else "Comments no longer wait for their words.")
    return row


def _gather(*, since: datetime) -> None:
    """Readers' comments that a moderator approved or called spam; what was taken back teaches nothing."""
    decided = Comment.objects.filter(
        decided_by__isnull=False,
        decided_at__gte=since,
        user=None,
        teaches=True,
        state__in=[Comment.State.SPAM, Comment.State.SHOWN],
    )
    now_so = {
        pk: (state == Comment.State.SPAM, at) for pk, state, at in decided.values_list("pk", "state", "decided_at")
    }
    before = {
        pk: (is_spam, at)
        for pk, is_spam, at in SpamExample.objects.exclude(comment=None).values_list(
            "comment_id", "is_spam", "decided_at"
        )
    }
    SpamExample.objects.filter(comment__in=[pk for pk in before if before[pk] != now_so.get(pk)]).delete()
    fresh = sorted(pk for pk in now_so if before.get(pk) != now_so[pk])
    for begin in range(0, len(fresh), _SAID):
        rows = Comment.objects.filter(pk__in=fresh[begin : begin + _SAID])
        SpamExample.objects.bulk_create(
            SpamExample(
                comment=row,
                is_spam=row.state == Comment.State.SPAM,
                words=sorted(sums_of(f"{row.name}\n{row.text}", words_key())),
                decided_at=row.decided_at,
            )
            for row in rows
            if row.decided_at is not None
        )


def _lesson(now: datetime) -> SpamLesson | None:
    rows = SpamExample.objects.order_by("decided_at", "pk").values_list("is_spam", "words")
    examples = [Example(is_spam, frozenset(words)) for is_spam, words in rows]
    spam = sum(example.is_spam for example in examples)
    kept = len(examples) - spam
    if not enough(spam, kept):
        SpamLesson.objects.all().delete()
        return None
    key = _key(examples)
    newest = SpamLesson.objects.filter(recipe=RECIPE).first()
    if newest is not None and newest.examples_key == key:
        return newest
    lesson = SpamLesson.objects.create(
        made_at=now,
        recipe=RECIPE,
        spam=spam,
        kept=kept,
        weights={str(word): weight for word, weight in learned(examples).items()},
        trial=tried(examples).row(),
        examples_key=key,
    )
    stay = SpamLesson.objects.values_list("pk", flat=True)[:LESSONS_KEPT]
    SpamLesson.objects.exclude(pk__in=list(stay)).delete()
    SpamLesson.objects.exclude(pk=lesson.pk).update(weights={})
    return lesson


def _key(examples: Sequence[Example]) -> str:
    made = hashlib.blake2b(digest_size=16)
    for example in examples:
        made.update(f"{example.is_spam:d}{sorted(example.words)}".encode())
    return made.hexdigest()


def _judge_what_waits() -> None:
    """The queue's order by likeness follows what was learned; a comment that waits goes on waiting."""
    spam_filter = filter_in_force()
    waiting = list(Comment.objects.filter(state=Comment.State.HELD).only("pk", "name", "text"))
    for row in waiting:
        like = spam_filter.of(row.name, row.text)
        row.likeness = like.percent if like else None
    Comment.objects.bulk_update(waiting, ["likeness"], batch_size=_SAID)

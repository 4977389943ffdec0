"""What of comments and their senders is thrown away, and when?"""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta

from django.db import transaction

from reviews.models import Comment, CommentBan, CommentVote

# What was not shown can be taken back for so long; then its words and its sender's name are gone.
NOT_SHOWN_LIFE = timedelta(days=30)


@transaction.atomic
def forget_comment_leftovers(*, now: datetime) -> int:
    """Sums of networks and votes of days that are over (UTC), bans that ran out, comments that were not shown.

    How many rows that were. A deleted comment with answers that are shown nowhere goes with them.
    """
    today = datetime.combine(now.astimezone(UTC).date(), time.min, UTC)
    emptied = Comment.objects.exclude(network="").filter(written_at__lt=today).update(network="")
    votes, _ = CommentVote.objects.filter(day__lt=today.date()).delete()
    bans, _ = CommentBan.objects.filter(until__lte=now).delete()
    gone = (Comment.State.SPAM, Comment.State.REFUSED, Comment.State.DELETED)
    old, _ = Comment.objects.filter(state__in=gone, decided_at__lt=now - NOT_SHOWN_LIFE).delete()
    return emptied + votes + bans + old

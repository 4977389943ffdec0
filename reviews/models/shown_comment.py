"""Which comments have just become readable, so that who follows them can be told?"""

from __future__ import annotations

from django.db import models

from reviews.models.comment import Comment


class ShownComment(models.Model):
    """Written by a trigger in the transaction that shows a comment, whichever door it came by; gone once it is told."""

    comment = models.ForeignKey(
        Comment, on_delete=models.DO_NOTHING, db_constraint=False, db_index=False, related_name="+"
    )

    def __str__(self) -> str:
        return f"comment {self.comment_id}"

"""Which words of an article is a remark about, and where do they stand today?"""

from __future__ import annotations

from django.db import models

from reviews.models.comment import Comment
from reviews.models.revision import Revision


class CommentPassage(models.Model):
    """The words as they were marked never change; `now_…` is where they stood last, as of the revision `stood_in`.

    Offsets are in characters of a block's text (`reviews.passages.marked_words`).
    """

    class State(models.TextChoices):
        EXACT = "exact", "The same words"
        MOVED = "moved", "The same words, elsewhere"
        APPROXIMATE = "changed", "Reworded since"
        ORPHANED = "gone", "Not there any more"

    comment = models.OneToOneField(Comment, on_delete=models.CASCADE, related_name="passage")
    revision = models.ForeignKey(
        Revision, on_delete=models.CASCADE, related_name="+", help_text="What its writer was reading."
    )
    block = models.CharField(max_length=20)
    exact = models.TextField("Words")
    prefix = models.CharField(max_length=100, blank=True)
    suffix = models.CharField(max_length=100, blank=True)
    start = models.PositiveIntegerField()
    end = models.PositiveIntegerField()
    state = models.CharField("words today", max_length=7, choices=State, default=State.EXACT)
    stood_in = models.ForeignKey(Revision, on_delete=models.CASCADE, related_name="+")
    now_block = models.CharField(max_length=20)
    now_exact = models.TextField("Words now")
    now_prefix = models.CharField(max_length=100, blank=True)
    now_suffix = models.CharField(max_length=100, blank=True)
    now_start = models.PositiveIntegerField()
    now_end = models.PositiveIntegerField()
    confidence = models.FloatField(default=1.0, help_text="How sure we are of the place, from 0 to 1.")
    rank = models.PositiveIntegerField(default=0, help_text="Its order in the article: the number of its first word.")
    may_credit = models.BooleanField("May be thanked by name", default=False)

    class Meta:
        ordering = ["rank", "id"]
        verbose_name = "passage that was remarked on"
        verbose_name_plural = "passages that were remarked on"

    def __str__(self) -> str:
        return self.exact[:60]

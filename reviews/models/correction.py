"""What was wrong in an article, what is right, since when, and who told us?"""

from __future__ import annotations

from django.conf import settings
from django.db import models

from reviews.models.article import Article
from reviews.models.comment import Comment
from reviews.models.revision import Revision


class Correction(models.Model):
    """It is shown from the article's next publication on: `revision` is the one that readers saw it with first."""

    class Kind(models.TextChoices):
        FACTUAL = "factual", "A fact"
        MEASUREMENT = "measured", "A measurement"
        PRICE = "price", "A price"
        WORDING = "wording", "Wording"

    class Source(models.TextChoices):
        READER = "reader", "A reader told us"
        OURSELVES = "ourselves", "We found it ourselves"

    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="corrections")
    kind = models.CharField(max_length=8, choices=Kind, default=Kind.FACTUAL)
    passage = models.CharField(
        "The words that were wrong",
        max_length=300,
        blank=True,
        help_text="As they stood on the page. While they still stand in the working copy you are reminded.",
    )
    wrong = models.CharField("What was wrong", max_length=500, help_text="In a sentence that stands alone.")
    right = models.CharField("What is right now", max_length=500, help_text="In a sentence that stands alone.")
    day = models.DateField(
        "Corrected on", null=True, blank=True, help_text="Left empty, it is the day on which readers get it."
    )
    source = models.CharField("Who found it", max_length=9, choices=Source, default=Source.READER)
    credit = models.CharField(
        max_length=120, blank=True, help_text="The reader's name as they want it; empty: a reader without a name."
    )
    remark = models.ForeignKey(
        Comment, null=True, blank=True, editable=False, on_delete=models.SET_NULL, related_name="corrections"
    )
    revision = models.ForeignKey(
        Revision, null=True, blank=True, editable=False, on_delete=models.CASCADE, related_name="corrections"
    )
    created_at = models.DateTimeField(editable=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, editable=False, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta:
        ordering = ["-day", "-id"]
        indexes = [models.Index(fields=["-day", "-id"], name="correction_newest")]
        constraints = [
            models.CheckConstraint(
                name="correction_published_has_day",
                condition=models.Q(revision__isnull=True) | models.Q(day__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return self.right[:80]

    @property
    def is_published(self) -> bool:
        return self.revision_id is not None

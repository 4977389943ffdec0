"""What do moderators' decisions teach about spam, and from which likeness on does a comment wait?"""

from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models

from reviews.models.comment import Comment


class SpamExample(models.Model):
    """A comment a moderator decided about, as keyed sums of its words without their order.

    It outlives the comment's text, which goes after a month where it was spam, and is nobody's then.
    """

    comment = models.OneToOneField(
        Comment, null=True, blank=True, on_delete=models.SET_NULL, related_name="spam_example"
    )
    is_spam = models.BooleanField()
    words = ArrayField(models.BigIntegerField())
    decided_at = models.DateTimeField(db_index=True)

    class Meta:
        ordering = ["decided_at", "id"]

    def __str__(self) -> str:
        return f"{'spam' if self.is_spam else 'kept'}, decided {self.decided_at:%Y-%m-%d}"


class SpamLesson(models.Model):
    """What was learned from all examples of a moment. The newest is in force; none is changed."""

    made_at = models.DateTimeField()
    recipe = models.PositiveSmallIntegerField()
    spam = models.PositiveIntegerField(help_text="Comments that were spam.")
    kept = models.PositiveIntegerField(help_text="Comments that were approved.")
    weights = models.JSONField(help_text="By the sum of a word, what it says.")
    trial = models.JSONField(help_text="How like spam either kind was found by what was learned before it.")
    examples_key = models.CharField(max_length=32, help_text="The same for the same examples.")

    class Meta:
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"version {self.pk}"


class SpamThreshold(models.Model):
    """A moderator's choice. The newest counts; where there is none, or its percent is empty, nothing waits for it."""

    percent = models.PositiveSmallIntegerField(null=True, blank=True)
    chosen_at = models.DateTimeField()
    chosen_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                name="spam_threshold_is_a_percent",
                condition=models.Q(percent=None) | models.Q(percent__gt=50, percent__lte=100),
            )
        ]

    def __str__(self) -> str:
        return "off" if self.percent is None else f"from {self.percent} %"

"""What do the nightly checks say about an article that readers see?"""

from __future__ import annotations

from typing import Self

from django.db import models

from reviews.models.article import Article


class FindingQuerySet(models.QuerySet["Finding"]):
    def open(self) -> Self:
        """What the last look found, in articles that readers still see."""
        return self.filter(resolved_at__isnull=True, article__status=Article.Status.PUBLISHED)


class Finding(models.Model):
    """A check of the publish gate that a live page no longer passes. Resolved rows stay, for the history."""

    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="findings")
    check_key = models.CharField(max_length=40, help_text="A key of the publish gate's checks.")
    is_refusal = models.BooleanField(help_text="Would it keep the article from being published today?")
    block_number = models.PositiveIntegerField(null=True, blank=True)
    message = models.CharField(max_length=500)
    first_seen_at = models.DateTimeField()
    last_seen_at = models.DateTimeField()
    resolved_at = models.DateTimeField(null=True, blank=True)
    told_at = models.DateTimeField(null=True, blank=True, help_text="When a letter named it.")

    objects = FindingQuerySet.as_manager()

    class Meta:
        ordering = ["-is_refusal", "article", "block_number", "id"]
        indexes = [models.Index(fields=["article"], condition=models.Q(resolved_at__isnull=True), name="finding_open")]

    def __str__(self) -> str:
        return self.message[:80]

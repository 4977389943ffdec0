"""What happens to an article before readers see it: its steps, words about it, work that is not saved yet."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.urls import reverse

from reviews.models.article import Article


class DraftVersion(models.Model):
    """The working copy, frozen at a step: what was sent to review, what is scheduled, what a restore replaced,
    what a link to a preview shows.

    `content` has the form of `Revision.content`. Readers see revisions only.
    """

    class Why(models.TextChoices):
        REVIEW = "review", "Sent to review"
        SCHEDULED = "scheduled", "Scheduled"
        REPLACED = "replaced", "Replaced by restoring another"
        SHARED = "shared", "Given away as a preview"

    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="draft_versions")
    content = models.JSONField()
    why = models.CharField(max_length=9, choices=Why)
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta:
        ordering = ["-created_at", "-id"]

    def __str__(self) -> str:
        return f"{self.article}, {self.get_why_display().lower()} {self.created_at:%Y-%m-%d %H:%M}"


class StageChange(models.Model):
    """One step of an article, for its history and the mail about it. Never rewritten."""

    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="stage_changes")
    step = models.CharField(max_length=20, help_text="A key of reviews/steps.py.")
    changed_at = models.DateTimeField()
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    note = models.TextField(blank=True)

    class Meta:
        ordering = ["-changed_at", "-id"]

    def __str__(self) -> str:
        return f"{self.step} at {self.changed_at:%Y-%m-%d %H:%M}"


class DraftComment(models.Model):
    """What one editor says to another about the working copy, or about one block or passage of it."""

    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="draft_comments")
    parent = models.ForeignKey("self", null=True, blank=True, on_delete=models.CASCADE, related_name="answers")
    block_key = models.CharField(max_length=12, blank=True)
    quote = models.CharField(max_length=300, blank=True, help_text="The words it is about.")
    text = models.TextField(max_length=4000)
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    written_at = models.DateTimeField()
    resolved_at = models.DateTimeField(null=True, blank=True)
    resolved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta:
        ordering = ["written_at", "id"]

    def __str__(self) -> str:
        return self.text[:60]


class EditingSession(models.Model):
    """Somebody has an article open: since when, on which version, and what they typed that is not saved yet."""

    article = models.ForeignKey(
        Article, null=True, blank=True, on_delete=models.CASCADE, related_name="editing_sessions"
    )
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    opened_at = models.DateTimeField(null=True, blank=True, help_text="Empty once the page was left.")
    seen_at = models.DateTimeField()
    based_on = models.PositiveIntegerField(default=0, help_text="The article's version when it was opened.")
    form_data = models.JSONField(null=True, blank=True, help_text="The form as typed: names to lists of values.")
    kept_at = models.DateTimeField(null=True, blank=True, help_text="When form_data was last kept.")

    class Meta:
        ordering = ["-seen_at"]
        constraints = [
            models.UniqueConstraint(fields=["article", "user"], name="editing_session_once", nulls_distinct=False)
        ]

    def __str__(self) -> str:
        return f"{self.user} on {self.article or 'a new article'}"


class ArticleAddress(models.Model):
    """An address that readers knew an article by; it leads to today's for good."""

    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="former_addresses")
    kind = models.CharField(max_length=8, choices=Article.ArticleKind)
    slug = models.SlugField(max_length=140)
    left_at = models.DateTimeField()

    class Meta:
        verbose_name_plural = "article addresses"
        constraints = [models.UniqueConstraint(fields=["kind", "slug"], name="article_address_once")]

    def __str__(self) -> str:
        return f"{self.kind}/{self.slug}"

    def get_absolute_url(self) -> str:
        return reverse(f"article-{self.kind.replace('_', '-')}", kwargs={"slug": self.slug})

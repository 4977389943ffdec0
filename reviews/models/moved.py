"""What came from another system: addresses that readers still have, and what readers said there."""

from __future__ import annotations

from django.db import models

from reviews.models.article import Article


class FormerPath(models.Model):
    """A path of the site before it moved here. It leads to the article or the short link that took its place."""

    path = models.CharField(max_length=300, unique=True, help_text="With its first slash, without the last one.")
    article = models.ForeignKey(Article, null=True, blank=True, on_delete=models.CASCADE, related_name="former_paths")
    code = models.CharField(max_length=40, blank=True, help_text="The code of a short link (/go/…/).")

    class Meta:
        ordering = ["path"]
        constraints = [
            models.CheckConstraint(
                name="former_path_leads_to_one",
                condition=models.Q(article__isnull=False, code="")
                | (models.Q(article__isnull=True) & ~models.Q(code="")),
            )
        ]

    def __str__(self) -> str:
        return self.path


class MovedComment(models.Model):
    """What a reader wrote under an article on the old site. Kept as it was; nothing shows the address of a reader."""

    class State(models.TextChoices):
        APPROVED = "approved", "Approved"
        HELD = "held", "Waiting"
        SPAM = "spam", "Spam"
        REMOVED = "removed", "Removed"

    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="moved_comments")
    parent = models.ForeignKey("self", null=True, blank=True, on_delete=models.SET_NULL, related_name="answers")
    source_id = models.CharField(max_length=40, help_text="Its id on the old site.")
    name = models.CharField(max_length=120, blank=True)
    email = models.EmailField(blank=True)
    website = models.URLField(blank=True)
    text = models.TextField()
    written_at = models.DateTimeField(null=True, blank=True)
    state = models.CharField(max_length=8, choices=State)

    class Meta:
        ordering = ["written_at", "id"]
        constraints = [models.UniqueConstraint(fields=["article", "source_id"], name="moved_comment_once")]

    def __str__(self) -> str:
        return self.text[:60]

"""What came from another system: addresses that readers still have."""

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

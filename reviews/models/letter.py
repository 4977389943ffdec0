"""Which articles does an issue of the newsletter name, in which order, and with which words of the editor?"""

from __future__ import annotations

from django.db import models

from reviews.models.article import Article


class LetterArticle(models.Model):
    """One article in an issue. The issue itself is `readers.Issue`, which knows no articles."""

    issue = models.ForeignKey("readers.Issue", on_delete=models.CASCADE, related_name="articles")
    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="letters")
    position = models.PositiveSmallIntegerField(default=1, help_text="Small numbers stand first.")
    note = models.CharField(max_length=400, blank=True, help_text="Your own words about it; its standfirst follows.")

    class Meta:
        ordering = ["position", "pk"]
        constraints = [models.UniqueConstraint(fields=["issue", "article"], name="article_once_in_an_issue")]

    def __str__(self) -> str:
        return f"{self.article.title} in “{self.issue}”"

"""What exactly did readers see? A published article, frozen."""

from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.db import models

from catalog.models import Product
from reviews.models.article import Article
from reviews.models.picture import Picture
from reviews.models.search_words import SearchWords


class Revision(models.Model):
    """`content` is the article's own fields and its blocks as published; see `reviews/desk/publishing.py`."""

    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="revisions")
    number = models.PositiveIntegerField()
    content = models.JSONField()
    products = models.ManyToManyField(Product, through="RevisionProduct", related_name="revisions")
    pictures = models.ManyToManyField(Picture, through="RevisionPicture", related_name="revisions")
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    note = models.CharField(max_length=200, blank=True, help_text="What changed, for the public change log.")

    class Meta:
        ordering = ["-number"]
        constraints = [models.UniqueConstraint(fields=["article", "number"], name="revision_number_once")]
        indexes = [GinIndex(SearchWords("content"), name="revision_words")]

    def __str__(self) -> str:
        return f"{self.article}, revision {self.number}"


class RevisionProduct(models.Model):
    """A product that a published page shows. PROTECT: it cannot be deleted from under the page."""

    revision = models.ForeignKey(Revision, on_delete=models.CASCADE, related_name="revision_products")
    product = models.ForeignKey(Product, on_delete=models.PROTECT, related_name="revision_products")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["revision", "product"], name="revision_product_once")]

    def __str__(self) -> str:
        return f"{self.revision_id}: {self.product_id}"


class RevisionPicture(models.Model):
    """A picture that a published page shows. PROTECT, as above."""

    revision = models.ForeignKey(Revision, on_delete=models.CASCADE, related_name="revision_pictures")
    picture = models.ForeignKey(Picture, on_delete=models.PROTECT, related_name="revision_pictures")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["revision", "picture"], name="revision_picture_once")]

    def __str__(self) -> str:
        return f"{self.revision_id}: {self.picture_id}"

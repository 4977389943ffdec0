"""What in an article is true only as long as something else is, and is it still?"""

from __future__ import annotations

from django.conf import settings
from django.db import models

from catalog.models import Product
from reviews.models.article import Article


class Watch(models.Model):
    """A condition attached to a sentence or a block of an article ("under 50 dollars", "the cheapest here")."""

    class State(models.TextChoices):
        UNCHECKED = "unchecked", "Not looked at yet"
        HOLDS = "holds", "True"
        BROKEN = "broken", "No longer true"
        UNKNOWN = "unknown", "Cannot be told"

    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="watches")
    block_key = models.CharField(max_length=12, blank=True, help_text="The block it is about; empty: the article.")
    passage = models.CharField(max_length=300, blank=True, help_text="The words that would be wrong.")
    condition = models.CharField(max_length=30, help_text="A key of reviews/conditions.")
    parameters = models.JSONField(default=dict, blank=True, help_text="What the condition asks for, as its fields say.")
    products = models.ManyToManyField(Product, through="WatchProduct", related_name="watches")
    state = models.CharField(max_length=9, choices=State, default=State.UNCHECKED, editable=False)
    reason = models.CharField(max_length=300, blank=True, editable=False)
    since = models.DateTimeField(null=True, blank=True, editable=False, help_text="When it came into this state.")
    checked_at = models.DateTimeField(null=True, blank=True, editable=False)
    # The author heard that it broke, and has still to hear when it holds again.
    is_told_broken = models.BooleanField(default=False, editable=False)
    # Time alone can break it (an age, a season): when to look again though nothing changed.
    check_again_at = models.DateTimeField(null=True, blank=True, editable=False, db_index=True)
    created_at = models.DateTimeField(auto_now_add=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, editable=False, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta:
        ordering = ["article", "id"]
        verbose_name = "claim to watch"
        verbose_name_plural = "claims to watch"
        indexes = [
            models.Index(fields=["article"], condition=models.Q(state="broken"), name="watch_broken"),
        ]

    def __str__(self) -> str:
        return f"{self.condition}: {self.passage[:60]}"


class WatchEvent(models.Model):
    """A watch came into another state. Never rewritten but for when its author was told."""

    watch = models.ForeignKey(Watch, on_delete=models.CASCADE, related_name="events")
    at = models.DateTimeField()
    state = models.CharField(max_length=9, choices=Watch.State)
    reason = models.CharField(max_length=300, blank=True)
    is_mailable = models.BooleanField(
        default=False,
        help_text="May the reason go into a letter? Not where it quotes a shop that keeps prices from mail.",
    )
    is_to_be_told = models.BooleanField(default=False, help_text="A letter about it has still to go out.")
    told_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-at", "-id"]
        indexes = [models.Index(fields=["id"], condition=models.Q(is_to_be_told=True), name="watch_event_untold")]

    def __str__(self) -> str:
        return f"{self.watch_id} {self.state} at {self.at:%Y-%m-%d %H:%M}"


class WatchProduct(models.Model):
    """The first is the one spoken about; the others are what it is compared with."""

    watch = models.ForeignKey(Watch, on_delete=models.CASCADE, related_name="watch_products")
    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="watch_products")
    position = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["position", "id"]
        constraints = [models.UniqueConstraint(fields=["watch", "product"], name="watch_product_once")]

    def __str__(self) -> str:
        return f"{self.watch_id}: {self.product_id}"


class WatchChange(models.Model):
    """Something a watch may hang on has changed; the next look at the watches of this product takes the row away.

    Written by the database's triggers in the transaction of the change, whatever its door.
    """

    # Without a constraint: a trigger may write of a product that goes in the same transaction.
    product = models.ForeignKey(Product, on_delete=models.DO_NOTHING, db_constraint=False, related_name="+")
    changed_at = models.DateTimeField()

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return str(self.product_id)

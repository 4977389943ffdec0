"""What did an editor bring in from a file or a feed, how far is it, and what could not be taken?"""

from __future__ import annotations

from typing import Self

from django.core.files.storage import FileSystemStorage
from django.core.validators import FileExtensionValidator
from django.db import models

from catalog.models.merchant import Merchant
from catalog.models.product import Product
from catalog.reading import Condition


def private_files() -> FileSystemStorage:
    """Where uploads lie: never under an address of the site."""
    from django.conf import settings

    return FileSystemStorage(location=settings.DATA_DIR / "imports", base_url=None, file_permissions_mode=0o600)


class FeedImport(models.Model):
    class State(models.TextChoices):
        DRAFT = "draft", "Being set up"
        QUEUED = "queued", "Waiting for a worker"
        RUNNING = "running", "Running"
        DONE = "done", "Done"
        CANCELLED = "cancelled", "Cancelled"
        FAILED = "failed", "Failed"

    merchant = models.ForeignKey(Merchant, on_delete=models.PROTECT, related_name="feed_imports")
    file = models.FileField(
        upload_to="%Y/%m/",
        storage=private_files,
        blank=True,
        validators=[FileExtensionValidator(["csv", "tsv", "txt", "xml", "xlsx", "gz", "zip"])],
    )
    url = models.URLField(max_length=2000, blank=True)
    file_name = models.CharField(max_length=200, blank=True)
    sha256 = models.CharField(max_length=64, blank=True)

    # what it is: detected, and corrected by the editor
    format = models.CharField(max_length=10, blank=True)
    encoding = models.CharField(max_length=30, blank=True)
    delimiter = models.CharField(max_length=4, blank=True)
    currency = models.CharField(max_length=3, blank=True)
    # {"sku": "merchant_product_id", "price": "search_price", …}: our field to the feed's column
    mapping = models.JSONField(default=dict, blank=True)
    sample = models.JSONField(default=dict, blank=True)
    report = models.JSONField(default=dict, blank=True, help_text="What the dry run found.")

    # how far it is; `position` rows are stored for good, so that a resumed import goes on there
    state = models.CharField(max_length=10, choices=State, default=State.DRAFT)
    position = models.PositiveBigIntegerField(default=0)
    rows_total = models.PositiveBigIntegerField(null=True, blank=True)
    rows_matched = models.PositiveBigIntegerField(default=0)
    rows_doubtful = models.PositiveBigIntegerField(default=0)
    rows_unknown = models.PositiveBigIntegerField(default=0)
    rows_refused = models.PositiveBigIntegerField(default=0)
    offers_made = models.PositiveBigIntegerField(default=0)
    offers_changed = models.PositiveBigIntegerField(default=0)
    cancel_asked = models.BooleanField(default=False, editable=False)
    claimed_at = models.DateTimeField(null=True, blank=True, editable=False)
    error = models.TextField(blank=True)
    created_by = models.CharField(max_length=150, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    started_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return f"{self.merchant}: {self.file_name or self.url or 'import'}"


class ImportProblem(models.Model):
    """A row that was not taken, or a value in it. Kept up to a limit per import (`services.feed_imports`)."""

    feed_import = models.ForeignKey(FeedImport, on_delete=models.CASCADE, related_name="problems")
    row_number = models.PositiveBigIntegerField()
    field = models.CharField(max_length=40, blank=True)
    message = models.CharField(max_length=300)
    raw = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["row_number", "id"]
        indexes = [models.Index(fields=["feed_import", "row_number"], name="problem_of_import")]

    def __str__(self) -> str:
        return f"row {self.row_number}: {self.message}"


class DoubtfulMatchQuerySet(models.QuerySet["DoubtfulMatch"]):
    def open(self) -> Self:
        return self.filter(decision=DoubtfulMatch.Decision.OPEN)


class DoubtfulMatch(models.Model):
    """An item of a merchant that may be a product of ours: an editor says which, or that it is none."""

    class Decision(models.TextChoices):
        OPEN = "open", "Waits for an editor"
        MATCHED = "matched", "Is the product"
        DISMISSED = "dismissed", "Is none of ours"

    merchant = models.ForeignKey(Merchant, on_delete=models.CASCADE, related_name="doubtful_matches")
    feed_import = models.ForeignKey(
        FeedImport, on_delete=models.SET_NULL, null=True, blank=True, related_name="doubtful"
    )
    merchant_sku = models.CharField(max_length=120)
    condition = models.CharField(max_length=12, choices=[(c.value, c.label) for c in Condition])
    url = models.URLField(max_length=2000)
    title = models.CharField(max_length=300, blank=True)
    brand = models.CharField(max_length=100, blank=True)
    gtin = models.CharField(max_length=14, blank=True)
    mpn = models.CharField(max_length=100, blank=True)
    asin = models.CharField(max_length=10, blank=True)
    amount = models.DecimalField(max_digits=13, decimal_places=3, null=True, blank=True)
    currency = models.CharField(max_length=3, blank=True)
    # [{"product": 12, "score": 0.83, "why": "the GTIN of the box, another model number"}], best first
    candidates = models.JSONField(default=list, blank=True)
    decision = models.CharField(max_length=10, choices=Decision, default=Decision.OPEN)
    product = models.ForeignKey(Product, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    decided_by = models.CharField(max_length=150, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = DoubtfulMatchQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-id"]
        verbose_name_plural = "doubtful matches"
        constraints = [
            models.UniqueConstraint(fields=["merchant", "merchant_sku", "condition"], name="doubt_once_per_item")
        ]

    def __str__(self) -> str:
        return f"{self.title or self.merchant_sku} at {self.merchant}"


class ProductMerge(models.Model):
    """Two records of one thing became one. What moved is written down, so that it can be undone."""

    kept = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="merges")
    merged = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="merged_by")
    # {"offers": [ids], "codes": [ids]}: what the merged record had
    moved = models.JSONField(default=dict)
    merged_at = models.DateTimeField()
    merged_by = models.CharField(max_length=150, blank=True)
    undone_at = models.DateTimeField(null=True, blank=True)
    undone_by = models.CharField(max_length=150, blank=True)

    class Meta:
        ordering = ["-merged_at"]

    def __str__(self) -> str:
        return f"{self.merged} into {self.kept}"

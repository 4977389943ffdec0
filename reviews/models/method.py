"""How do we score: which criteria, how heavy for whom, and what did each product get?"""

from __future__ import annotations

from decimal import Decimal

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models

from catalog.models import Product
from reviews.models.author import Author


class MethodVersion(models.Model):
    """A scoring method as a whole. One is active; what was active is never changed, a new version replaces it."""

    class State(models.TextChoices):
        DRAFT = "draft", "Draft"
        ACTIVE = "active", "Active"
        RETIRED = "retired", "Retired"

    number = models.PositiveIntegerField(unique=True, editable=False)
    state = models.CharField(max_length=7, choices=State, default=State.DRAFT, editable=False)
    summary = models.TextField(help_text="How we test and score, for the public page of the method.")
    change_note = models.TextField(blank=True, help_text="What is different from the version before, and why. Public.")
    created_at = models.DateTimeField(auto_now_add=True)
    activated_at = models.DateTimeField(null=True, blank=True, editable=False)
    activated_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, editable=False, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["state"], condition=models.Q(state="active"), name="method_one_active")
        ]

    def __str__(self) -> str:
        return f"Method {self.number} ({self.get_state_display().lower()})"


class Criterion(models.Model):
    version = models.ForeignKey(MethodVersion, on_delete=models.CASCADE, related_name="criteria")
    key = models.SlugField(max_length=40)
    label = models.CharField(max_length=60)
    how = models.TextField(help_text="How it is judged or measured, for readers.")
    position = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["position", "id"]
        verbose_name_plural = "criteria"
        constraints = [models.UniqueConstraint(fields=["version", "key"], name="criterion_once")]

    def __str__(self) -> str:
        return self.label


class UseCase(models.Model):
    """For whom or what a product is judged: commuting, calls all day. Its weights are in `Weight`."""

    version = models.ForeignKey(MethodVersion, on_delete=models.CASCADE, related_name="use_cases")
    key = models.SlugField(max_length=40)
    label = models.CharField(max_length=60)
    position = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["position", "id"]
        constraints = [models.UniqueConstraint(fields=["version", "key"], name="use_case_once")]

    def __str__(self) -> str:
        return self.label


class Weight(models.Model):
    """How much a criterion counts for a use case; a criterion without a row, or with 0, does not count there."""

    use_case = models.ForeignKey(UseCase, on_delete=models.CASCADE, related_name="weights")
    criterion = models.ForeignKey(Criterion, on_delete=models.CASCADE, related_name="weights")
    weight = models.PositiveIntegerField(validators=[MaxValueValidator(100)])

    class Meta:
        ordering = ["criterion__position", "id"]
        constraints = [models.UniqueConstraint(fields=["use_case", "criterion"], name="weight_once")]

    def __str__(self) -> str:
        return f"{self.criterion}: {self.weight}"


class Score(models.Model):
    """What a product got on a criterion of one version of the method, out of 10, and on what evidence."""

    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="scores")
    criterion = models.ForeignKey(Criterion, on_delete=models.PROTECT, related_name="scores")
    value = models.DecimalField(
        max_digits=3, decimal_places=1, validators=[MinValueValidator(Decimal(0)), MaxValueValidator(Decimal(10))]
    )
    evidence = models.CharField(max_length=300, help_text="What was heard, measured or read.")
    evidence_url = models.URLField(blank=True)
    tester = models.ForeignKey(Author, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    scored_on = models.DateField()
    # Carried over from the version before, whose criterion was judged in another way: counts only once confirmed.
    is_confirmed = models.BooleanField(default=True)

    class Meta:
        ordering = ["criterion__position", "id"]
        constraints = [models.UniqueConstraint(fields=["product", "criterion"], name="score_once")]

    def __str__(self) -> str:
        return f"{self.product_id}, {self.criterion}: {self.value}"

"""Which reader wants to hear of which product's price or stock, and how does that stand?"""

from __future__ import annotations

from django.db import models

from catalog.alerting import AlertKind
from catalog.models.product import Product
from readers.models import Consent


class Alert(models.Model):
    """One wish. Whose it is, and whether it is confirmed or ended, its consent says."""

    consent = models.OneToOneField(Consent, on_delete=models.CASCADE, related_name="alert")
    product = models.ForeignKey(Product, null=True, blank=True, on_delete=models.SET_NULL, related_name="alerts")
    product_name = models.CharField(max_length=240, help_text="As it was called then: the record may go.")
    kind = models.CharField(max_length=5, choices=[(kind.value, kind.label) for kind in AlertKind])
    amount = models.DecimalField(max_digits=13, decimal_places=3, null=True, blank=True, help_text="At most this.")
    currency = models.CharField(max_length=3, blank=True)
    country = models.CharField(max_length=2, blank=True, help_text="ISO 3166: where to; empty: anywhere.")
    is_armed = models.BooleanField(default=True, help_text="Off: told, and not risen or sold out since.")
    base = models.DecimalField(
        max_digits=13, decimal_places=3, null=True, blank=True, help_text="The price last told, or a drop counts from."
    )
    was = models.DecimalField(max_digits=13, decimal_places=3, null=True, blank=True, help_text="Before that drop.")
    told_at = models.DateTimeField(null=True, blank=True)
    times_told = models.PositiveIntegerField(default=0)
    ended_at = models.DateTimeField(null=True, blank=True, help_text="When its product was gone.")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-created_at", "-pk"]
        verbose_name = "price or stock alert"
        constraints = [
            models.CheckConstraint(
                name="alert_asks_for_one_thing",
                condition=models.Q(kind="below", amount__gt=0, currency__regex=r"^[A-Z]{3}$")
                | models.Q(kind="drop", amount__isnull=True, currency__regex=r"^[A-Z]{3}$")
                | models.Q(kind="stock", amount__isnull=True, currency=""),
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.product_name}"


class AlertCheck(models.Model):
    """A product whose offers changed and that somebody wants to hear of. Written by triggers, gone when looked at."""

    product_id = models.BigIntegerField()

    def __str__(self) -> str:
        return f"product {self.product_id}"

"""Which pictures do we have, what do they show, and who gave them to us?"""

from __future__ import annotations

from decimal import Decimal

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models

from catalog.models import Merchant, Product

_SHARE = [MinValueValidator(Decimal(0)), MaxValueValidator(Decimal(1))]


class Picture(models.Model):
    """An uploaded picture. `original` is kept without its metadata; pages show its renditions once they are made."""

    class State(models.TextChoices):
        WAITING = "waiting", "Sizes are being made"
        READY = "ready", "Ready"
        FAILED = "failed", "Sizes could not be made"

    class Licence(models.TextChoices):
        OWN = "own", "Our own"
        PRESS = "press", "The maker's press picture, as its terms allow"
        PERMITTED = "permitted", "With the owner's permission"
        CC0 = "cc0", "Public domain (CC0)"
        CC_BY = "cc_by", "CC BY"
        CC_BY_SA = "cc_by_sa", "CC BY-SA"
        MERCHANT = "merchant", "A merchant's, as its programme allows"

    original = models.ImageField(upload_to="pictures/originals/", width_field="width", height_field="height")
    width = models.PositiveIntegerField(editable=False)
    height = models.PositiveIntegerField(editable=False)
    sha256 = models.CharField(max_length=64, unique=True, editable=False)
    alt = models.CharField(max_length=250, help_text="What it shows, for who cannot see it.")
    caption = models.CharField(max_length=300, blank=True)
    credit = models.CharField(max_length=120, blank=True)
    licence = models.CharField(max_length=9, choices=Licence, default=Licence.OWN)
    source_url = models.URLField(blank=True)
    merchant = models.ForeignKey(Merchant, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    product = models.ForeignKey(
        Product, null=True, blank=True, on_delete=models.SET_NULL, related_name="pictures", help_text="What it shows."
    )
    focus_x = models.DecimalField(max_digits=4, decimal_places=3, default=Decimal("0.5"), validators=_SHARE)
    focus_y = models.DecimalField(max_digits=4, decimal_places=3, default=Decimal("0.5"), validators=_SHARE)
    state = models.CharField(max_length=7, choices=State, default=State.WAITING, editable=False)
    state_reason = models.CharField(max_length=300, blank=True, editable=False)
    # [{"format": "avif", "ratio": "", "width": 640, "height": 427, "name": "pictures/…"}], made in the background
    renditions = models.JSONField(default=list, blank=True, editable=False)
    uploaded_at = models.DateTimeField(auto_now_add=True)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, editable=False, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta:
        ordering = ["-uploaded_at", "-id"]

    def __str__(self) -> str:
        return self.alt[:80] or f"Picture {self.pk}"

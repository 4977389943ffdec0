"""Which pictures do we have, what do they show, and who gave them to us?"""

from __future__ import annotations

from decimal import Decimal
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import ValidationError
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

    # Not an ImageField: that one opens the file whenever a row is read again, wherever it lies.
    original = models.FileField(upload_to="pictures/originals/", editable=False)
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

    def clean(self) -> None:
        """Whose it is, and whether they let us copy it (P18): asked of the merchant's terms, by name or by address."""
        self.alt = " ".join(self.alt.split())
        if not self.alt:
            raise ValidationError({"alt": "Say what the picture shows."})
        merchant = self.merchant or self._merchant_of_its_address()
        if merchant is None:
            if self.licence == self.Licence.MERCHANT:
                raise ValidationError({"merchant": "Say which merchant’s picture it is: its terms decide."})
            return
        if not merchant.terms.image_copies_allowed:
            raise ValidationError(
                {
                    "merchant": f"{merchant} does not allow copies of its pictures. Use a picture of our own or of the "
                    "maker’s press pages, or tick “image copies allowed” at the merchant once its programme says so."
                }
            )
        self.merchant, self.licence = merchant, self.Licence.MERCHANT

    def _merchant_of_its_address(self) -> Merchant | None:
        """The shop that owns the host, or one above it, that the picture came from."""
        host = (urlsplit(self.source_url).hostname or "").lower()
        parts = host.split(".")
        above = [".".join(parts[at:]) for at in range(len(parts) - 1)]
        return Merchant.objects.filter(hosts__overlap=above).order_by("pk").first() if host and above else None

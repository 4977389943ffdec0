"""How many of a merchant's readers met a price that was probably out of date, hour by hour?"""

from __future__ import annotations

from django.db import models

from catalog.models.merchant import Merchant


class FreshnessSample(models.Model):
    merchant = models.ForeignKey(Merchant, on_delete=models.CASCADE, related_name="freshness_samples")
    at = models.DateTimeField()
    stale_share = models.FloatField(
        help_text="Of click-weighted views: those that met a price older than its change interval."
    )
    wrong_share = models.FloatField(help_text="Of click-weighted views: the expected share that met a wrong price.")
    clicks_a_day = models.FloatField(help_text="The weight behind the shares.")

    class Meta:
        ordering = ["-at"]
        constraints = [models.UniqueConstraint(fields=["merchant", "at"], name="freshness_once_per_moment")]

    def __str__(self) -> str:
        return f"{self.merchant} at {self.at:%Y-%m-%d %H:%M}: {self.stale_share:.1%}"

"""What is left of a consent whose owner had everything erased: enough to answer a claim, too little to write to."""

from __future__ import annotations

from django.db import models


class ConsentProof(models.Model):
    """Without the address. Who names one can be told whether this is about it, for as long as claims can be made.

    Source: GDPR Art. 17(3)(e), kept for the defence of legal claims; German limitation is three years from the end of
    the year (BGB §§ 195, 199).
    """

    address_mark = models.CharField(max_length=64, db_index=True, help_text="A keyed sum of the address.")
    topic = models.CharField(max_length=40)
    wording_version = models.PositiveIntegerField()
    asked_at = models.DateTimeField()
    confirmed_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    erased_at = models.DateTimeField()

    class Meta:
        ordering = ["-erased_at"]

    def __str__(self) -> str:
        return f"{self.topic}, erased {self.erased_at:%Y-%m-%d}"

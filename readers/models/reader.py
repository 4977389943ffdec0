"""Whose address is this, and has its owner confirmed it?"""

from __future__ import annotations

from django.db import models
from django.db.models.functions import Lower


class Reader(models.Model):
    """One address, confirmed once for everything. Stored in lower case: nobody has two."""

    address = models.EmailField(unique=True)
    confirmed_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["address"]
        constraints = [
            models.CheckConstraint(name="reader_address_is_lower_case", condition=models.Q(address=Lower("address")))
        ]

    def __str__(self) -> str:
        return self.address

"""What did a merchant ask for an item, and when? Append-only: a reading is a fact about a moment."""

from __future__ import annotations

from django.db import models

from catalog.models.offer import Offer
from catalog.reading import Availability


class Verdict(models.TextChoices):
    ACCEPTED = "accepted", "Accepted"
    HELD = "held", "Held until a second look agrees"
    REJECTED = "rejected", "Rejected"


# The source of rows that take an editor's decision back (`services.price_decisions.undo_decision`).
UNDO = "undo"


class PriceQuerySet(models.QuerySet["Price"]):
    def accepted(self) -> PriceQuerySet:
        """Believed, and not taken back by an editor since."""
        undone = Price.objects.filter(
            offer=models.OuterRef("offer"),
            seen_at=models.OuterRef("seen_at"),
            source=UNDO,
            verdict=Verdict.REJECTED,
            id__gt=models.OuterRef("id"),
        )
        return self.filter(~models.Exists(undone), verdict=Verdict.ACCEPTED)


class Price(models.Model):
    """One reading that differed from the one before it. A database trigger refuses updates."""

    # Without an index of its own: every look by offer goes over the one that also has the time.
    offer = models.ForeignKey(Offer, on_delete=models.CASCADE, related_name="prices", db_index=False)
    amount = models.DecimalField(max_digits=13, decimal_places=3)
    currency = models.CharField(max_length=3)
    shipping_amount = models.DecimalField(max_digits=13, decimal_places=3, null=True, blank=True)
    availability = models.CharField(max_length=12, choices=[(a.value, a.label) for a in Availability])
    seen_at = models.DateTimeField()
    source = models.CharField(max_length=30)
    verdict = models.CharField(max_length=8, choices=Verdict, default=Verdict.ACCEPTED)
    reason = models.CharField(max_length=300, blank=True)
    raw = models.CharField(max_length=200, blank=True, help_text="What the merchant wrote, word for word.")
    decided_by = models.CharField(max_length=150, blank=True, help_text="The editor who decided; empty: the judge.")

    objects = PriceQuerySet.as_manager()

    class Meta:
        ordering = ["-seen_at", "-id"]
        indexes = [
            models.Index(fields=["offer", "-seen_at"], name="price_offer_seen"),
            # The few that an editor decided, for the list of the latest decisions; no reading of a worker is in it.
            models.Index(fields=["-id"], name="price_decided", condition=~models.Q(decided_by="")),
        ]
        constraints = [
            models.CheckConstraint(name="price_currency_is_iso", condition=models.Q(currency__regex=r"^[A-Z]{3}$")),
            models.UniqueConstraint(fields=["offer", "seen_at", "verdict"], name="price_once_per_moment"),
        ]

    def __str__(self) -> str:
        return f"{self.amount} {self.currency} at {self.seen_at:%Y-%m-%d %H:%M}"

"""Which merchant sells which product, and what did we last learn about it?"""

from __future__ import annotations

from datetime import datetime
from typing import Self

from django.db import models

from catalog import schedule, sources
from catalog.models.merchant import Merchant
from catalog.models.product import Product
from catalog.reading import Availability, Condition

# What `with_trouble` brings along.
TROUBLE_COLUMNS = ("link_state", "link_decision", "link_checked_at", "led_to")


class OfferQuerySet(models.QuerySet["Offer"]):
    def buyable(self) -> Self:
        """Offers a reader can act on: the merchant is active and the offer was not withdrawn."""
        return self.filter(merchant__is_active=True, withdrawn_at__isnull=True)

    def due(self, now: datetime) -> Self:
        return (
            self.buyable()
            .filter(next_check_at__lte=now)
            .filter(models.Q(merchant__paused_until__isnull=True) | models.Q(merchant__paused_until__lte=now))
            .exclude(merchant__source__in=sources.UNASKED)
        )

    def with_trouble(self) -> Self:
        """With what their destinations (`link_…`) say, and the merchant their links lead to meanwhile (`led_to`)."""
        led_away = Offer.objects.filter(
            pk=models.OuterRef("pk"), failovers_from__isnull=False, failovers_from__ended_at__isnull=True
        ).order_by()
        return self.annotate(
            link_state=models.F("destination__state"),
            link_decision=models.F("destination__decision"),
            link_checked_at=models.F("destination__checked_at"),
            led_to=models.Subquery(led_away.values("failovers_from__to_offer__merchant__name")[:1]),
        )


class Offer(models.Model):
    class State(models.TextChoices):
        """How the last look went. `UNREADABLE` says nothing about stock or price."""

        NEW = "new", "Not read yet"
        OK = "ok", "Read"
        UNREADABLE = "unreadable", "Could not be read"
        HELD = "held", "A reading waits for a second look"

    product = models.ForeignKey(Product, on_delete=models.PROTECT, related_name="offers")
    merchant = models.ForeignKey(Merchant, on_delete=models.PROTECT, related_name="offers")
    merchant_sku = models.CharField(max_length=120, help_text="The merchant's own id of the item, as in its feed.")
    url = models.URLField(max_length=2000, help_text="The item's page at the merchant, untagged.")
    condition = models.CharField(
        max_length=12, choices=[(c.value, c.label) for c in Condition], default=Condition.NEW.value
    )

    # the last good reading; amounts are in `currency`, never without it
    amount = models.DecimalField(max_digits=13, decimal_places=3, null=True, blank=True)
    currency = models.CharField(max_length=3, blank=True)
    shipping_amount = models.DecimalField(max_digits=13, decimal_places=3, null=True, blank=True)
    availability = models.CharField(
        max_length=12, choices=[(a.value, a.label) for a in Availability], default=Availability.UNKNOWN.value
    )
    seen_at = models.DateTimeField(null=True, blank=True, help_text="When amount and availability were last read.")

    days_seen = models.BigIntegerField(
        default=0,
        editable=False,
        help_text="On which of the last 62 days (UTC) a price was read: bit 0 is the day of seen_at (price_history).",
    )

    # the work of keeping it fresh
    state = models.CharField(max_length=12, choices=State, default=State.NEW)
    state_reason = models.CharField(max_length=300, blank=True)
    checked_at = models.DateTimeField(null=True, blank=True, help_text="When it was last tried, well or not.")
    next_check_at = models.DateTimeField(null=True, blank=True)
    claimed_at = models.DateTimeField(null=True, blank=True, editable=False)
    times_missing = models.PositiveSmallIntegerField(
        default=0, editable=False, help_text="How many times in a row a complete answer did not name it."
    )
    # How often its price changes, as far as its readings tell (a Gamma distribution; catalog/schedule.py), and how
    # many people click on it: where the next request matters most.
    rate_shape = models.FloatField(default=schedule.PRIOR.shape, editable=False)
    rate_days = models.FloatField(default=schedule.PRIOR.days, editable=False)
    click_weight = models.FloatField(default=schedule.UNCLICKED, editable=False, help_text="Clicks a day, smoothed.")
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    # Not a column: which version of the row a worker claimed (PostgreSQL's xmin); `services.claims` sets it.
    version: str | None = None

    objects = OfferQuerySet.as_manager()

    class Meta:
        ordering = ["product", "merchant"]
        indexes = [
            # What a worker asks for: the merchant's offers that wait longest.
            models.Index(
                fields=["merchant", "next_check_at"], name="offer_due", condition=models.Q(withdrawn_at__isnull=True)
            )
        ]
        constraints = [
            models.UniqueConstraint(fields=["merchant", "merchant_sku", "condition"], name="offer_once_per_merchant"),
            models.CheckConstraint(
                name="offer_amount_has_currency",
                condition=models.Q(amount__isnull=True, currency="")
                | models.Q(amount__gt=0, currency__regex=r"^[A-Z]{3}$", seen_at__isnull=False),
                violation_error_message="An amount needs a currency and the time it was read.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.product} at {self.merchant}"

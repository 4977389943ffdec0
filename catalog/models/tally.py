"""How many clicks and page views were there on a day, from each side one may look at them?"""

from __future__ import annotations

from django.contrib.postgres.indexes import OpClass
from django.db import models


class ClickTally(models.Model):
    """Clicks of one day (in the site's time zone) that share one thing. Kept up as clicks are stored."""

    class Dimension(models.TextChoices):
        TOTAL = "total", "Whole site"
        LINK = "link", "Link"
        ROUTE = "route", "Route"
        OFFER = "offer", "Offer"
        MERCHANT = "merchant", "Merchant"
        PRODUCT = "product", "Product"
        PAGE = "page", "Page"
        BLOCK = "block", "Block"
        PLACE = "place", "Place"
        COUNTRY = "country", "Country"
        FORM = "form", "Device"

    day = models.DateField()
    dimension = models.CharField(max_length=8, choices=Dimension)
    key = models.CharField(max_length=60, blank=True)
    clicks = models.PositiveIntegerField(default=0, help_text="Everything that was recorded.")
    net_clicks = models.PositiveIntegerField(
        default=0, help_text="People's, without staff, prefetches and repeats within an hour."
    )

    class Meta:
        verbose_name = "click report"
        ordering = ["day", "dimension", "key"]
        constraints = [models.UniqueConstraint(fields=["dimension", "day", "key"], name="click_tally_once")]
        indexes = [
            # One thing, or all that begins so, over many days.
            models.Index("dimension", OpClass("key", "varchar_pattern_ops"), "day", name="click_tally_by_key")
        ]

    def __str__(self) -> str:
        return f"{self.day} {self.dimension} {self.key}: {self.net_clicks} of {self.clicks}"


class ClickMonth(models.Model):
    """The days' tallies of a month together, so that long windows read little. Triggers of the database keep it so."""

    month = models.DateField(help_text="Its first day.")
    dimension = models.CharField(max_length=8, choices=ClickTally.Dimension)
    key = models.CharField(max_length=60, blank=True)
    clicks = models.PositiveIntegerField(default=0)
    net_clicks = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["month", "dimension", "key"]
        constraints = [models.UniqueConstraint(fields=["dimension", "month", "key"], name="click_month_once")]

    def __str__(self) -> str:
        return f"{self.month:%Y-%m} {self.dimension} {self.key}: {self.net_clicks} of {self.clicks}"


class ViewTally(models.Model):
    """How often a page was given out on a day (in the site's time zone)."""

    day = models.DateField()
    path = models.CharField(max_length=300)
    views = models.PositiveIntegerField(default=0)
    net_views = models.PositiveIntegerField(default=0, help_text="Without machines and staff.")

    class Meta:
        ordering = ["day", "path"]
        constraints = [models.UniqueConstraint(fields=["day", "path"], name="view_tally_once")]

    def __str__(self) -> str:
        return f"{self.day} {self.path}: {self.net_views} of {self.views}"


class DailySalt(models.Model):
    """What visits of one day are hashed with, so that repeats are found. Thrown away with its day (L10)."""

    day = models.DateField(primary_key=True)
    salt = models.BinaryField(max_length=32)

    class Meta:
        ordering = ["day"]

    def __str__(self) -> str:
        return f"{self.day}"

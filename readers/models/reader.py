"""Whose address is this, has its owner confirmed it, and may we write there?"""

from __future__ import annotations

from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models.functions import Lower

from readers.consent import Rhythm
from readers.digest import WEEKDAYS, NewsRhythm


def masked(address: str) -> str:
    """`a…@mail.example`: enough to tell two apart, too little to write to."""
    name, _, domain = address.rpartition("@")
    return f"{name[:1]}…@{domain}"


class Reader(models.Model):
    """One address, confirmed once for everything. Stored in lower case: nobody has two."""

    class Suppression(models.TextChoices):
        """Why nothing is sent there."""

        BOUNCE = "bounce", "The mailbox does not exist"
        COMPLAINT = "complaint", "Marked as unwanted"

    address = models.EmailField(unique=True)
    confirmed_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    rhythm = models.CharField(max_length=8, choices=[(one.value, one.label) for one in Rhythm], default=Rhythm.EACH)
    news_rhythm = models.CharField(
        max_length=8, choices=[(one.value, one.label) for one in NewsRhythm], default=NewsRhythm.AT_ONCE
    )
    news_hour = models.PositiveSmallIntegerField(
        default=8, validators=[MaxValueValidator(23)], help_text="Of the site’s time zone, for news that is gathered."
    )
    news_weekday = models.PositiveSmallIntegerField(
        default=0,
        db_default=0,
        choices=list(enumerate(WEEKDAYS)),
        validators=[MaxValueValidator(6)],
        help_text="Of a weekly letter of news.",
    )
    # Raised to make every link to the preference page that was ever mailed useless.
    link_version = models.PositiveIntegerField(default=0, editable=False)
    link_sent_at = models.DateTimeField(null=True, blank=True, editable=False)
    suppressed_at = models.DateTimeField(null=True, blank=True)
    suppressed_because = models.CharField(max_length=9, choices=Suppression, blank=True)

    class Meta:
        ordering = ["address"]
        constraints = [
            models.CheckConstraint(name="reader_address_is_lower_case", condition=models.Q(address=Lower("address"))),
            models.CheckConstraint(name="reader_news_hour_is_one", condition=models.Q(news_hour__lte=23)),
            models.CheckConstraint(name="reader_news_weekday_is_one", condition=models.Q(news_weekday__lte=6)),
        ]

    def __str__(self) -> str:
        return self.address

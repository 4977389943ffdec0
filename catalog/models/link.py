"""Where does `/go/<code>/` lead, for whom, and until when?"""

from __future__ import annotations

from typing import Self

from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models.functions import Now
from django.urls import reverse

from catalog.models.offer import Offer


class LinkQuerySet(models.QuerySet["Link"]):
    def lasting_first(self) -> Self:
        """The oldest first; those that have ended, by date or by clicks, after all others."""
        has_ended = models.Q(expired_at__isnull=False) | models.Q(expires_at__lte=Now())
        return self.order_by(models.Case(models.When(has_ended, then=1), default=0), "pk")


class Link(models.Model):
    """A short address of ours for one offer. The target is built from the offer, so it cannot be somebody else's."""

    class Redirect(models.IntegerChoices):
        FOUND = 302, "302 (not cached)"
        MOVED = 301, "301 (cached by browsers: later clicks are not seen)"
        TEMPORARY = 307, "307"

    code = models.SlugField(max_length=40, unique=True)
    offer = models.ForeignKey(
        Offer, on_delete=models.CASCADE, related_name="links", help_text="Where it leads when no route decides."
    )
    redirect_status = models.PositiveSmallIntegerField(choices=Redirect, default=Redirect.FOUND)
    is_active = models.BooleanField(default=True)
    expires_at = models.DateTimeField(null=True, blank=True, help_text="From then on it leads to its fallback.")
    expires_after_clicks = models.PositiveIntegerField(
        null=True,
        blank=True,
        help_text="After so many net clicks it leads to its fallback; counted as they are stored.",
    )
    expired_at = models.DateTimeField(null=True, blank=True, editable=False, help_text="When its clicks were used up.")
    fallback_path = models.CharField(
        max_length=300,
        blank=True,
        help_text="The page of ours an expired link leads to, for example /guides/. Empty: the product's page.",
    )
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    objects = LinkQuerySet.as_manager()

    class Meta:
        ordering = ["code"]
        indexes = [
            models.Index(
                fields=["code"],
                name="link_counts_down",
                condition=models.Q(expires_after_clicks__isnull=False, expired_at__isnull=True),
            )
        ]

    def __str__(self) -> str:
        return f"/go/{self.code}/"

    def get_absolute_url(self) -> str:
        return reverse("go", kwargs={"code": self.code})


class LinkRoute(models.Model):
    """One way a link can lead (`catalog/links/routing.py` decides).

    The lowest position with a route that fits the visitor decides; among its fitting routes the weights do. An empty
    condition fits everybody.
    """

    link = models.ForeignKey(Link, on_delete=models.CASCADE, related_name="routes")
    position = models.PositiveSmallIntegerField(default=1, help_text="Lower ones are asked first; equal ones share.")
    name = models.CharField(max_length=40, blank=True, help_text="What reports call it, for example “summer sale”.")
    offer = models.ForeignKey(Offer, on_delete=models.CASCADE, related_name="routes")
    weight = models.PositiveSmallIntegerField(
        default=1, validators=[MaxValueValidator(1000)], help_text="Its share among equals; 0 switches it off."
    )
    countries = ArrayField(models.CharField(max_length=2), default=list, blank=True, help_text="ISO 3166: DE, AT")
    forms = ArrayField(models.CharField(max_length=8), default=list, blank=True, help_text="phone, tablet, desktop")
    systems = ArrayField(
        models.CharField(max_length=8), default=list, blank=True, help_text="ios, android, windows, macos, linux"
    )
    languages = ArrayField(models.CharField(max_length=3), default=list, blank=True, help_text="ISO 639: de, fr")
    weekdays = ArrayField(models.PositiveSmallIntegerField(), default=list, blank=True, help_text="1 Monday … 7 Sunday")
    from_time = models.TimeField(null=True, blank=True)
    until_time = models.TimeField(null=True, blank=True, help_text="Earlier than “from”: over midnight.")
    time_zone = models.CharField(max_length=40, default="UTC", help_text="Of the weekdays and times: Europe/Berlin")
    starts_at = models.DateTimeField(null=True, blank=True)
    ends_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["link", "position", "pk"]
        constraints = [
            models.CheckConstraint(
                name="route_times_come_in_pairs",
                condition=models.Q(from_time__isnull=True, until_time__isnull=True)
                | models.Q(from_time__isnull=False, until_time__isnull=False),
                violation_error_message="Give both times of the day or neither.",
            ),
            models.CheckConstraint(
                name="route_ends_after_it_starts",
                condition=models.Q(starts_at__isnull=True)
                | models.Q(ends_at__isnull=True)
                | models.Q(ends_at__gt=models.F("starts_at")),
                violation_error_message="It ends before it starts.",
            ),
        ]

    def __str__(self) -> str:
        return self.name or f"{self.link}, route {self.position}"

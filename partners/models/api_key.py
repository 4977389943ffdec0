"""Which keys let other people's machines in, what may be done with each, and until when?"""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q


class ApiKey(models.Model):
    """A partner's way in. Of the key itself only a digest is stored; `prefix` is its beginning, by which it is found.

    A rotated key keeps its row, scopes and history: until `former_until` the former secret opens as well.
    """

    name = models.CharField(max_length=80, unique=True, help_text="Whose it is and for what, in your own words.")
    contact = models.CharField(
        max_length=120, blank=True, help_text="Whom to ask before it ends: a team or an office rather than a person."
    )
    scopes = ArrayField(models.CharField(max_length=40), verbose_name="may")
    prefix = models.CharField("begins with", max_length=8, unique=True, editable=False)
    digest = models.CharField(max_length=150, editable=False)
    former_prefix = models.CharField(max_length=8, blank=True, editable=False)
    former_digest = models.CharField(max_length=150, blank=True, editable=False)
    former_until = models.DateTimeField(null=True, blank=True, editable=False)
    expires_at = models.DateTimeField("ends")
    revoked_at = models.DateTimeField("revoked", null=True, blank=True, editable=False)
    # To the day: that a key is still in use can be seen, not when its owner's machines work.
    last_used_on = models.DateField("last used", null=True, blank=True, editable=False)
    created_at = models.DateTimeField("made", auto_now_add=True)
    # Whoever handed it out is told before it ends.
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, editable=False, related_name="+"
    )
    # Of which end a letter was sent, and how many days before: given more time, a key has another end.
    told_of_end = models.DateTimeField(null=True, editable=False)
    told_days_before = models.PositiveSmallIntegerField(null=True, editable=False)

    # No columns: the secret on its way from being made to being shown, and until when the secret that was sent opens.
    shown_once: str = ""
    opens_until: datetime | None = None

    class Meta:
        ordering = ["name"]
        verbose_name = "API key"
        constraints = [
            models.UniqueConstraint(
                fields=["former_prefix"], name="api_key_former_prefix", condition=~Q(former_prefix="")
            ),
            models.CheckConstraint(
                name="api_key_former_is_whole",
                condition=Q(former_prefix="", former_digest="", former_until__isnull=True)
                | (~Q(former_prefix="") & ~Q(former_digest="") & Q(former_until__isnull=False)),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.prefix}…)"

    def is_open(self, now: datetime) -> bool:
        """Whether it lets anybody in at `now`."""
        return self.revoked_at is None and now < self.expires_at

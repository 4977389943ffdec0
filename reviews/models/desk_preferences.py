"""What does one colleague want of the desk?"""

from __future__ import annotations

from django.conf import settings
from django.db import models


class DeskPreferences(models.Model):
    """Who has no row wants mail."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, primary_key=True, related_name="desk_preferences"
    )
    wants_mail = models.BooleanField(
        default=True,
        verbose_name="Mail me about articles",
        help_text="When an article of mine, or one I was asked about, takes a step, and when somebody comments on it.",
    )

    class Meta:
        verbose_name_plural = "desk preferences"

    def __str__(self) -> str:
        return f"{self.user}: {'mail' if self.wants_mail else 'no mail'}"

"""What did a reader agree to, when, where, and in which words? The proof that a mail was wanted."""

from __future__ import annotations

import secrets

from django.db import models

from readers.models.reader import Reader


def new_key() -> str:
    return secrets.token_urlsafe(24)


class Consent(models.Model):
    """One question about one topic. Withdrawing keeps the row: the proof outlives the wish."""

    class How(models.TextChoices):
        FORM = "form", "Form and the mail's button"
        PREFERENCES = "preferences", "Preference page"

    reader = models.ForeignKey(Reader, on_delete=models.CASCADE, related_name="consents")
    topic = models.CharField(max_length=40)
    wording = models.TextField(help_text="The text as it stood beside the form.")
    wording_version = models.PositiveIntegerField()
    asked_on = models.CharField(max_length=200, help_text="The page the form stood on.")
    asked_at = models.DateTimeField()
    how = models.CharField(
        max_length=11,
        choices=How,
        default=How.FORM,
        help_text="By the form, confirmed by the mail's button, or on the preference page behind a mailed link.",
    )
    key = models.CharField(max_length=40, unique=True, default=new_key, editable=False)
    confirmed_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-asked_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["reader", "topic"],
                condition=models.Q(confirmed_at__isnull=False, withdrawn_at__isnull=True),
                name="consent_in_force_once",
            )
        ]

    def __str__(self) -> str:
        return f"{self.topic} for {self.reader_id}"

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
        KNOWN = "known", "Form, at an address confirmed before"

    reader = models.ForeignKey(Reader, on_delete=models.CASCADE, related_name="consents")
    topic = models.CharField(max_length=40)
    label = models.CharField(
        max_length=160, blank=True, help_text="What it is called, where it is no topic of letters."
    )
    wording = models.TextField(help_text="The text as it stood beside the form.")
    wording_version = models.PositiveIntegerField()
    asked_on = models.CharField(max_length=200, help_text="The page the form stood on.")
    asked_at = models.DateTimeField()
    how = models.CharField(
        max_length=11,
        choices=How,
        default=How.FORM,
        help_text=(
            "By the form, confirmed by the mail's button; on the preference page behind a mailed link; or, for what is "
            "followed, by the form at an address that its owner had confirmed."
        ),
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
        indexes = [
            models.Index(
                fields=["topic"],
                name="consent_topic_in_force",
                condition=models.Q(confirmed_at__isnull=False, withdrawn_at__isnull=True),
            )
        ]

    def __str__(self) -> str:
        return f"{self.topic} for {self.reader_id}"

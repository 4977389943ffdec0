"""What waits to be told to a reader, and in which letter did it go?"""

from __future__ import annotations

from django.db import models

from readers.models.consent import Consent
from readers.models.reader import Reader


class NewsLetter(models.Model):
    """One letter of news to one reader. `CLAIMED` is committed before it is made, `SENDING` before the mail server
    hears of it, `SENT` after its 250; what a dead sender left in between is `UNSURE` and not sent again.
    """

    class State(models.TextChoices):
        CLAIMED = "claimed", "Is next"
        SENDING = "sending", "Being handed over"
        SENT = "sent", "Taken by the mail server"
        UNSURE = "unsure", "Unsure: the sender stopped in between"
        REFUSED = "refused", "Refused by the mail server"
        EMPTY = "empty", "Not sent: nothing was left to tell"

    reader = models.ForeignKey(Reader, on_delete=models.CASCADE, related_name="news_letters")
    state = models.CharField(max_length=8, choices=State, default=State.CLAIMED)
    made_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True, blank=True)
    not_before = models.DateTimeField(null=True, blank=True)
    tries = models.PositiveSmallIntegerField(default=0)
    reply = models.CharField(max_length=200, blank=True, help_text="What the mail server said, without the address.")

    class Meta:
        ordering = ["-made_at", "-pk"]
        verbose_name = "letter of news"
        verbose_name_plural = "letters of news"
        indexes = [
            models.Index(fields=["reader", "-made_at"], name="newsletter_reader_made"),
            models.Index(fields=["id"], name="newsletter_open", condition=models.Q(state__in=["claimed", "sending"])),
        ]

    def __str__(self) -> str:
        return f"News for reader {self.reader_id} of {self.made_at:%Y-%m-%d %H:%M}"


class News(models.Model):
    """Something happened that a reader asked to hear of: `kind` and `ref` are its teller's (`readers.news`)."""

    reader = models.ForeignKey(Reader, on_delete=models.CASCADE, related_name="news")
    consent = models.ForeignKey(Consent, on_delete=models.CASCADE, related_name="news")
    kind = models.CharField(max_length=20)
    ref = models.CharField(max_length=60)
    noted_at = models.DateTimeField()
    letter = models.ForeignKey(NewsLetter, null=True, blank=True, on_delete=models.CASCADE, related_name="news")

    class Meta:
        ordering = ["noted_at", "pk"]
        verbose_name_plural = "news"
        constraints = [models.UniqueConstraint(fields=["reader", "kind", "ref"], name="news_once_each")]
        indexes = [
            models.Index(fields=["reader", "noted_at"], name="news_waiting", condition=models.Q(letter__isnull=True))
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.ref} for reader {self.reader_id}"

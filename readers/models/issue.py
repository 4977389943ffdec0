"""What is one letter to all readers of a topic, how far is it, and what became of each copy?"""

from __future__ import annotations

from django.conf import settings
from django.db import models

from readers.consent import TOPICS
from readers.models.consent import Consent
from readers.models.reader import Reader


class Issue(models.Model):
    """One letter. Its parts are plain data: which articles they came from only the app above knows."""

    class State(models.TextChoices):
        DRAFT = "draft", "Draft"
        SCHEDULED = "scheduled", "Scheduled"
        SENDING = "sending", "Being sent"
        PAUSED = "paused", "Paused"
        DONE = "done", "Sent"
        CANCELLED = "cancelled", "Cancelled"

    topic = models.CharField(max_length=40, choices=[(topic.key, topic.label) for topic in TOPICS.values()])
    subject = models.CharField(max_length=120)
    intro = models.TextField(blank=True, max_length=4000, help_text="Your own words above the articles. Plain text.")
    parts = models.JSONField(default=list, editable=False, help_text="As they were when it was scheduled.")
    state = models.CharField(max_length=9, choices=State, default=State.DRAFT, editable=False)
    due_at = models.DateTimeField(null=True, blank=True, editable=False)
    started_at = models.DateTimeField(null=True, blank=True, editable=False)
    finished_at = models.DateTimeField(null=True, blank=True, editable=False)
    note = models.CharField(max_length=400, blank=True, editable=False, help_text="Why it stopped by itself.")
    created_at = models.DateTimeField(auto_now_add=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, editable=False, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta:
        ordering = ["-created_at", "-pk"]
        permissions = [("send_issue", "Can send issues to readers")]

    def __str__(self) -> str:
        return self.subject


class Delivery(models.Model):
    """One copy of an issue for one reader. A batch is `CLAIMED` and committed to the disk before any of it leaves; then
    each is `SENDING` before the mail server is told, `SENT` after its 250.

    A worker that died between the last two leaves a copy of which nobody knows: it becomes `UNSURE` and is not sent
    again.
    """

    class State(models.TextChoices):
        WAITING = "waiting", "Waits"
        CLAIMED = "claimed", "Is next"
        SENDING = "sending", "Being handed over"
        SENT = "sent", "Taken by the mail server"
        UNSURE = "unsure", "Unsure: the sender stopped in between"
        REFUSED = "refused", "Refused by the mail server"
        LEFT = "left", "Not sent: the reader has left or cannot be reached"
        CANCELLED = "cancelled", "Not sent: cancelled"

    NOT_BEGUN = (State.WAITING, State.CLAIMED)

    issue = models.ForeignKey(Issue, on_delete=models.CASCADE, related_name="deliveries")
    reader = models.ForeignKey(Reader, on_delete=models.CASCADE, related_name="deliveries")
    consent = models.ForeignKey(Consent, on_delete=models.CASCADE, related_name="deliveries")
    state = models.CharField(max_length=9, choices=State, default=State.WAITING)
    claimed_at = models.DateTimeField(null=True, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    not_before = models.DateTimeField(null=True, blank=True)
    tries = models.PositiveSmallIntegerField(default=0)
    reply = models.CharField(max_length=200, blank=True, help_text="What the mail server said, without the address.")

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["issue", "reader"], name="one_copy_of_an_issue_each")]
        indexes = [
            models.Index(fields=["issue", "state", "id"], name="delivery_issue_state"),
            models.Index(fields=["claimed_at"], name="delivery_claimed", condition=models.Q(claimed_at__isnull=False)),
        ]

    def __str__(self) -> str:
        return f"{self.issue_id} to reader {self.reader_id}: {self.state}"


class SenderMark(models.Model):
    """That somebody began to send an issue and the database has not crashed since.

    The table is not logged: PostgreSQL empties it after a crash, which may have swallowed the last marks of copies.
    """

    issue = models.OneToOneField(Issue, on_delete=models.CASCADE, related_name="sender_mark")

    def __str__(self) -> str:
        return f"sender of {self.issue_id}"

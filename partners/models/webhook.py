"""Where are other people's machines told of what happens here, what waits to be told, and how did it go?"""

from __future__ import annotations

import secrets
import uuid

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Now

SALT_BYTES = 24


def new_salt() -> str:
    """What a secret is made of, beside the site's own key: two webhooks never share one."""
    return secrets.token_hex(SALT_BYTES)


def new_message_id() -> str:
    """As Standard Webhooks writes it. The same message keeps it, however often it is sent."""
    return f"msg_{uuid.uuid4().hex}"


class Webhook(models.Model):
    """An address of a partner's, and what they want to be told there.

    No secret is stored: it is made of the salt and SECRET_KEY (`services.webhook_signing`). Until `former_until`
    messages are signed with the former one too.
    """

    name = models.CharField(max_length=80, unique=True, help_text="Whose it is, in your own words.")
    address = models.CharField(
        max_length=500, help_text="Where messages are posted to: https, without a user name, nothing secret in it."
    )
    kinds = ArrayField(models.CharField(max_length=40), default=list, blank=True, verbose_name="tells of")
    is_active = models.BooleanField("active", default=True, help_text="Off: messages wait up to three days.")
    salt = models.CharField(max_length=64, default=new_salt, editable=False)
    former_salt = models.CharField(max_length=64, blank=True, editable=False)
    former_until = models.DateTimeField(null=True, blank=True, editable=False)
    failures = models.PositiveIntegerField(default=0, editable=False, help_text="In a row.")
    paused_because = models.CharField(max_length=300, blank=True, editable=False)
    # A run of the worker has it until then, or it rests after a failure.
    busy_until = models.DateTimeField(null=True, blank=True, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class WebhookEvent(models.Model):
    """Something happened that somebody wants to be told of; written in the transaction in which it happened.

    Triggers write here too (`catalog/migrations`), hence the database's own clock.
    """

    kind = models.CharField(max_length=40)
    subject = models.CharField(max_length=80, help_text="The kind's own key (`partners.events`).")
    happened_at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.kind} {self.subject}"


class WebhookDelivery(models.Model):
    """One message to one webhook. Its bytes are made once; each try signs them anew with its own time."""

    class State(models.TextChoices):
        WAITING = "waiting", "Waiting"
        DELIVERED = "delivered", "Delivered"
        DEAD = "dead", "Given up"

    webhook = models.ForeignKey(Webhook, on_delete=models.CASCADE, related_name="deliveries")
    message_id = models.CharField(max_length=40, unique=True, default=new_message_id)
    kind = models.CharField(max_length=40)
    body = models.TextField()
    state = models.CharField(max_length=9, choices=State, default=State.WAITING)
    tries = models.PositiveSmallIntegerField(default=0)
    next_at = models.DateTimeField(help_text="Not before this; while it is being sent, when it counts as lost.")
    made_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-pk"]
        verbose_name_plural = "webhook deliveries"
        indexes = [
            models.Index(fields=["webhook", "next_at"], name="webhook_waiting", condition=models.Q(state="waiting")),
            models.Index(fields=["ended_at"], name="webhook_ended", condition=~models.Q(state="waiting")),
        ]

    def __str__(self) -> str:
        return f"{self.kind} to {self.webhook}"


class WebhookAttempt(models.Model):
    """One try: what the other side answered (the first bytes of it), or why there was no answer."""

    delivery = models.ForeignKey(WebhookDelivery, on_delete=models.CASCADE, related_name="attempts")
    at = models.DateTimeField()
    status = models.PositiveSmallIntegerField(null=True, blank=True)
    ms = models.PositiveIntegerField("milliseconds")
    said = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.status or 'no answer'} at {self.at:%Y-%m-%d %H:%M:%S}"

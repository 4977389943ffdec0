"""What was somebody answered who may send the same request again?"""

from __future__ import annotations

from django.db import models


class KeptAnswer(models.Model):
    """One answered request: who, which door and which key are a sum only, what was sent is another.

    Written in the transaction of what the request changed: both are there, or neither.
    """

    request = models.CharField(max_length=64, unique=True, help_text="SHA-256 over client, door and key.")
    sent = models.CharField(max_length=64, help_text="SHA-256 over the body.")
    status = models.PositiveSmallIntegerField()
    headers = models.JSONField(default=dict)
    body = models.BinaryField()
    made_at = models.DateTimeField(db_index=True)

    class Meta:
        ordering = ["-made_at"]

    def __str__(self) -> str:
        return f"{self.status} at {self.made_at:%Y-%m-%d %H:%M:%S}"

"""Who did what, and when? Everything that was written down, wherever it was, in one list."""

from __future__ import annotations

from django.conf import settings
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db import models

from reviews.steps import taken_by, told


class AuditLine(models.Model):
    """A row of the admin's own log, or a step of an article: a view of both (migration 0007), which the database lets
    nobody rewrite."""

    id = models.CharField(primary_key=True, max_length=24)
    happened_at = models.DateTimeField()
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.DO_NOTHING, db_constraint=False, related_name="+"
    )
    content_type = models.ForeignKey(
        ContentType,
        null=True,
        on_delete=models.DO_NOTHING,
        db_constraint=False,
        related_name="+",
        verbose_name="what",
    )
    object_id = models.TextField(null=True)
    object_name = models.CharField(max_length=200)
    action_flag = models.PositiveSmallIntegerField()
    message = models.TextField()
    step = models.CharField(max_length=20)

    class Meta:
        managed = False
        db_table = "reviews_audit_line"
        ordering = ["-happened_at", "-id"]
        default_permissions = ["view"]
        verbose_name = "line of the log"
        verbose_name_plural = "log of changes"

    def __str__(self) -> str:
        return f"{self.happened_at:%Y-%m-%d %H:%M} {self.who} {self.deed}"

    @property
    def who(self) -> str:
        return taken_by(self.step, self.user.get_username() if self.user else None)

    @property
    def deed(self) -> str:
        """What was done, in words."""
        if self.step:
            said = told(self.step)
            return f"{said[:1].upper()}{said[1:]}." + (f" “{self.message}”" if self.message else "")
        entry = LogEntry(action_flag=self.action_flag, change_message=self.message)
        return entry.get_change_message() or {CHANGE: "Looked at and saved."}.get(self.action_flag, "Added.")

"""Who did what, and when? Everything that was written down, wherever it was, in one list."""

from __future__ import annotations

from collections.abc import Sequence

from django.conf import settings
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db import models

from reviews.models.row_change import RowChange, Value, values
from reviews.steps import taken_by, told


class AuditLine(models.Model):
    """A row of the admin's own log, a step of an article, or what triggers saw of a row: a view of all three (migration
    0029), which the database lets nobody rewrite.

    `door`: what it came through. `actor`: a command, a task, the beginning of a key, a role of the database. `said`:
    column → [before, after], of rows alone.
    """

    class Door(models.TextChoices):
        ADMIN = "admin", "The admin"
        API = "api", "The API"
        COMMAND = "command", "A command"
        TASK = "task", "The timetable or a worker"
        SITE = "site", "A reader's form"
        DATABASE = "database", "The database itself"

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
    door = models.CharField(max_length=8, choices=Door)
    actor = models.CharField(max_length=200)
    table_name = models.CharField(max_length=63)
    said = models.JSONField(null=True)

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
        """Of a task, who had it done, where somebody did."""
        name = self.user.get_username() if self.user else None
        if not self.table_name:
            return taken_by(self.step, name)
        if self.door == self.Door.ADMIN:
            return name or self.actor or "nobody yet"
        by = {
            self.Door.API: f"API key {self.actor}…" if self.actor else "the API, without a key",
            self.Door.COMMAND: f"manage.py {self.actor}",
            self.Door.SITE: "a reader's form",
            self.Door.DATABASE: f"the database: {self.actor}",
        }.get(self.Door(self.door), self.actor)
        return f"{name}, by {by}" if name else by

    @property
    def act(self) -> str:
        return RowChange.Act(self.action_flag).label

    @property
    def values(self) -> Sequence[Value]:
        """Of a row: each of its columns that changed."""
        return tuple(values(self.said, self.action_flag))

    @property
    def deed(self) -> str:
        """What was done, in words."""
        if self.table_name:
            return f"{self.act}. " + "; ".join(f"{one.column}: {one.words}" for one in self.values)
        if self.step:
            said = told(self.step)
            return f"{said[:1].upper()}{said[1:]}." + (f" “{self.message}”" if self.message else "")
        entry = LogEntry(action_flag=self.action_flag, change_message=self.message)
        return entry.get_change_message() or {CHANGE: "Looked at and saved."}.get(self.action_flag, "Added.")

"""Which walks through all answers of the adviser were made, how far are they, and what was seen?"""

from __future__ import annotations

from django.conf import settings
from django.db import models


class ChoiceWalk(models.Model):
    """One walk, by the rules in force when it began. Its result is figures only: nobody's answers are in it."""

    class State(models.TextChoices):
        WAITING = "waiting", "Waits for a worker"
        WALKING = "walking", "On its way"
        DONE = "done", "Done"
        FAILED = "failed", "Failed"

    state = models.CharField(max_length=7, choices=State, default=State.WAITING)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    rules_version = models.CharField(max_length=12, blank=True)
    result = models.JSONField(default=dict, blank=True)
    error = models.TextField(blank=True)
    claimed_at = models.DateTimeField(null=True, blank=True)
    started_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-created_at"]
        default_permissions = []

    def __str__(self) -> str:
        return f"Walk through all answers, {self.created_at:%Y-%m-%d %H:%M}"

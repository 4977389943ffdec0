"""How did each round of price refreshing go? One row per merchant and round, for the job page."""

from __future__ import annotations

from django.db import models

from catalog.models.merchant import Merchant


class RefreshRun(models.Model):
    class Outcome(models.TextChoices):
        RUNNING = "running", "Running"
        DONE = "done", "Done"
        UNCHANGED = "unchanged", "The feed had not changed"
        FAILED = "failed", "Failed"

    merchant = models.ForeignKey(Merchant, on_delete=models.CASCADE, related_name="refresh_runs")
    source = models.CharField(max_length=30)
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True, blank=True)
    outcome = models.CharField(max_length=10, choices=Outcome, default=Outcome.RUNNING)
    requests = models.PositiveIntegerField(default=0, help_text="Requests of this round that count against the quota.")
    offers_claimed = models.PositiveIntegerField(default=0)
    offers_read = models.PositiveIntegerField(default=0)
    offers_changed = models.PositiveIntegerField(default=0)
    offers_held = models.PositiveIntegerField(default=0)
    offers_unreadable = models.PositiveIntegerField(default=0)
    error = models.TextField(blank=True)

    class Meta:
        ordering = ["-started_at"]
        indexes = [models.Index(fields=["merchant", "-started_at"], name="run_merchant_started")]

    def __str__(self) -> str:
        return f"{self.merchant}: {self.get_outcome_display()}"

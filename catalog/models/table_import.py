"""Which file of products, offers or links did an editor bring in, how far is it, and what became of each row?"""

from __future__ import annotations

from django.conf import settings
from django.db import models

from catalog.models.feed_import import private_files
from catalog.tables import TABLES


def table_kinds() -> list[tuple[str, str]]:
    return [(kind.key, kind.label) for kind in TABLES.values()]


class TableImport(models.Model):
    class State(models.TextChoices):
        TRYING = "trying", "Being tried: nothing is stored"
        TRIED = "tried", "Tried: waits for your word"
        STORING = "storing", "Being stored"
        STOPPED = "stopped", "Stopped"
        FAILED = "failed", "Failed"
        DONE = "done", "Done"

    kind = models.CharField(max_length=12, choices=table_kinds)
    file = models.FileField(upload_to="%Y/%m/", storage=private_files, blank=True)
    file_name = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64, blank=True)
    encoding = models.CharField(max_length=30, blank=True)
    delimiter = models.CharField(max_length=4, blank=True)
    header = models.JSONField(default=list, blank=True)
    remarks = models.JSONField(default=list, blank=True)

    # `position` rows are dealt with for good, so that whoever takes the import up goes on there
    state = models.CharField(max_length=8, choices=State, default=State.TRYING)
    position = models.PositiveIntegerField(default=0)
    rows_total = models.PositiveIntegerField(default=0)
    rows_new = models.PositiveIntegerField(default=0)
    rows_changed = models.PositiveIntegerField(default=0)
    rows_same = models.PositiveIntegerField(default=0)
    rows_wrong = models.PositiveIntegerField(default=0)
    stop_asked = models.BooleanField(default=False, editable=False)
    claimed_at = models.DateTimeField(null=True, blank=True, editable=False)
    error = models.TextField(blank=True)
    started_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    by_key = models.CharField(
        max_length=120, blank=True, default="", db_default="", help_text="The API key it came with."
    )
    created_at = models.DateTimeField(auto_now_add=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.file_name}"


class TableImportRow(models.Model):
    """What became of one row, or would; rows that are the same as what is known have none."""

    class Did(models.TextChoices):
        NEW = "new", "New"
        CHANGED = "changed", "Changed"
        WRONG = "wrong", "Wrong"

    table_import = models.ForeignKey(TableImport, on_delete=models.CASCADE, related_name="rows", db_index=False)
    number = models.PositiveIntegerField(help_text="As a spreadsheet counts: the header is row 1.")
    did = models.CharField(max_length=7, choices=Did)
    name = models.CharField(max_length=200, blank=True)
    # [{"column": "anc", "was": "no", "becomes": "yes"}], or [{"column": "anc", "message": "…"}]
    said = models.JSONField(default=list)

    class Meta:
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["table_import", "number"], name="table_row_once")]
        indexes = [models.Index(fields=["table_import", "did", "number"], name="table_rows_by_outcome")]

    def __str__(self) -> str:
        return f"row {self.number}: {self.get_did_display()}"

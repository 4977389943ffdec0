"""What changed of what pages show, and has not reached the page cache yet?"""

from __future__ import annotations

from django.db import models


class PageChange(models.Model):
    """Written by the database's triggers in the transaction of the change itself, so that no purge can be lost."""

    thing = models.CharField(max_length=240, help_text="A tag of catalog/page_tags.py.")

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return self.thing

"""What was in a row before, and what is in it now? Written by triggers for whatever door a change came through."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import models


class RowChange(models.Model):
    """One row that was added, changed or removed, in the transaction that did it. The database lets nobody rewrite it.

    A table by months (migration 0029), so that forgetting is dropping a table. `said`: column → [before, after]; of
    what is secret, or may have to be forgotten, only that it changed, as []. More than a hundred rows that one
    statement added are one of these, without a `row_id`.
    """

    class Act(models.IntegerChoices):
        # The numbers of Django's own log.
        ADDED = 1, "Added"
        CHANGED = 2, "Changed"
        REMOVED = 3, "Removed"

    happened_at = models.DateTimeField()
    door = models.CharField(max_length=8)
    name = models.CharField(max_length=200, help_text="Who, as they were called then.")
    # No foreign keys: what was done stays written down when what it was done to is gone.
    user_id = models.IntegerField(null=True, blank=True)
    content_type_id = models.IntegerField(null=True, blank=True)
    table_name = models.CharField(max_length=63)
    row_id = models.TextField()
    row_name = models.CharField(max_length=200)
    act = models.PositiveSmallIntegerField(choices=Act)
    said = models.JSONField(default=dict)

    class Meta:
        ordering = ["-happened_at", "-pk"]
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.happened_at:%Y-%m-%d %H:%M} {self.table_name} {self.row_id} {self.get_act_display().lower()}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Value:
    """One column, in words. Without `before` the row is new, without `after` it is gone."""

    column: str
    before: str = ""
    after: str = ""
    is_kept_back: bool = False

    @property
    def words(self) -> str:
        if self.is_kept_back:
            return "changed; what it was and is stays out of this log"
        return " → ".join(one for one in (self.before, self.after) if one)


def values(said: Mapping[str, Sequence[Any]] | None, act: int) -> Iterator[Value]:
    """What a row's `said` tells, by column."""
    for column, told in sorted((said or {}).items()):
        name = column.removesuffix("_id").replace("_", " ")
        if not told:
            yield Value(column=name, is_kept_back=True)
            continue
        before, after = map(_written, told)
        yield Value(
            column=name,
            before="" if act == RowChange.Act.ADDED else before,
            after="" if act == RowChange.Act.REMOVED else after,
        )


def _written(value: Any) -> str:
    match value:
        case None:
            return "nothing"
        case bool():
            return "yes" if value else "no"
        case str() | int() | float():
            return str(value)
        case list() if all(isinstance(one, str) for one in value):
            return ", ".join(value)
        case _:
            return json.dumps(value, ensure_ascii=False)

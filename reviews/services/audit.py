"""How does a change that no form of the admin made get into its history?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db.models import Model

if TYPE_CHECKING:
    from django.contrib.auth.models import User


def write_log(row: Model, by: User | None, message: str, flag: int = CHANGE) -> None:
    """A line in the row's history, in the transaction of the change. Without somebody who did it there is none."""
    if by is None:
        return
    LogEntry.objects.create(
        user_id=by.pk,
        content_type=ContentType.objects.get_for_model(row),
        object_id=str(row.pk),
        object_repr=str(row)[:200],
        action_flag=flag,
        change_message=message,
    )

"""Which uploaded tables does nobody need any more?"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction

from catalog.models import TableImport

# What became of the rows stays to be looked at for so long; the line in the log of changes stays for good.
KEPT = timedelta(days=30)
_AT_REST = (TableImport.State.TRIED, TableImport.State.STOPPED, TableImport.State.FAILED, TableImport.State.DONE)


@transaction.atomic
def delete_old_tables(*, now: datetime) -> int:
    """Delete imports that rest for 30 days, with their files; how many."""
    rows = list(
        TableImport.objects.select_for_update(skip_locked=True).filter(state__in=_AT_REST, created_at__lt=now - KEPT)
    )
    for storage, name in [(row.file.storage, row.file.name) for row in rows if row.file.name]:
        transaction.on_commit(lambda storage=storage, name=name: storage.delete(name))  # type: ignore[misc]
    TableImport.objects.filter(pk__in=[row.pk for row in rows]).delete()
    return len(rows)

"""Which files of imports does nobody need any more? Those of imports long over, and drafts that were never run."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction

from catalog.models import FeedImport

# An ended import can begin anew from its file for so long; its row, counts and problems stay.
FILES_ARE_KEPT = timedelta(days=30)
DRAFTS_ARE_KEPT = timedelta(days=7)
_OVER = (FeedImport.State.DONE, FeedImport.State.CANCELLED, FeedImport.State.FAILED)


@transaction.atomic
def delete_outdated_files(*, now: datetime) -> int:
    """Delete the files of imports that ended 30 days ago, and 7 days old drafts whole; how many files went.

    A draft of which rows are stored already (somebody set it up anew) keeps its row. The files go from the disk only
    when the rows have changed for good.
    """
    rows = FeedImport.objects.select_for_update(skip_locked=True)
    drafts = rows.filter(state=FeedImport.State.DRAFT, created_at__lt=now - DRAFTS_ARE_KEPT)
    over = rows.filter(state__in=_OVER, finished_at__lt=now - FILES_ARE_KEPT).exclude(file="")
    outdated = [*drafts, *over]
    names = [(row.file.storage, row.file.name) for row in outdated if row.file.name]
    FeedImport.objects.filter(pk__in=[row.pk for row in outdated]).update(file="")
    untouched = [row.pk for row in outdated if row.state == FeedImport.State.DRAFT and not row.position]
    FeedImport.objects.filter(pk__in=untouched).delete()
    for storage, name in names:
        transaction.on_commit(lambda storage=storage, name=name: storage.delete(name))  # type: ignore[misc]
    return len(names)

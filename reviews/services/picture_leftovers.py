"""Which files of pictures belong to nobody, and which copies may be kept no longer? They go, once a night."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import partial

from django.core.files.storage import default_storage
from django.db import transaction

from reviews.models import Picture
from reviews.services.pictures import files_of

log = logging.getLogger(__name__)

# Pages that were made before a size was replaced name the former one; browsers may show them that long.
KEPT_FOR = timedelta(days=1)
_ROOT = "pictures"


def orphaned_files(*, now: datetime) -> list[str]:
    """Files below `pictures/` that no row knows and that are older than a day; `now` is aware."""
    known = {name for row in Picture.objects.only("original", "renditions").iterator() for name in files_of(row)}
    return [
        name for name in _files(_ROOT) if name not in known and default_storage.get_modified_time(name) < now - KEPT_FOR
    ]


def delete_orphaned_files(*, now: datetime) -> int:
    """Deletes them; how many there were."""
    found = orphaned_files(now=now)
    for name in found:
        default_storage.delete(name)
    if found:
        log.info("Deleted %s files of pictures that belonged to nobody.", len(found))
    return len(found)


@transaction.atomic
def drop_forbidden_copies() -> int:
    """Copies of a merchant's pictures go when its terms no longer allow them (P18); how many pictures were emptied.

    The row stays with its words, so that whatever names the picture can say what is missing.
    """
    rows = Picture.objects.select_for_update(of=("self",)).filter(merchant__image_copies_allowed=False)
    emptied = list(rows.exclude(renditions=[]).select_related("merchant"))
    for row in emptied:
        names = files_of(row)
        row.renditions, row.state = [], Picture.State.FAILED
        row.state_reason = f"{row.merchant}’s terms no longer allow copies of its pictures: the files were deleted."
        row.save(update_fields=["renditions", "state", "state_reason"])
        transaction.on_commit(partial(_delete, names))
    return len(emptied)


def _delete(names: list[str]) -> None:
    for name in names:
        default_storage.delete(name)


def _files(folder: str) -> Iterator[str]:
    try:
        folders, files = default_storage.listdir(folder)
    except FileNotFoundError:
        return
    yield from (f"{folder}/{name}" for name in files)
    for inner in folders:
        yield from _files(f"{folder}/{inner}")

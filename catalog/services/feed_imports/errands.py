"""How is a feed looked at that takes longer than an editor's click may? By a worker, while the editor's page waits."""

from __future__ import annotations

from datetime import timedelta

from django.core.cache import cache

from catalog.http import Door
from catalog.models import FeedImport
from catalog.services.feed_imports.errors import ImportError_
from catalog.services.feed_imports.setting_up import detect

# Larger files, packed ones and addresses are looked at by a worker; what is smaller takes less than a second.
AT_ONCE_BYTES = 4_000_000
_AT_ONCE = (".csv", ".tsv", ".txt", ".xml", ".json", ".jsonl")
# After so long nobody waits any more: the editor is asked to try again.
_WAITS = timedelta(minutes=20)


def is_quick(feed_import: FeedImport) -> bool:
    """Whether its file can be looked at while the editor's request is answered."""
    named = feed_import.file_name.lower()
    return bool(feed_import.file) and named.endswith(_AT_ONCE) and feed_import.file.size <= AT_ONCE_BYTES


def note_waiting(feed_import: FeedImport) -> None:
    """A worker was asked to look at it."""
    cache.set(_key(feed_import.pk), "waiting", _WAITS.total_seconds())


def note_looked_at(feed_import_id: int) -> None:
    """The worker is done with it."""
    cache.delete(_key(feed_import_id))


def is_waiting(feed_import: FeedImport) -> bool:
    """Whether a worker was asked to look at it and has not answered yet."""
    return cache.get(_key(feed_import.pk)) is not None


def look_at_import(*, feed_import_id: int, door: Door) -> None:
    """`detect` in a worker; what is wrong with the file stands in the import's `error`. Gone: nothing to do."""
    feed_import = FeedImport.objects.select_related("merchant").filter(pk=feed_import_id).first()
    if feed_import is None:
        return
    try:
        detect(feed_import=feed_import, door=door)
    except ImportError_:
        return  # `detect` has written down why
    finally:
        note_looked_at(feed_import_id)


def _key(pk: int) -> str:
    return f"feed-import-looked-at:{pk}"

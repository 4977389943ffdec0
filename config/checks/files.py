"""earmark.E030 to E032: folders that must take what is written, and files that must be readable.

The spool has a check of its own, `catalog.E001`.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import maxminddb
from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error, register
from django.core.exceptions import ImproperlyConfigured
from django.core.files.storage import InvalidStorageError, storages

from config.checks.site import TAG


@register(TAG)
def files_can_be_kept(app_configs: Sequence[AppConfig] | None, **_: Any) -> list[CheckMessage]:
    return [*_folders(), *_countries(), *_pictures()]


def _folders() -> Iterator[CheckMessage]:
    for name, folder in (
        ("EARMARK_DATA_DIR", settings.DATA_DIR),
        ("MEDIA_ROOT", settings.MEDIA_ROOT),
        ("LINK_SNAPSHOT", settings.LINK_SNAPSHOT.parent),
    ):
        if not _can_be_written(Path(folder)):
            yield Error(
                f"The folder {folder} cannot be written.",
                hint=f"Set {name} to a place that web and worker processes may write, or give them the right.",
                id="earmark.E030",
            )


def _can_be_written(folder: Path) -> bool:
    existing = next(parent for parent in (folder, *folder.parents) if parent.exists())
    return existing.is_dir() and os.access(existing, os.W_OK)


def _countries() -> Iterator[CheckMessage]:
    if not settings.GEO_DATABASE:
        return
    try:
        maxminddb.open_database(settings.GEO_DATABASE, maxminddb.MODE_MMAP).close()
    except (OSError, ValueError, maxminddb.InvalidDatabaseError) as error:
        yield Error(
            f"GEO_DATABASE {settings.GEO_DATABASE} cannot be read: {error}",
            hint="Name a file of countries in MaxMind's format (GeoLite2-Country.mmdb), or leave it empty.",
            id="earmark.E031",
        )


def _pictures() -> Iterator[CheckMessage]:
    try:
        storages.create_storage(settings.STORAGES["default"])  # type: ignore[arg-type]  # the stubs say object
    except (InvalidStorageError, ImproperlyConfigured, ImportError, TypeError) as error:
        yield Error(
            f"MEDIA_STORAGE cannot be used: {error}",
            hint="Name an installed storage by its dotted path in MEDIA_STORAGE, its options as a JSON object in "
            "MEDIA_STORAGE_OPTIONS.",
            id="earmark.E032",
        )

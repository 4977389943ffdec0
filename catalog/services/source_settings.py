"""With which settings is a merchant's source asked, its secrets looked up where the record only names them?"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from pathlib import Path

from catalog import sources
from catalog.models import Merchant
from catalog.settings_fields import MissingSecretError, resolved
from catalog.sources.base import SourceError


class Environment(Mapping[str, str]):
    """The environment's variables; `NAME_FILE` may name a file that holds the value, as container secrets come."""

    def __getitem__(self, name: str) -> str:
        if value := os.environ.get(name):
            return value
        try:
            return Path(os.environ[f"{name}_FILE"]).read_text().strip()
        except (OSError, UnicodeDecodeError):
            raise KeyError(name) from None

    def __iter__(self) -> Iterator[str]:
        return iter(os.environ)

    def __len__(self) -> int:
        return len(os.environ)


def source_settings(merchant: Merchant) -> dict[str, str]:
    """The settings as the merchant's source takes them. Raises `SourceError` that names the variable which is missing.

    What comes back holds secrets: it goes to the source and nowhere else.
    """
    fields = sources.SOURCES[merchant.source].settings
    try:
        return resolved(fields, merchant.source_settings or {}, Environment())
    except MissingSecretError as error:
        raise SourceError(str(error), permanent=True) from error

"""From which country does a request come? From a file on this machine, never from a service over the network (L4).

A file in MaxMind's format (MMDB): GeoLite2-Country, DB-IP's, or any other with a country in it. It is read into memory
once, and again when it was replaced. Without one, or with one that cannot be read, no country is known.
"""

from __future__ import annotations

import logging
import time
from functools import lru_cache
from pathlib import Path

import maxminddb

logger = logging.getLogger(__name__)

LOOK_AGAIN_SECONDS = 60.0
_REMEMBERED = 50_000


class GeoFile:
    """Countries by address. Safe for threads; never raises and never waits for anything but this machine's disk."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._changed: tuple[float, int] | None = None
        self._next_look = 0.0
        self._reader: maxminddb.Reader | None = None
        self._look()
        self.country = lru_cache(maxsize=_REMEMBERED)(self._country)

    def look_again(self) -> None:
        """Read the file anew when it was replaced; looked at once a minute at most."""
        if time.monotonic() >= self._next_look:
            self._look()

    def _look(self) -> None:
        self._next_look = time.monotonic() + LOOK_AGAIN_SECONDS
        try:
            stat = self.path.stat()
            if (stat.st_mtime, stat.st_size) == self._changed:
                return
            self._changed = (stat.st_mtime, stat.st_size)
            self._reader = maxminddb.open_database(self.path, maxminddb.MODE_MEMORY)
        except (OSError, ValueError, maxminddb.InvalidDatabaseError) as error:
            logger.error("The country file %s cannot be read (%s). No country is known without it.", self.path, error)
            return
        if hasattr(self, "country"):
            self.country.cache_clear()

    def _country(self, address: str) -> str:
        """The ISO 3166 code in capitals; empty when it is not known or the text is no address."""
        if self._reader is None:
            return ""
        try:
            found = self._reader.get(address)
        except (ValueError, maxminddb.InvalidDatabaseError):
            return ""
        country = found.get("country") if isinstance(found, dict) else None
        code = country.get("iso_code") if isinstance(country, dict) else None
        return code if isinstance(code, str) and len(code) == 2 and code.isascii() and code.isupper() else ""

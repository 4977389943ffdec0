"""Which codes lead where, known in this process' memory and never more than two seconds old?

The table is read from PostgreSQL in one query, and again whenever `catalog_link_version` has moved (database triggers
move it with every edit, whatever door it comes through). What was read is kept in a snapshot file, so that a process
can start and answer while PostgreSQL and Redis are away.
"""

from __future__ import annotations

import json
import logging
import os
import threading
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.db import Error, connection

from catalog.models import Link
from catalog.targets import TargetError, destination

logger = logging.getLogger(__name__)

POLL_SECONDS = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkEntry:
    """A link that may be followed: everything `/go/` needs to know of it."""

    code: str
    status: int
    address: str
    merchant: str
    hosts: tuple[str, ...]
    network: str
    settings: Mapping[str, str]

    def destination(self, placement: str = "") -> str:
        """The tagged address. Raises `TargetError`."""
        return destination(
            self.address,
            hosts=self.hosts,
            merchant=self.merchant,
            network=self.network,
            settings=self.settings,
        )


def stored_links(code: str | None = None) -> list[LinkEntry]:
    """The links that lead somewhere, all or the one with this code. One query.

    They are switched on, their merchant is active, their offer is not withdrawn.
    """
    rows = Link.objects.filter(is_active=True, offer__merchant__is_active=True, offer__withdrawn_at__isnull=True)
    if code is not None:
        rows = rows.filter(code=code)
    return [
        LinkEntry(
            code=code_,
            status=status,
            address=address,
            merchant=merchant,
            hosts=tuple(hosts),
            network=network,
            settings=settings,
        )
        for code_, status, address, merchant, hosts, network, settings in rows.values_list(
            "code",
            "redirect_status",
            "offer__url",
            "offer__merchant__name",
            "offer__merchant__hosts",
            "offer__merchant__network",
            "offer__merchant__network_settings",
        )
    ]


class LinkTable:
    """`links` is replaced as a whole when it changes; whoever reads it needs no lock."""

    def __init__(self, snapshot: Path) -> None:
        self.snapshot = snapshot
        self.links: dict[str, LinkEntry] = {}
        self.version: int | None = None
        self._thread: threading.Thread | None = None
        self._stop = threading.Event()
        self._is_away = False

    def watch(self) -> None:
        """Start from the snapshot and keep up with the database from now on, in a thread of this process."""
        self.restore()
        self._follow()
        os.register_at_fork(after_in_child=self._follow)

    def stop(self) -> None:
        """Stop keeping up; the table stays as it is."""
        self._stop.set()
        if self._thread is not None:
            self._thread.join()

    def restore(self) -> None:
        """Fill the table from the snapshot. A missing or broken one is logged and leaves the table empty."""
        try:
            entries = [
                LinkEntry(**{**row, "hosts": tuple(row["hosts"])}) for row in json.loads(self.snapshot.read_text())
            ]
        except FileNotFoundError:
            logger.info("There is no link snapshot %s yet; the links come from the database.", self.snapshot)
            return
        except (OSError, ValueError, TypeError, KeyError) as error:
            logger.error(
                "The link snapshot %s cannot be read (%s: %s). No link is known until the database answers.",
                self.snapshot,
                type(error).__name__,
                error,
            )
            return
        self.links = self._permitted(entries)

    def refresh(self) -> bool:
        """Read the links again if their version has moved; True when they were read. Raises django.db.Error."""
        version = _stored_version()
        if version == self.version:
            return False
        # The version was read first: an edit in between makes this reading too new, never too old.
        links = self._permitted(stored_links())
        self.links, self.version = links, version
        self._keep()
        return True

    def _permitted(self, entries: Iterable[LinkEntry]) -> dict[str, LinkEntry]:
        """The entries that lead to their merchant; the others are refused with a line in the log (L24)."""
        permitted = {}
        for entry in entries:
            known = self.links.get(entry.code)
            if known == entry:  # judged before
                permitted[entry.code] = known
                continue
            try:
                entry.destination()
            except TargetError as error:
                logger.error("/go/%s/ is refused: %s", entry.code, error)
                continue
            permitted[entry.code] = entry
        return permitted

    def _keep(self) -> None:
        """Write the snapshot: whole or not at all."""
        written = self.snapshot.with_name(f"{self.snapshot.name}.{os.getpid()}")
        rows = [
            {field: getattr(entry, field) for field in LinkEntry.__dataclass_fields__} for entry in self.links.values()
        ]
        try:
            self.snapshot.parent.mkdir(parents=True, exist_ok=True)
            written.write_text(json.dumps(rows))
            written.replace(self.snapshot)
        except OSError as error:
            logger.error("The link snapshot %s cannot be written: %s", self.snapshot, error.strerror)

    def _follow(self) -> None:
        """(Also in a forked child, which inherits the table but not the thread.)"""
        self._thread = threading.Thread(target=self._poll, name="link table", daemon=True)
        self._thread.start()

    def _poll(self) -> None:
        try:
            while not self._stop.is_set():
                self._try_to_refresh()
                self._stop.wait(POLL_SECONDS)
        finally:
            connection.close()  # this thread's own

    def _try_to_refresh(self) -> None:
        try:
            if self.refresh():
                logger.info("%d links, version %s", len(self.links), self.version)
            self._is_away = False
        except Error as error:
            if not self._is_away:
                logger.warning(
                    "Links cannot be read (%s). /go/ answers with the %d it knows and asks again every second.",
                    str(error).splitlines()[0] if str(error) else type(error).__name__,
                    len(self.links),
                )
            self._is_away = True
            connection.close()
        except Exception:
            # A mistake of ours about one row must not end the thread: the table would be stale for good, in silence.
            logger.exception("Links were not read again; /go/ answers with the %d it knows.", len(self.links))


def _stored_version() -> Any:
    with connection.cursor() as cursor:
        cursor.execute("SELECT version FROM catalog_link_version")
        row = cursor.fetchone()
    return row[0] if row else 0

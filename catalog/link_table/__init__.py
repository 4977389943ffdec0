"""Which codes lead where, known in this process' memory and never more than two seconds old?

Links are read from PostgreSQL once; then every second what changed of them, link by link, so that an edit costs the
same among a million links as among ten. What was read is kept in a snapshot file, so that a process can start and
answer while PostgreSQL and Redis are away, and need not read everything anew when they are not.
"""

from __future__ import annotations

import gc
import logging
import os
import threading
import time
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

from django.db import Error, connection

from catalog.link_table import rows as link_rows
from catalog.link_table import snapshot as link_snapshot
from catalog.link_table.entries import LinkEntry, ReadyLink, Shop, ready
from catalog.link_table.rows import Change
from catalog.link_table.snapshot import Position, SnapshotError
from catalog.salts import Salts
from catalog.targets import TargetError

logger = logging.getLogger(__name__)

POLL_SECONDS = 1.0
# Whoever was away longer reads everything anew: changes are kept for a day (`services.link_changes`).
LONGEST_AWAY_SECONDS = 12 * 3600.0
# More changed links than this are read with all the others.
MOST_CHANGED = 50_000
# A snapshot of a million links takes seconds to write: what takes long is not done again for a while.
_SNAPSHOT_PAUSE = 20
# So many links are kept ready for their next click; a million of them would take a gigabyte.
_MOST_READY = 100_000
# From here on a snapshot is written beside, and the collector of circles no longer looks through links.
_MANY = 10_000


class LinkTable:
    """`links` as they are stored, `ready` as clicks need them (made when a link is first followed).

    One thread writes; whoever reads needs no lock.
    """

    def __init__(self, snapshot: Path) -> None:
        self.snapshot = snapshot
        self.links: dict[str, LinkEntry] = {}
        self.shops: dict[int, Shop] = {}
        self.ready: dict[str, ReadyLink] = {}
        self.position: Position | None = None
        self.salts = Salts()
        self._is_same_database = False
        self._refused: set[str] = set()
        self._seen: frozenset[Change] = frozenset()
        self._snapshot_after = 0.0
        self._is_unsaved = False
        self._writer: threading.Thread | None = None
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

    def find(self, code: str) -> ReadyLink | None:
        """The link as clicks need it; None when the code leads nowhere."""
        found = self.ready.get(code)
        return found if found is not None else self._make_ready(code)

    def _make_ready(self, code: str) -> ReadyLink | None:
        entry = self.links.get(code)
        if entry is None or code in self._refused:
            return None
        try:
            made = ready(entry, self.shops)
        except (TargetError, KeyError) as error:
            logger.error("/go/%s/ is refused: %s", code, error)
            self._refused.add(code)
            return None
        if len(self.ready) >= _MOST_READY:
            self.ready.clear()
        self.ready[code] = made
        if self.links.get(code) is not entry:  # it was changed in this very moment
            self.ready.pop(code, None)
        return made

    def restore(self) -> None:
        """Fill the table from the snapshot. A missing or broken one is logged and leaves the table empty."""
        try:
            kept = link_snapshot.read(self.snapshot)
        except FileNotFoundError:
            logger.info("There is no link snapshot %s yet; the links come from the database.", self.snapshot)
            return
        except (OSError, SnapshotError) as error:
            logger.error(
                "The link snapshot %s cannot be read (%s). No link is known until the database answers.",
                self.snapshot,
                error,
            )
            return
        self._replace(kept.shops, kept.links)
        self.position = kept.position

    def refresh(self) -> bool:
        """Read what changed; True when something was read. Raises django.db.Error."""
        self.salts.read(datetime.now(UTC))
        if self.position is None or time.time() - self.position.read_at > LONGEST_AWAY_SECONDS:
            return self._read_all()
        if not self._is_same_database and link_rows.database_identity() != self.position.database:
            return self._read_all()
        self._is_same_database = True
        news = link_rows.news(self.position.transaction)
        if news.position < self.position.transaction:
            return self._read_all()  # another database, or an older copy of it
        fresh = news.changes - self._seen
        if fresh and not self._read_changed(fresh):
            return self._read_all()
        self._seen = news.changes
        self._has_read(self.position.database, news.position)
        if fresh or self._is_unsaved:
            self._keep()
        return bool(fresh)

    def _read_all(self) -> bool:
        database, start = link_rows.database_identity(), link_rows.news(0).position
        seen = link_rows.news(start).changes  # of transactions that ended since; this reading has them already
        # The position was read first: a change in between makes this reading too new, never too old.
        shops = link_rows.shops()
        self._replace(shops, {link.code: link for link in link_rows.all_links()})
        self._seen, self._is_same_database = seen, True
        self._has_read(database, start)
        self._keep()
        return True

    def _has_read(self, database: str, transaction: int) -> None:
        self.position = Position(database=database, transaction=transaction, read_at=time.time())

    def _replace(self, shops: dict[int, Shop], links: dict[str, LinkEntry]) -> None:
        self.shops, self.links = shops, links
        self._refused = set()
        self.ready = {}
        if len(links) >= _MANY:
            gc.collect()
            gc.freeze()

    def _read_changed(self, changes: Iterable[Change]) -> bool:
        """False when so much changed that everything is to be read."""
        changes = list(changes)
        if any(change.kind == "a" for change in changes):
            return False
        ids = link_rows.links_touched(changes)
        if len(ids) > MOST_CHANGED:
            return False
        if any(change.kind == "m" for change in changes):
            self.shops = link_rows.shops()
        found, nowhere = link_rows.links_with_ids(ids)
        if not {link.shop_id for link in found} <= self.shops.keys():
            self.shops = link_rows.shops()  # a new merchant's first link
        for link in found:
            self.links[link.code] = link
        # What a link was called before it was renamed or deleted stands with its change.
        here = {link.code for link in found}
        for code in nowhere | {change.code for change in changes if change.kind == "l"}:
            if code not in here:
                self.links.pop(code, None)
        for code in here | nowhere | {change.code for change in changes}:
            self._refused.discard(code)
            self.ready.pop(code, None)
        return True

    def _keep(self) -> None:
        """Write the snapshot, if no other process of this machine has kept one as new, and not too often."""
        assert self.position is not None
        is_writing = self._writer is not None and self._writer.is_alive()
        self._is_unsaved = is_writing or time.monotonic() < self._snapshot_after
        if self._is_unsaved:
            return
        held = (self.position, list(self.shops.values()), list(self.links.values()))
        if len(self.links) < _MANY:
            self._write(*held)
        else:  # seconds, in which edits go on
            self._writer = threading.Thread(target=self._write, args=held, name="link snapshot", daemon=True)
            self._writer.start()

    def _write(self, position: Position, shops: list[Shop], links: list[LinkEntry]) -> None:
        began = time.monotonic()
        kept = link_snapshot.position_of(self.snapshot)
        if kept is None or kept.database != position.database or kept.transaction < position.transaction:
            try:
                link_snapshot.write(self.snapshot, position, shops, links)
            except OSError as error:
                logger.error("The link snapshot %s cannot be written: %s", self.snapshot, error.strerror)
        self._snapshot_after = time.monotonic() + _SNAPSHOT_PAUSE * (time.monotonic() - began)

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
                logger.info("%d links, transaction %s", len(self.links), self.position and self.position.transaction)
            self._is_away = False
        except Error as error:
            self._is_same_database = False
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

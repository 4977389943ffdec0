"""Which products changed since the index last looked? A few ids, however many processes ask.

Triggers write down each product whose pages change, with the transaction it was changed in (`catalog/migrations/0026`).
A reader remembers the snapshot of its last look: whatever was not visible then and is now, is new, in whatever order
transactions end, and however long one of them stays open.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from catalog.kept_query import KeptSql

# Changes are kept longer than anybody goes on from them.
KEPT = timedelta(days=1)
LONGEST_AWAY = timedelta(hours=12)
# Who hears of more reads everything anew.
MOST = 20_000

# Asked before every answer: PostgreSQL takes three times as long to plan it as to answer it.
_LOOK = KeptSql("""
SELECT (SELECT oid::bigint FROM pg_database WHERE datname = current_database()), pg_current_snapshot()::text,
    pg_snapshot_xmax(pg_current_snapshot())::text::bigint, pg_current_xact_id_if_assigned() IS NOT NULL, c.product_id
FROM (VALUES (1)) one LEFT JOIN (
    SELECT DISTINCT product_id FROM catalog_productchange
    WHERE xid >= pg_snapshot_xmin(%(since)s::pg_snapshot) AND NOT pg_visible_in_snapshot(xid, %(since)s::pg_snapshot)
    LIMIT %(most)s
) c ON true
""")
_NEVER = "9223372036854775807:9223372036854775807:"


@dataclass(frozen=True, slots=True, kw_only=True)
class Position:
    """How far somebody has heard: of which database, up to which snapshot, and when."""

    database: int
    snapshot: str
    last_transaction: int
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class News:
    """`changed`: products to be read again; None: all of them. `is_writing`: the asking transaction changed something.

    What such a transaction sees is its own, until it is committed.
    """

    position: Position
    changed: frozenset[int] | None
    is_writing: bool


def look(since: Position | None, *, now: datetime) -> News:
    """What changed since that look. One query."""
    rows = _LOOK.rows(since=since.snapshot if since else _NEVER, most=MOST + 1)
    database, snapshot, last, is_writing, _ = rows[0]
    position = Position(database=database, snapshot=snapshot, last_transaction=last, at=now)
    ids = frozenset(row[-1] for row in rows if row[-1] is not None)
    # Another database or an older copy of it; or so long away that changes are forgotten; or too much; or all (0).
    is_lost = since is None or (
        since.database != database or since.last_transaction > last or now - since.at > LONGEST_AWAY
    )
    return News(
        position=position, changed=None if is_lost or len(ids) > MOST or 0 in ids else ids, is_writing=is_writing
    )

"""Something happened: for which readers does it wait to be told? One statement, however many they are."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import connection

# Who follows two of the topics hears of it once, by the first named. Nobody is told what is their own doing.
_TELL = """
    INSERT INTO readers_news (reader_id, consent_id, kind, ref, noted_at)
    SELECT DISTINCT ON (c.reader_id) c.reader_id, c.id, %(kind)s, %(ref)s, %(now)s
    FROM readers_consent c JOIN readers_reader r ON r.id = c.reader_id
    WHERE c.topic = ANY(%(topics)s) AND c.confirmed_at IS NOT NULL AND c.withdrawn_at IS NULL
        AND r.confirmed_at IS NOT NULL AND r.suppressed_at IS NULL AND r.id <> ALL(%(but_not)s)
    ORDER BY c.reader_id, array_position(%(topics)s, c.topic::text), c.id
    ON CONFLICT DO NOTHING
"""


def tell_followers(*, topics: Sequence[str], kind: str, ref: str, now: datetime, but_not: Sequence[int] = ()) -> int:
    """Note a piece of news for all who follow one of the topics; how many they are. Telling twice changes nothing.

    `kind` and `ref` are its teller's (`readers.news`), `but_not` ids of readers. It goes out in each reader's rhythm.
    """
    given: dict[str, Any] = {"topics": [*topics], "kind": kind, "ref": ref, "now": now, "but_not": [*but_not]}
    with connection.cursor() as cursor:
        cursor.execute(_TELL, given)
        return int(cursor.rowcount)


_TELL_EACH = """
    INSERT INTO readers_news (reader_id, consent_id, kind, ref, noted_at)
    SELECT c.reader_id, c.id, %(kind)s, given.ref, %(now)s
    FROM unnest(%(ids)s::bigint[], %(refs)s::text[]) AS given (id, ref)
    JOIN readers_consent c ON c.id = given.id JOIN readers_reader r ON r.id = c.reader_id
    WHERE c.confirmed_at IS NOT NULL AND c.withdrawn_at IS NULL
        AND r.confirmed_at IS NOT NULL AND r.suppressed_at IS NULL
    ON CONFLICT DO NOTHING
"""


def tell_each(rows: Sequence[tuple[int, str]], *, kind: str, now: datetime) -> int:
    """As `tell_followers`, each of these consents its own: (consent's id, ref). One statement."""
    if not rows:
        return 0
    given: dict[str, Any] = {
        "ids": [consent_id for consent_id, _ in rows],
        "refs": [ref for _, ref in rows],
        "kind": kind,
        "now": now,
    }
    with connection.cursor() as cursor:
        cursor.execute(_TELL_EACH, given)
        return int(cursor.rowcount)

"""Offers changed: which alerts do they answer? Looked at by the batch, in a fixed number of statements.

Triggers write down which products changed (`AlertCheck`), whatever door the change came by, and only those somebody
waits for. The statement below narrows all their alerts to the few for which something may have changed; what then
happens to each is decided by `catalog.alerting`.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db import connection, transaction

from catalog.alerting import AlertKind, Change, Seen, Wish, decide
from catalog.services.alerts import seen_offers
from readers.services.telling import tell_each

# Products in one transaction.
BATCH = 1_000
_LOCK = 0x616C657274  # "alert"

_TAKE = """
    DELETE FROM catalog_alertcheck WHERE id IN (
        SELECT id FROM catalog_alertcheck ORDER BY id LIMIT %s FOR UPDATE SKIP LOCKED
    ) RETURNING product_id
"""
# A record that was merged into another is waited for as that one.
_FOLLOW_MERGES = """
    UPDATE catalog_alert a SET product_id = p.merged_into_id FROM catalog_product p
    WHERE p.id = a.product_id AND p.merged_into_id = ANY(%s)
"""
# Lets through every alert for which something changes, and some for which `alerting.decide` then finds nothing.
_MAY_CHANGE = """
    WITH offers AS (
        SELECT * FROM unnest(
            %(product)s::bigint[], %(currency)s::text[], %(amount)s::numeric[], %(stocked)s::boolean[],
            %(reach)s::text[]
        ) AS o (product_id, currency, amount, is_stocked, reach)
    )
    SELECT a.id, a.consent_id, a.kind, a.amount, a.base, a.is_armed, a.told_at, a.times_told,
        min(o.amount), bool_or(o.is_stocked)
    FROM catalog_alert a
    JOIN readers_consent c ON c.id = a.consent_id AND c.confirmed_at IS NOT NULL AND c.withdrawn_at IS NULL
    JOIN offers o ON o.product_id = a.product_id
        AND (a.kind = 'stock' OR o.currency = a.currency)
        AND (a.country = '' OR o.reach = '' OR position(a.country IN o.reach) > 0)
    WHERE a.product_id = ANY(%(products)s) AND a.ended_at IS NULL
    GROUP BY a.id
    HAVING CASE a.kind
        WHEN 'stock' THEN bool_or(o.is_stocked) = a.is_armed
        WHEN 'drop' THEN min(o.amount) IS DISTINCT FROM a.base
        ELSE CASE WHEN a.is_armed THEN min(o.amount) <= a.amount
            ELSE min(o.amount) > a.amount OR a.told_at <= %(rested)s END
    END
    ORDER BY a.id
"""
_SAVE = """
    UPDATE catalog_alert a SET is_armed = given.is_armed, base = given.base, was = given.was, told_at = given.told_at,
        times_told = given.times_told
    FROM unnest(
        %s::bigint[], %s::boolean[], %s::numeric[], %s::numeric[], %s::timestamptz[], %s::int[]
    ) AS given (id, is_armed, base, was, told_at, times_told)
    WHERE a.id = given.id
"""


@dataclass(frozen=True, slots=True)
class _Changed:
    alert_id: int
    consent_id: int
    times_told: int
    change: Change


@transaction.atomic
def evaluate_alerts(*, now: datetime, rest: timedelta) -> int:
    """One batch: how many changes of products were looked at; 0 when none waits. `rest`: see `alerting`."""
    with connection.cursor() as cursor:
        # Two rounds over the same product would both tell what one of them found out.
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
        cursor.execute(_TAKE, [BATCH])
        products = sorted({row[0] for row in cursor.fetchall()})
        if not products:
            return 0
        cursor.execute(_FOLLOW_MERGES, [products])
    answer_alerts(products, now=now, rest=rest)
    return len(products)


def answer_alerts(products: Collection[int], *, now: datetime, rest: timedelta) -> int:
    """What these products' offers mean for who waits for them; how many are told. Within a transaction."""
    offers = [one for rows in seen_offers(products, now=now).values() for one in rows]
    changed = [
        _Changed(alert_id, consent_id, times_told, change)
        for alert_id, consent_id, times_told, wish, lowest, stocked in _candidates(products, offers, now=now, rest=rest)
        if (change := decide(wish, lowest=lowest, is_stocked=stocked, now=now, rest=rest))
    ]
    _save(changed)
    told = [(one.consent_id, f"{one.alert_id}.{one.times_told + 1}") for one in changed if one.change.is_told]
    return tell_each(told, kind="alert", now=now)


def _candidates(
    products: Collection[int], offers: Sequence[Seen], *, now: datetime, rest: timedelta
) -> list[tuple[int, int, int, Wish, Decimal | None, bool | None]]:
    given: dict[str, Any] = {
        "product": [one.product_id for one in offers],
        "currency": [one.currency for one in offers],
        "amount": [one.amount for one in offers],
        "stocked": [one.is_stocked for one in offers],
        "reach": [" ".join(one.reach) for one in offers],
        "products": list(products),
        "rested": now - rest,
    }
    with connection.cursor() as cursor:
        cursor.execute(_MAY_CHANGE, given)
        rows = cursor.fetchall()
    return [
        (
            alert_id,
            consent_id,
            times_told,
            Wish(kind=AlertKind(kind), amount=amount, base=base, is_armed=is_armed, told_at=told_at),
            lowest,
            stocked,
        )
        for alert_id, consent_id, kind, amount, base, is_armed, told_at, times_told, lowest, stocked in rows
    ]


def _save(changed: Sequence[_Changed]) -> None:
    if not changed:
        return
    columns: list[list[Any]] = [
        [one.alert_id for one in changed],
        [one.change.wish.is_armed for one in changed],
        [one.change.wish.base for one in changed],
        [one.change.was for one in changed],
        [one.change.wish.told_at for one in changed],
        [one.times_told + one.change.is_told for one in changed],
    ]
    with connection.cursor() as cursor:
        cursor.execute(_SAVE, columns)

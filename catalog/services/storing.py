"""How do the results of a stroke reach the database? In one statement for its offers and one for its new readings."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from datetime import datetime
from operator import attrgetter
from typing import Any

from django.db import connection

from catalog.models import Offer, Price

# Column of the offer: its type in PostgreSQL. What a look may change, and nothing an editor may be changing.
_OFFER_COLUMNS = {
    "amount": "numeric",
    "currency": "text",
    "shipping_amount": "numeric",
    "availability": "text",
    "seen_at": "timestamptz",
    "days_seen": "bigint",
    "state": "text",
    "state_reason": "text",
    "checked_at": "timestamptz",
    "next_check_at": "timestamptz",
    "times_missing": "smallint",
    "rate_shape": "float8",
    "rate_days": "float8",
}
_PRICE_COLUMNS = {
    "offer_id": "bigint",
    "amount": "numeric",
    "currency": "text",
    "shipping_amount": "numeric",
    "availability": "text",
    "seen_at": "timestamptz",
    "source": "text",
    "verdict": "text",
    "reason": "text",
    "raw": "text",
    "decided_by": "text",
}
_UPDATE = " ".join(
    (
        "UPDATE catalog_offer o SET claimed_at = NULL,",
        ", ".join(f"{name} = given.{name}" for name in _OFFER_COLUMNS),
        "FROM unnest(",
        ", ".join(f"%s::{kind}[]" for kind in ("bigint", *_OFFER_COLUMNS.values())),
        ") AS given (id,",
        ", ".join(_OFFER_COLUMNS),
        ") WHERE o.id = given.id",
    )
)
# A stroke that is stored twice leaves one row: a reading is known by its offer, its moment and its verdict.
_INSERT = " ".join(
    (
        "INSERT INTO catalog_price (",
        ", ".join(_PRICE_COLUMNS),
        ") SELECT * FROM unnest(",
        ", ".join(f"%s::{kind}[]" for kind in _PRICE_COLUMNS.values()),
        ") ON CONFLICT DO NOTHING",
    )
)
# The newest of each offer by the index of (offer, seen_at), however long its history is.
_NEWEST = """
    SELECT p.* FROM unnest(%s::bigint[]) AS wanted (id), LATERAL (
        SELECT * FROM catalog_price WHERE offer_id = wanted.id AND {which}
        ORDER BY seen_at DESC, id DESC LIMIT 1
    ) p
"""
_STANDS = "source <> 'undo'"
# As `Price.objects.accepted()`.
_NOT_TAKEN_BACK = """verdict = 'accepted' AND NOT EXISTS (
    SELECT 1 FROM catalog_price undone WHERE undone.offer_id = catalog_price.offer_id
    AND undone.seen_at = catalog_price.seen_at AND undone.source = 'undo'
    AND undone.verdict = 'rejected' AND undone.id > catalog_price.id
)"""


def update_offers(offers: Collection[Offer]) -> None:
    """Write what a look changes of these offers, whose rows the caller has locked; their claims end with it."""
    if not offers:
        return
    columns = [_array(map(attrgetter(name), offers)) for name in ("id", *_OFFER_COLUMNS)]
    with connection.cursor() as cursor:
        cursor.execute(_UPDATE, columns)


def append_prices(prices: Collection[Price]) -> None:
    """Append the readings; one that is there already (its offer, moment and verdict) stays as it is."""
    if not prices:
        return
    columns = [_array(map(attrgetter(name), prices)) for name in _PRICE_COLUMNS]
    with connection.cursor() as cursor:
        cursor.execute(_INSERT, columns)


def _array(values: Iterable[object]) -> str:
    """The values as PostgreSQL writes an array, which the statement casts: a third of the driver's own time."""
    return "{" + ",".join([_element(value) for value in values]) + "}"


def _element(value: object) -> str:
    if value is None:
        return "NULL"
    if isinstance(value, str):
        return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'
    return value.isoformat() if isinstance(value, datetime) else str(value)


def newest_prices(offer_ids: Iterable[int]) -> dict[int, Price]:
    """Each offer's newest reading of whatever verdict, by the offer's id."""
    return _newest(offer_ids, _STANDS)


def newest_accepted(offer_ids: Iterable[int]) -> dict[int, Price]:
    """Each offer's newest believed reading that no editor took back, by the offer's id."""
    return _newest(offer_ids, _NOT_TAKEN_BACK)


def _newest(offer_ids: Iterable[int], which: str) -> dict[int, Price]:
    ids = list(offer_ids)
    if not ids:
        return {}
    raw: Callable[..., Iterable[Any]] = Price.objects.raw
    return {price.offer_id: price for price in raw(_NEWEST.format(which=which), [ids])}

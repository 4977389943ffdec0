"""By which statement do staged rows become offers with their links and first prices, all at once?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import connection, models

from catalog.models import Link, Offer, Price
from catalog.models.price import Verdict

STAGE = "feed_import_stage"
STAGED = {
    "product_id": "bigint",
    "merchant_sku": "text",
    "condition": "text",
    "url": "text",
    "amount": "numeric",
    "currency": "text",
    "shipping_amount": "numeric",
    "availability": "text",
    "raw": "text",
    "next_check_at": "timestamptz",
    "code": "text",
}


@dataclass(frozen=True, slots=True)
class Statement:
    text: str
    defaults: Mapping[str, Any]


def insert_statement() -> Statement:
    """Offers, links and prices out of the staged rows, in one statement; returns what was made.

    Columns that nobody named get the model's own default, so that a new column needs no change here.
    """
    defaults: dict[str, Any] = {}
    offers = _columns(
        Offer,
        {
            **{name: f"s.{name}" for name in STAGED if name not in {"raw", "code"}},
            "merchant_id": "%(merchant)s",
            "seen_at": "CASE WHEN s.amount IS NULL THEN NULL ELSE %(seen_at)s END",
            "checked_at": "CASE WHEN s.amount IS NULL THEN NULL ELSE %(now)s END",
            "state": f"CASE WHEN s.amount IS NULL THEN '{Offer.State.NEW}' ELSE '{Offer.State.OK}' END",
            "created_at": "%(now)s",
        },
        defaults,
    )
    links = _columns(
        Link, {"code": "s.code", "offer_id": "made.id", "created_at": "%(now)s", "updated_at": "%(now)s"}, defaults
    )
    prices = _columns(
        Price,
        {
            "offer_id": "made.id",
            "seen_at": "%(seen_at)s",
            "source": "%(source)s",
            "verdict": f"'{Verdict.ACCEPTED}'",
            **{name: f"s.{name}" for name in ("amount", "currency", "shipping_amount", "availability", "raw")},
        },
        defaults,
    )
    staged = f"made JOIN {STAGE} s USING (merchant_sku, condition)"
    # Names of tables and columns are ours, values are parameters.
    return Statement(
        f"""
        WITH made AS (
            INSERT INTO catalog_offer ({offers.names}) SELECT {offers.values} FROM {STAGE} s
            ON CONFLICT (merchant_id, merchant_sku, condition) DO NOTHING RETURNING id, merchant_sku, condition
        ), linked AS (
            INSERT INTO catalog_link ({links.names}) SELECT {links.values} FROM {staged}
            ON CONFLICT (code) DO NOTHING RETURNING offer_id
        ), priced AS (
            INSERT INTO catalog_price ({prices.names}) SELECT {prices.values} FROM {staged} WHERE s.amount IS NOT NULL
        )
        SELECT made.id, made.merchant_sku, made.condition, linked.offer_id IS NOT NULL
        FROM made LEFT JOIN linked ON linked.offer_id = made.id
        """,  # noqa: S608
        defaults,
    )


@dataclass(frozen=True, slots=True)
class _Columns:
    names: str
    values: str


def _columns(model: type[models.Model], given: Mapping[str, str], defaults: dict[str, Any]) -> _Columns:
    values = dict(given)
    for field in model._meta.concrete_fields:
        column = field.column or field.name
        if column in values or field.primary_key:
            continue
        name = f"{model.__name__}_{column}"
        defaults[name] = field.get_db_prep_save(field.get_default(), connection)
        values[column] = f"%({name})s"
    return _Columns(", ".join(f'"{name}"' for name in values), ", ".join(values.values()))

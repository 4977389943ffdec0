"""Which columns does a file of links have? The code, the offer it leads to, and when and how it ends."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from catalog.tables import cells
from catalog.tables.base import Column, TableKind
from catalog.tables.offers import CONDITION, MERCHANT, SKU
from catalog.tables.offers import identity as offer_identity

REDIRECTS = (302, 301, 307)


def _redirect(cell: str) -> int:
    return int(cells.one_of(str(code) for code in REDIRECTS)(cell))


def _identity(values: Mapping[str, Any]) -> Any:
    return values["code"] if values.get("code") else offer_identity(values)


LINKS = TableKind(
    key="links",
    label="Links",
    one="link",
    model="link",
    columns=(
        Column(
            name="code",
            meaning="What stands after /go/; empty: the offer's own link, which is made when it has none. "
            "A code that is here already never changes",
            format="small letters, digits, single hyphens, at most 40",
            example="acme-one-shop",
            read=cells.slug(40),
        ),
        MERCHANT,
        SKU,
        CONDITION,
        Column(
            name="redirect_status",
            meaning="How browsers are sent on",
            format=", ".join(map(str, REDIRECTS)),
            example="302",
            read=_redirect,
        ),
        Column(name="is_active", meaning="Is it switched on?", format="yes, no", example="yes", read=cells.flag),
        Column(
            name="expires_at",
            meaning="From then on it leads to its fallback",
            format="2026-11-26T14:30:00+00:00; without a zone: UTC",
            read=cells.moment,
            may_clear=True,
        ),
        Column(
            name="expires_after_clicks",
            meaning="After so many net clicks it leads to its fallback",
            format="whole number from 1",
            read=cells.number(least=1, most=Decimal(2_147_483_647)),
            may_clear=True,
        ),
        Column(
            name="fallback_path",
            meaning="The page of ours that an ended link leads to; none: the product's page",
            format="path, as in /guides/",
            example="/guides/",
            read=cells.text(300),
            may_clear=True,
            nothing="",
        ),
        Column(name="product", meaning="The product it leads to", format="told only", is_told=True),
        Column(name="routes", meaning="How many routes it has", format="told only", is_told=True),
        Column(name="expired_at", meaning="When its clicks were used up", format="told only", is_told=True),
        Column(name="created_at", meaning="Since when it is there", format="told only", is_told=True),
    ),
    needs=(("code",), ("merchant", "sku")),
    identity=_identity,
)

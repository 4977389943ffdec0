"""Which columns does a file of offers have? What is sold where, and the price that somebody saw there."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from catalog.reading import Availability, Condition
from catalog.tables import cells
from catalog.tables.base import Column, TableKind
from catalog.tables.products import asin, gtin

# What a row that names one of these says of the price.
PRICE = ("price", "currency", "shipping", "availability", "seen_at")


def _condition(values: Mapping[str, Any]) -> str:
    return str(values.get("condition") or Condition.NEW.value)


def identity(values: Mapping[str, Any]) -> Any:
    return (str(values.get("merchant") or "").casefold(), values.get("sku"), _condition(values))


MERCHANT = Column(
    name="merchant",
    meaning="Who sells it, by name or by address (slug)",
    format="text",
    example="Shop",
    read=cells.text(80),
)
SKU = Column(
    name="sku",
    meaning="The merchant's own number of the item",
    format="text, at most 120",
    example="A-1",
    read=cells.text(120),
)
CONDITION = Column(
    name="condition",
    meaning="In which condition; empty: new. With merchant and sku it says which offer is meant",
    format=", ".join(one.value for one in Condition),
    example="new",
    read=cells.one_of(one.value for one in Condition),
)

OFFERS = TableKind(
    key="offers",
    label="Offers",
    one="offer",
    model="offer",
    columns=(
        MERCHANT,
        SKU,
        CONDITION,
        Column(
            name="product",
            meaning="What it is: the product's address (slug). A new offer needs it, or the GTIN or ASIN",
            format="slug of a product",
            example="acme-one",
            read=cells.slug(200),
        ),
        Column(
            name="gtin",
            meaning="The product by its GTIN; beside the slug it must be of the same product",
            format="8, 12, 13 or 14 digits",
            example="4006381333931",
            read=gtin,
        ),
        Column(
            name="asin",
            meaning="The product by its ASIN; beside the slug it must be of the same product",
            format="ten letters and digits",
            read=asin,
        ),
        Column(
            name="url",
            meaning="The item's page at the merchant, untagged and on its own hosts. A new offer needs it",
            format="https://…, at most 2000",
            example="https://shop.example/p/a-1",
            read=cells.address(2000),
        ),
        Column(
            name="price",
            meaning="What the merchant asks, without shipping. It is judged like every reading: an odd one is held",
            format="digits, as in 99.90",
            example="99.90",
            read=cells.amount,
        ),
        Column(
            name="currency",
            meaning="Of price and shipping; empty: the merchant's",
            format="ISO 4217",
            example="USD",
            read=cells.currency,
        ),
        Column(
            name="shipping",
            meaning="What sending it costs",
            format="digits, as in 4.90; 0: free",
            example="0",
            read=cells.amount,
            may_clear=True,
        ),
        Column(
            name="availability",
            meaning="Can it be ordered?",
            format=", ".join(one.value for one in Availability),
            example="in_stock",
            read=cells.one_of(one.value for one in Availability),
        ),
        Column(
            name="seen_at",
            meaning="When price and availability were seen. Empty, or the known price's own time beside another price: "
            "when the file was uploaded",
            format="2026-11-26T14:30:00+00:00; without a zone: UTC",
            read=cells.moment,
        ),
        Column(
            name="withdrawn",
            meaning="Is it off the site?",
            format="yes, no",
            example="no",
            read=cells.flag,
        ),
        Column(name="title", meaning="The product's name", format="told only", is_told=True),
        Column(name="brand", meaning="The product's brand", format="told only", is_told=True),
        Column(name="go_code", meaning="The code of its link", format="told only", is_told=True),
        Column(name="state", meaning="How the last look at it went", format="told only", is_told=True),
        Column(name="state_reason", meaning="Why", format="told only", is_told=True),
        Column(name="withdrawn_at", meaning="Since when it is off the site", format="told only", is_told=True),
    ),
    needs=(("merchant", "sku"),),
    identity=identity,
)

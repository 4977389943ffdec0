"""How do products come in from a partner's machine: one as a whole, one in parts, or many at once?

By the rows that files of products are stored by (`table_imports.products`): found alike, judged alike, and what is
said of a spec stands in the claim ledger alike.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.db.models.functions import Lower

from catalog.models import Product, ProductCode
from catalog.services.table_imports.outcome import Around, Outcome, Rights
from catalog.services.table_imports.products import ProductRows
from catalog.services.table_imports.taking import take_row, wrong_row
from catalog.table_rows import product_values, products_for_export
from catalog.tables import PRODUCTS, Problem, ReadRow

MOST = 500
# Read at once; as in `table_imports.running`.
_STROKE = 200
_CODES = ("gtin", "asin", "mpn")
_NAME = ("brand", "model", "variant")
# Whoever has the scope may do all of it.
_RIGHTS = Rights()


def record_of(product: Product) -> str:
    """16 hex digits that are others as soon as anything is that a machine can say of a product, or the ledger.

    Needs what `products_for_export` reads.
    """
    values = {name: value for name, value in product_values(product).items() if name != "updated_at"}
    return hashlib.sha256(json.dumps(values, sort_keys=True, default=str).encode()).hexdigest()[:16]


def for_writing(slug: str) -> Product | None:
    """The product, locked until the transaction ends, with what `record_of` needs; None: there is none.

    Of records that were merged into another nothing is changed any more.
    """
    if not Product.objects.select_for_update(of=("self",)).filter(slug=slug, merged_into=None).exists():
        return None
    return products_for_export(Product.objects.filter(slug=slug)).get()


def write_product(*, slug: str, columns: Mapping[str, Any], now: datetime) -> Outcome:
    """Store one product under its slug, new or not. What is wrong with it is in the outcome, and nothing is stored."""
    row = ReadRow(number=0, values={**columns, "slug": slug})
    writer = _writer(now)
    writer.load([row])
    return take_row(writer, row, names=PRODUCTS.names)


@transaction.atomic
def upsert_products(*, rows: Sequence[ReadRow], now: datetime) -> list[Outcome]:
    """Store each row, at most `MOST`; one outcome each, in their order. A wrong one stops no other.

    Codes are added, never taken away, and who is found by a code keeps its name: a shop's own words for it are none.
    """
    found: list[Outcome] = []
    seen: dict[Any, int] = {}
    for start in range(0, len(rows), _STROKE):
        named = _named(rows[start : start + _STROKE])
        writer = _writer(now)
        writer.load([row for row in named if not row.problems])
        found += [_once(row, seen) or take_row(writer, row, names=PRODUCTS.names) for row in named]
    return found


def _writer(now: datetime) -> ProductRows:
    return ProductRows(Around(rights=_RIGHTS, now=now, seen_at=now, file_name=""))


def _once(row: ReadRow, seen: dict[Any, int]) -> Outcome | None:
    """A row about something that stood in a row before: both were judged by what was there before."""
    if row.problems:
        return None
    first = seen.setdefault(PRODUCTS.identity(row.values), row.number)
    if first == row.number:
        return None
    return wrong_row(row, [Problem(column="", message=f"Row {first} is about the same product. Send one of them.")])


def _named(rows: Sequence[ReadRow]) -> list[ReadRow]:
    """The rows with the slugs of the products that their codes name, and with the codes these have already."""
    by_gtin, by_number = _owners(rows)
    named = [_with_slug(row, by_gtin, by_number) for row in rows]
    kept = _codes_of(row.values["slug"] for row in named if "slug" in row.values)
    return [_with_codes(row, kept.get(row.values.get("slug", ""), {})) for row in named]


def _owners(rows: Iterable[ReadRow]) -> tuple[dict[str, str], dict[tuple[str, str], set[str]]]:
    """GTIN → slug, and (brand, part number) → slugs, of all that rows without a slug say. Two queries."""
    nameless = [row.values for row in rows if "slug" not in row.values]
    gtins = {code for values in nameless for code in values.get("gtin", ())}
    numbers = {code for values in nameless if "brand" in values for code in values.get("mpn", ())}
    codes: QuerySet[ProductCode] = ProductCode.objects.filter(product__merged_into=None)
    by_gtin = codes.filter(scheme=ProductCode.Scheme.GTIN, value__in=gtins).values_list("value", "product__slug")
    by_number: dict[tuple[str, str], set[str]] = {}
    rows_by_number = codes.filter(scheme=ProductCode.Scheme.MPN, value__in=numbers).values_list(
        Lower("product__brand__name"), "value", "product__slug"
    )
    for brand, number, slug in rows_by_number:
        by_number.setdefault((brand, number), set()).add(slug)
    return dict(by_gtin), by_number


def _with_slug(row: ReadRow, by_gtin: Mapping[str, str], by_number: Mapping[tuple[str, str], set[str]]) -> ReadRow:
    values = row.values
    if "slug" in values or row.problems:
        return row
    slugs = {by_gtin[code] for code in values.get("gtin", ()) if code in by_gtin}
    if not slugs:
        brand = str(values.get("brand", "")).casefold()
        by_maker = {slug for code in values.get("mpn", ()) for slug in by_number.get((brand, code), ())}
        # A part number that several products share names none of them.
        slugs = by_maker if len(by_maker) == 1 else set()
    if len(slugs) > 1:
        said = f"Its GTINs name different products here: {', '.join(sorted(slugs))}. Name one by its slug."
        return ReadRow(number=row.number, values=values, problems=(Problem(column="gtin", message=said),))
    if not slugs:
        return row
    kept = {name: value for name, value in values.items() if name not in _NAME}
    return ReadRow(number=row.number, values={**kept, "slug": slugs.pop()})


def _codes_of(slugs: Iterable[str]) -> dict[str, dict[str, tuple[str, ...]]]:
    found: dict[str, dict[str, tuple[str, ...]]] = {}
    rows = ProductCode.objects.filter(product__slug__in=set(slugs)).order_by("scheme", "value")
    for slug, scheme, value in rows.values_list("product__slug", "scheme", "value"):
        of_product = found.setdefault(slug, {})
        of_product[scheme] = (*of_product.get(scheme, ()), value)
    return found


def _with_codes(row: ReadRow, kept: Mapping[str, tuple[str, ...]]) -> ReadRow:
    more = {
        name: tuple(dict.fromkeys((*kept.get(name, ()), *row.values[name]))) for name in _CODES if name in row.values
    }
    return ReadRow(number=row.number, values={**row.values, **more}, problems=row.problems)

"""What stands in each column of a file of products, offers or links, as the database has it?

One place for both ways: what is exported, and what an uploaded row is compared with.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from django.db.models import Count, OuterRef, QuerySet, Subquery

from catalog.models import AudioSpecs, Link, Offer, Product, ProductCode
from catalog.tables.cells import NONE, joined
from catalog.tables.products import ADDRESS, CHOICES, DAY, SOURCE, SPEC_NAMES, VOUCHED

_LISTS = frozenset({"certifications", *(name for name in CHOICES if name in ("radios", "connectors", "platforms"))})


def product_values(product: Product) -> dict[str, Any]:
    """Needs `brand`, `merged_into` and `specs` selected, `codes` and `evidence` prefetched."""
    found: dict[str, Any] = {
        "slug": product.slug,
        "brand": product.brand.name,
        "model": product.model,
        "variant": product.variant,
        "kind": product.kind,
        "type": product.type,
        "status": product.status,
        "summary": product.summary,
        "colour": product.colour,
    }
    for scheme in ProductCode.Scheme:
        found[scheme.value] = tuple(code.value for code in product.codes.all() if code.scheme == scheme)
    specs: AudioSpecs | None = getattr(product, "specs", None)
    for name in SPEC_NAMES:
        value = getattr(specs, name) if specs is not None else None
        found[name] = tuple(value) if isinstance(value, list) else value
    found["merged_into"] = product.merged_into.slug if product.merged_into else None
    found["updated_at"] = product.updated_at
    return found | _evidence(product)


def _evidence(product: Product) -> dict[str, Any]:
    said: dict[str, list[Any]] = defaultdict(list)
    for row in sorted(product.evidence.all(), key=lambda row: row.pk):
        said[row.spec].append(row)
    found: dict[str, Any] = {}
    for name in VOUCHED:
        rows = said.get(name, ())
        found[name + SOURCE] = tuple(row.source for row in rows)
        found[name + ADDRESS] = tuple(row.source_url or None for row in rows) if any(r.source_url for r in rows) else ()
        found[name + DAY] = tuple(row.checked_on for row in rows)
    return found


def offer_values(offer: Offer) -> dict[str, Any]:
    """Needs `product__brand` and `merchant` selected; the annotations of `offers_for_export` where it has them."""
    return {
        "merchant": offer.merchant.name,
        "sku": offer.merchant_sku,
        "condition": offer.condition,
        "product": offer.product.slug,
        "gtin": getattr(offer, "first_gtin", None),
        "asin": getattr(offer, "first_asin", None),
        "url": offer.url,
        "price": offer.amount,
        "currency": offer.currency,
        "shipping": offer.shipping_amount,
        "availability": offer.availability,
        "seen_at": offer.seen_at,
        "withdrawn": offer.withdrawn_at is not None,
        "title": offer.product.name,
        "brand": offer.product.brand.name,
        "go_code": getattr(offer, "link_code", None),
        "state": offer.state,
        "state_reason": offer.state_reason,
        "withdrawn_at": offer.withdrawn_at,
    }


def link_values(link: Link) -> dict[str, Any]:
    """Needs `offer__merchant` and `offer__product` selected."""
    return {
        "code": link.code,
        "merchant": link.offer.merchant.name,
        "sku": link.offer.merchant_sku,
        "condition": link.offer.condition,
        "redirect_status": link.redirect_status,
        "is_active": link.is_active,
        "expires_at": link.expires_at,
        "expires_after_clicks": link.expires_after_clicks,
        "fallback_path": link.fallback_path,
        "product": link.offer.product.slug,
        "routes": getattr(link, "route_count", None),
        "expired_at": link.expired_at,
        "created_at": link.created_at,
    }


VALUES: Mapping[str, Callable[[Any], dict[str, Any]]] = {
    "products": product_values,
    "offers": offer_values,
    "links": link_values,
}


def products_for_export(rows: QuerySet[Product]) -> QuerySet[Product]:
    return rows.select_related("brand", "merged_into", "specs").prefetch_related("codes", "evidence")


def offers_for_export(rows: QuerySet[Any]) -> QuerySet[Any]:
    def first(scheme: str) -> Subquery:
        codes = ProductCode.objects.filter(product=OuterRef("product"), scheme=scheme)
        return Subquery(codes.order_by("value").values("value")[:1])

    links = Link.objects.filter(offer=OuterRef("pk"), is_active=True)
    found: QuerySet[Any] = rows.select_related("product__brand", "merchant").annotate(
        first_gtin=first(ProductCode.Scheme.GTIN),
        first_asin=first(ProductCode.Scheme.ASIN),
        link_code=Subquery(links.order_by("pk").values("code")[:1]),
    )
    return found


def links_for_export(rows: QuerySet[Any]) -> QuerySet[Any]:
    found = rows.select_related("offer__merchant", "offer__product")
    return found if "route_count" in found.query.annotations else found.annotate(route_count=Count("routes"))


def as_cell(name: str, value: Any) -> Any:
    """The value as the column's cell has it: lists between bars, known to be none apart from not known."""
    if not isinstance(value, tuple):
        return value
    if not value:
        return NONE if name in _LISTS else ""
    return joined(value)


def same(stored: Any, wanted: Any) -> bool:
    """Whether the cell says what is stored; times are written to the second, texts are read without blanks around."""
    if isinstance(stored, datetime) and isinstance(wanted, datetime):
        return stored.replace(microsecond=0) == wanted.replace(microsecond=0)
    if isinstance(stored, str) and isinstance(wanted, str):
        return stored == wanted or stored.strip() == wanted
    return bool(stored == wanted)

"""What are partners told of products, prices and imports? Where to look, never the price itself.

A message may arrive days later, when a price must not be shown any more: who hears of it asks the API, which answers by
the merchant's terms of that moment. Of merchants who keep their prices from the API nothing is told at all.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.urls import reverse

from catalog.models import FeedImport, Offer, Product, TableImport
from catalog.terms import Use, allows
from partners.events import Kind

Told = Mapping[str, Mapping[str, Any]]


def products_changed(ids: Sequence[str]) -> Told:
    """By the product's number. Of one that is gone nothing can be told; a merged one names the one it became."""
    rows = Product.objects.filter(pk__in=_numbers(ids)).select_related("merged_into")
    return {
        str(row.pk): {
            "product": row.slug,
            "merged_into": row.merged_into.slug if row.merged_into else None,
            "url": settings.SITE_URL + reverse("api-product", kwargs={"slug": (row.merged_into or row).slug}),
            "page": settings.SITE_URL + (row.merged_into or row).get_absolute_url(),
        }
        for row in rows
    }


def prices_changed(ids: Sequence[str]) -> Told:
    """By the offer's number."""
    rows = Offer.objects.filter(pk__in=_numbers(ids)).select_related("product", "merchant")
    return {
        str(row.pk): {
            "product": row.product.slug,
            "merchant": row.merchant.slug,
            "url": f"{settings.SITE_URL}{reverse('api-offers')}?"
            + urlencode({"product": row.product.slug, "merchant": row.merchant.slug}),
            "page": settings.SITE_URL + row.product.get_absolute_url(),
        }
        for row in rows
        if allows(row.merchant.terms, Use.API)
    }


def imports_finished(keys: Sequence[str]) -> Told:
    """By `feed:<number>` or `table:<number>`. How many rows of what, no row itself."""
    found: dict[str, dict[str, Any]] = {}
    for feed in FeedImport.objects.filter(pk__in=_numbers(keys, "feed:")):
        rows = {name: getattr(feed, f"rows_{name}") for name in ("total", "matched", "doubtful", "unknown", "refused")}
        found[f"feed:{feed.pk}"] = {"import": f"feed:{feed.pk}", "state": feed.state, "rows": rows}
    for table in TableImport.objects.filter(pk__in=_numbers(keys, "table:")):
        rows = {name: getattr(table, f"rows_{name}") for name in ("total", "new", "changed", "same", "wrong")}
        found[f"table:{table.pk}"] = {"import": f"table:{table.pk}", "state": table.state, "rows": rows}
    return found


def _numbers(keys: Sequence[str], word: str = "") -> list[int]:
    rests = (key.removeprefix(word) for key in keys if key.startswith(word))
    return [int(rest) for rest in rests if rest.isdecimal()]


KINDS = (
    Kind("product.changed", "A product's facts changed", products_changed),
    Kind("price.changed", "A price or its availability changed", prices_changed),
    Kind("import.finished", "An import came to its end", imports_finished),
)

"""How do two records of one product become one, and how is that taken back?"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from catalog.models import DoubtfulMatch, Offer, Product, ProductCode, ProductMerge
from catalog.services.page_changes import announce


class MergeError(Exception):
    """The records cannot be merged, or a merge cannot be undone; nothing was changed. The message says why."""


@dataclass(frozen=True, slots=True)
class MergePlan:
    """What merging would do. `warnings` are sentences about what an editor should look at twice."""

    kept: Product
    merged: Product
    offers: tuple[Offer, ...]
    codes: tuple[ProductCode, ...]
    warnings: tuple[str, ...]


def merge_plan(*, kept: Product, merged: Product) -> MergePlan:
    """What `merge_products` would do, nothing done. Raises `MergeError` when it would refuse."""
    _refuse(kept, merged)
    offers = tuple(merged.offers.select_related("merchant").order_by("merchant__name", "pk"))
    return MergePlan(
        kept=kept,
        merged=merged,
        offers=offers,
        codes=tuple(merged.codes.all()),
        warnings=(*_differences(kept, merged), *_shared_merchants(kept, offers)),
    )


@transaction.atomic
def merge_products(*, kept: Product, merged: Product, by: str, now: datetime) -> ProductMerge:
    """`merged` becomes another name of `kept`: its offers, codes and earlier merges move there.

    Prices, readings, clicks and links stay with their offers. The merged record keeps its address, which leads to the
    kept one. Raises `MergeError` for one product twice and for a record that is merged already.
    """
    kept, merged = _locked(kept.pk, merged.pk)
    _refuse(kept, merged)
    doubled = _doubled_codes(kept, merged)
    moved: dict[str, Any] = {
        "offers": _ids(merged.offers.all()),
        "codes": _ids(merged.codes.exclude(pk__in=[code.pk for code in doubled])),
        "doubled_codes": [{"id": code.pk, "scheme": code.scheme, "value": code.value} for code in doubled],
        "products": _ids(merged.merged_products.all()),
        "decisions": _ids(DoubtfulMatch.objects.filter(product=merged)),
    }
    ProductCode.objects.filter(pk__in=[code.pk for code in doubled]).delete()
    _give(moved, to=kept, of=merged)
    Product.objects.filter(pk=merged.pk).update(merged_into=kept, updated_at=now)
    Product.objects.filter(pk=kept.pk).update(updated_at=now)
    _tell(kept, merged, moved)
    return ProductMerge.objects.create(kept=kept, merged=merged, moved=moved, merged_at=now, merged_by=by[:150])


@transaction.atomic
def undo_merge(*, merge: ProductMerge, by: str, now: datetime) -> list[str]:
    """The merged record is a product of its own again, with what it had. Returns sentences about what could not return.

    What an editor gave to a third product since then stays there. Raises `MergeError` when it was undone already, and
    while the kept record is merged itself.
    """
    merge = ProductMerge.objects.select_for_update().get(pk=merge.pk)
    if merge.undone_at is not None:
        raise MergeError("This merge was undone already.")
    kept, merged = _locked(merge.kept_id, merge.merged_id)
    if kept.merged_into_id is not None:
        raise MergeError(f"{kept} was merged into {kept.merged_into} since. Undo that one first.")
    if merged.merged_into_id != kept.pk:
        raise MergeError(f"{merged} is not merged into {kept} any more.")
    stayed = _stayed(merge.moved, kept)
    Product.objects.filter(pk=merged.pk).update(merged_into=None, updated_at=now)
    Product.objects.filter(pk=kept.pk).update(updated_at=now)
    _give(merge.moved, to=merged, of=kept)
    ProductCode.objects.bulk_create(
        [
            ProductCode(pk=code["id"], product=merged, scheme=code["scheme"], value=code["value"])
            for code in merge.moved.get("doubled_codes", ())
        ],
        ignore_conflicts=True,
    )
    merge.undone_at, merge.undone_by = now, by[:150]
    merge.save(update_fields=["undone_at", "undone_by"])
    _tell(kept, merged, merge.moved)
    return stayed


def _locked(kept: int, merged: int) -> tuple[Product, Product]:
    """Both rows, locked in one order, so that two editors merging crosswise take turns."""
    rows = Product.objects.select_for_update(of=("self",)).select_related("brand").order_by("pk")
    found = {row.pk: row for row in rows.filter(pk__in=[kept, merged])}
    if kept not in found or merged not in found:
        raise MergeError("One of the two products is not there any more.")
    return found[kept], found[merged]


def _refuse(kept: Product, merged: Product) -> None:
    if kept.pk == merged.pk:
        raise MergeError("A product cannot be merged into itself. Choose the other record.")
    for product in (kept, merged):
        if product.merged_into_id is not None:
            raise MergeError(f"{product} is merged into {product.merged_into} already. Choose that one, or undo it.")


def _give(moved: dict[str, Any], *, to: Product, of: Product) -> None:
    """Hand over what was noted, as far as it still belongs to `of`."""
    Offer.objects.filter(pk__in=moved["offers"], product=of).update(product=to)
    ProductCode.objects.filter(pk__in=moved["codes"], product=of).update(product=to)
    Product.objects.filter(pk__in=moved.get("products", ()), merged_into=of).update(merged_into=to)
    DoubtfulMatch.objects.filter(pk__in=moved.get("decisions", ()), product=of).update(product=to)


def _stayed(moved: dict[str, Any], kept: Product) -> list[str]:
    offers = Offer.objects.filter(pk__in=moved["offers"]).exclude(product=kept).select_related("product__brand")
    told = [f"Offer {offer.merchant_sku} stays with {offer.product}, which it was given to since." for offer in offers]
    gone = len(moved["codes"]) - ProductCode.objects.filter(pk__in=moved["codes"], product=kept).count()
    if gone:
        told.append(f"{gone} of its codes were removed or given to another product since; they stay as they are.")
    return told


def _doubled_codes(kept: Product, merged: Product) -> list[ProductCode]:
    """Part numbers that both records have: one of the two is enough."""
    known = set(kept.codes.values_list("scheme", "value"))
    return [code for code in merged.codes.all() if (code.scheme, code.value) in known]


def _differences(kept: Product, merged: Product) -> list[str]:
    told = []
    if kept.brand_id != merged.brand_id:
        told.append(f"The brands differ: {kept.brand} and {merged.brand}.")
    if kept.kind and merged.kind and kept.kind != merged.kind:
        told.append(f"One is of the kind {kept.get_kind_display()}, the other {merged.get_kind_display()}.")
    if kept.variant != merged.variant:
        told.append(f"The variants differ: “{kept.variant or 'none'}” and “{merged.variant or 'none'}”.")
    doubled = ", ".join(str(code) for code in _doubled_codes(kept, merged))
    if doubled:
        told.append(f"Both have {doubled}; it is kept once.")
    return told


def _shared_merchants(kept: Product, offers: tuple[Offer, ...]) -> list[str]:
    known = set(kept.offers.values_list("merchant_id", "condition"))
    names = sorted({offer.merchant.name for offer in offers if (offer.merchant_id, offer.condition) in known})
    return [f"{name} sells both, so the product will have two offers there." for name in names]


def _ids(rows: QuerySet[Any]) -> list[int]:
    return list(rows.order_by("pk").values_list("pk", flat=True))


def _tell(kept: Product, merged: Product, moved: dict[str, Any]) -> None:
    announce(f"product:{kept.pk}", f"product:{merged.pk}", *(f"offer:{pk}" for pk in moved["offers"]))

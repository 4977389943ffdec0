"""What happens when an editor says which product a merchant's doubtful item is, that it is none, or takes that back?

A decision teaches: the item's codes name the product from then on, so that the next feed is matched by them. What was
learnt and made is noted beside the chosen candidate, so that exactly that can be taken back.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction

from catalog import product_codes
from catalog.models import DoubtfulMatch, Offer, Product, ProductCode
from catalog.reading import Condition
from catalog.services.offers import OfferError, save_offer, withdraw_offers
from catalog.services.page_changes import announce


class DoubtError(Exception):
    """The decision cannot be carried out; nothing was stored. The message says why and what to do."""


@transaction.atomic
def match_item(*, doubt: DoubtfulMatch, product: Product, by: str, now: datetime) -> list[str]:
    """The item is this product: its offer and link are made, its codes learnt, its price is read next.

    Returns sentences about codes that were not learnt. Raises `DoubtError`.
    """
    doubt = _locked_open(doubt)
    product = _kept(product)
    offer, was_there = _offer(doubt, product, now)
    learnt, told = _learn(doubt, product)
    entries = [entry for entry in doubt.candidates if entry.get("product") != product.pk]
    chosen: dict[str, Any] = next(
        (entry for entry in doubt.candidates if entry.get("product") == product.pk),
        {"product": product.pk, "score": 0, "why": f"Chosen by {by}.", "was_added": True},
    )
    decided = {**chosen, "learnt": learnt, "offer": None if was_there else offer.pk}
    doubt.candidates = [decided, *entries]
    doubt.product = product
    _decide(doubt, DoubtfulMatch.Decision.MATCHED, by, now)
    announce(f"product:{product.pk}", f"offer:{offer.pk}")
    return told


@transaction.atomic
def dismiss_item(*, doubt: DoubtfulMatch, by: str, now: datetime) -> None:
    """The item is none of ours; imports do not ask again. Raises `DoubtError` when it was decided already."""
    doubt = _locked_open(doubt)
    _decide(doubt, DoubtfulMatch.Decision.DISMISSED, by, now)


@transaction.atomic
def reopen_item(*, doubt: DoubtfulMatch, now: datetime) -> None:
    """Take the decision back: the codes it taught are forgotten, the offer it made is withdrawn.

    Raises `DoubtError` when nothing was decided.
    """
    doubt = DoubtfulMatch.objects.select_for_update().get(pk=doubt.pk)
    if doubt.decision == DoubtfulMatch.Decision.OPEN:
        raise DoubtError(f"{doubt}: nothing was decided yet.")
    kept = []
    for entry in doubt.candidates:
        if "learnt" not in entry:
            kept.append(entry)
            continue
        ProductCode.objects.filter(pk__in=entry["learnt"], product=doubt.product).delete()
        withdraw_offers(offers=Offer.objects.filter(pk=entry["offer"], product=doubt.product), now=now)
        if not entry.get("was_added"):
            kept.append({key: value for key, value in entry.items() if key not in ("learnt", "offer")})
    doubt.candidates = sorted(kept, key=lambda entry: -entry.get("score", 0))
    doubt.product, doubt.decided_at = None, None
    doubt.decision, doubt.decided_by = DoubtfulMatch.Decision.OPEN, ""
    doubt.save(update_fields=["candidates", "product", "decision", "decided_by", "decided_at"])


def _locked_open(doubt: DoubtfulMatch) -> DoubtfulMatch:
    rows = DoubtfulMatch.objects.select_for_update(of=("self",)).select_related("merchant")
    found = rows.filter(pk=doubt.pk).first()
    if found is None:
        raise DoubtError("The item is not there any more.")
    if found.decision != DoubtfulMatch.Decision.OPEN:
        raise DoubtError(f"{found}: {found.decided_by or 'somebody'} decided it already. Take that back first.")
    return found


def _kept(product: Product) -> Product:
    return product.merged_into if product.merged_into is not None else product


def _offer(doubt: DoubtfulMatch, product: Product, now: datetime) -> tuple[Offer, bool]:
    """The item's offer of the product, and whether it was for sale here before."""
    known = Offer.objects.filter(
        merchant=doubt.merchant, merchant_sku=doubt.merchant_sku, condition=doubt.condition
    ).select_related("product__brand")
    there = known.first()
    if there is not None and there.product_id != product.pk and there.withdrawn_at is None:
        raise DoubtError(f"{doubt}: it is an offer of {there.product} by now. Change that offer instead.")
    try:
        offer = save_offer(
            product=product,
            merchant=doubt.merchant,
            merchant_sku=doubt.merchant_sku,
            url=doubt.url,
            condition=Condition(doubt.condition),
            now=now,
        )
    except OfferError as error:
        raise DoubtError(str(error)) from error
    return offer, there is not None and there.withdrawn_at is None


def _learn(doubt: DoubtfulMatch, product: Product) -> tuple[list[int], list[str]]:
    """Codes that name nothing else become the product's. Their ids, and sentences about those that do."""
    learnt, told = [], []
    for scheme, value in _codes(doubt):
        owners = ProductCode.objects.filter(scheme=scheme, value=value).select_related("product__brand")
        if scheme == ProductCode.Scheme.MPN:
            owners = owners.filter(product__brand=product.brand)
        owner = owners.first()
        if owner is None:
            learnt.append(ProductCode.objects.create(product=product, scheme=scheme, value=value).pk)
        elif owner.product_id != product.pk:
            told.append(f"{owner} names {owner.product}, so it was not given to {product}. Are they one product?")
    return learnt, told


def _codes(doubt: DoubtfulMatch) -> list[tuple[str, str]]:
    found = [(ProductCode.Scheme.MPN.value, number) for number in product_codes.mpns(doubt.mpn)]
    if asin := product_codes.asin(doubt.asin):
        found.append((ProductCode.Scheme.ASIN.value, asin))
    if gtin := product_codes.gtin(doubt.gtin):
        found.append((ProductCode.Scheme.GTIN.value, gtin))
    return found


def _decide(doubt: DoubtfulMatch, decision: DoubtfulMatch.Decision, by: str, now: datetime) -> None:
    doubt.decision, doubt.decided_by, doubt.decided_at = decision, by[:150], now
    doubt.save(update_fields=["candidates", "product", "decision", "decided_by", "decided_at"])

"""Which product does an item of a merchant's feed belong to, and which offer does an answer belong to?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from catalog import product_codes
from catalog.models import Offer, Product, ProductCode
from catalog.reading import Reading, Unreadable

Answer = Reading | Unreadable


class Misfit(Unreadable):
    """The answer is about this item but not about this offer of it; a later part of the answer may fit."""


def product_for_item(*, gtin: str = "", mpn: str = "", brand: str = "") -> Product | None:
    """The product that an item's codes name: by its GTIN, else by its brand's part number when that names only one."""
    code = product_codes.gtin(gtin)
    if code is not None:
        found = ProductCode.objects.filter(scheme=ProductCode.Scheme.GTIN, value=code).select_related("product__brand")
        if first := found.first():
            return first.product
    numbers = product_codes.mpns(mpn)
    if not numbers or not brand:
        return None
    products = Product.objects.filter(
        codes__scheme=ProductCode.Scheme.MPN, codes__value__in=numbers, brand__name__iexact=brand.strip()
    ).distinct()[:2]
    return products[0] if len(products) == 1 else None


def by_sku(offers: Iterable[Offer]) -> dict[str, list[Offer]]:
    """The offers by the merchant's own id: one item can be offered new and used."""
    found: dict[str, list[Offer]] = {}
    for offer in offers:
        found.setdefault(offer.merchant_sku, []).append(offer)
    return found


def matched(offers: Mapping[str, Sequence[Offer]], answers: Iterable[Answer]) -> list[tuple[Offer, Answer]]:
    """Answers beside the offers (see `by_sku`) they are about; an answer about none of them is left out.

    A reading in another condition or with another product's GTIN is not this offer's price: it becomes a
    `Misfit`, and gives way when the answer also holds one that fits.
    """
    wanted = [answer for answer in answers if answer.sku in offers]
    owners = _gtin_owners(answer for answer in wanted if isinstance(answer, Reading))
    found: dict[int, tuple[Offer, Answer]] = {}
    for answer in wanted:
        for offer in offers[answer.sku]:
            fitting = _as_fits(offer, answer, owners)
            known = found.get(offer.pk)
            if known is None or (isinstance(known[1], Unreadable) and isinstance(fitting, Reading)):
                found[offer.pk] = (offer, fitting)
    return list(found.values())


def _gtin_owners(readings: Iterable[Reading]) -> dict[str, Product]:
    codes = {code for reading in readings if (code := product_codes.gtin(reading.gtin)) is not None}
    rows = ProductCode.objects.filter(scheme=ProductCode.Scheme.GTIN, value__in=codes).select_related("product__brand")
    return {row.value: row.product for row in rows}


def _as_fits(offer: Offer, answer: Answer, owners: dict[str, Product]) -> Answer:
    if isinstance(answer, Unreadable):
        return answer
    if answer.condition.value != offer.condition:
        return Misfit(
            sku=answer.sku,
            reason=f"The merchant sells it {answer.condition.value} now; the offer is for a {offer.condition} one.",
            raw=answer.raw_price,
        )
    owner = owners.get(product_codes.gtin(answer.gtin) or "")
    if owner is not None and owner.pk != offer.product_id:
        return Misfit(
            sku=answer.sku,
            reason=f"The merchant gives it GTIN {answer.gtin}, which is {owner}; the offer is for {offer.product}.",
            raw=answer.raw_price,
        )
    return answer

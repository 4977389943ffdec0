"""Which product does an item of a merchant's feed belong to, and which offer does an answer belong to?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from catalog import product_codes
from catalog.models import Offer, Product, ProductCode
from catalog.reading import NotSold, Reading, Unreadable

Answer = Reading | NotSold | Unreadable


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
    `Misfit`, and gives way when the answer also holds one that fits. A price goes before "not sold", which may have
    been said of the item in general, and that before what could not be read.
    """
    wanted = [answer for answer in answers if answer.sku in offers]
    owners = _gtin_owners(answer for answer in wanted if isinstance(answer, Reading))
    others = {
        offer.product_id
        for answer in wanted
        if isinstance(answer, Reading) and (owner := owners.get(answer.gtin)) is not None
        for offer in offers[answer.sku]
        if offer.product_id != owner.pk
    }
    products = Product.objects.select_related("brand").in_bulk(others) if others else {}
    found: dict[int, tuple[Offer, Answer]] = {}
    for answer in wanted:
        for offer in offers[answer.sku]:
            fitting = _as_fits(offer, answer, owners, products)
            known = found.get(offer.pk)
            if fitting is not None and (known is None or _weight(fitting) > _weight(known[1])):
                found[offer.pk] = (offer, fitting)
    return list(found.values())


def _weight(answer: Answer) -> int:
    if isinstance(answer, Reading):
        return 3
    if isinstance(answer, NotSold):
        return 2
    return 0 if isinstance(answer, Misfit) else 1


def _gtin_owners(readings: Iterable[Reading]) -> dict[str, Product]:
    """The products that the readings' GTINs name, by the GTIN as it was written."""
    codes = {
        written: code
        for written in {reading.gtin for reading in readings if reading.gtin}
        if (code := product_codes.gtin(written)) is not None
    }
    if not codes:
        return {}
    rows = ProductCode.objects.filter(scheme=ProductCode.Scheme.GTIN, value__in=set(codes.values()))
    owners = {row.value: row.product for row in rows.select_related("product__brand")}
    return {written: owners[code] for written, code in codes.items() if code in owners}


def _as_fits(
    offer: Offer, answer: Answer, owners: Mapping[str, Product], products: Mapping[int, Product]
) -> Answer | None:
    """The answer as far as it is about this offer; None when it says nothing of it."""
    if isinstance(answer, Unreadable):
        return answer
    if isinstance(answer, NotSold):
        return answer if answer.condition is None or answer.condition.value == offer.condition else None
    if answer.condition.value != offer.condition:
        return Misfit(
            sku=answer.sku,
            reason=f"The merchant sells it {answer.condition.value} now; the offer is for a {offer.condition} one.",
            raw=answer.raw_price,
        )
    owner = owners.get(answer.gtin)
    if owner is not None and owner.pk != offer.product_id:
        return Misfit(
            sku=answer.sku,
            reason=(
                f"The merchant gives it GTIN {answer.gtin}, which is {owner}; the offer is for "
                f"{products[offer.product_id]}."
            ),
            raw=answer.raw_price,
        )
    return answer

"""What does the catalogue know about these products? Rows with everything prefetched, for pages, API and engine.

Each function runs a fixed number of queries, however many products are asked for.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime

from django.db.models import Prefetch

from catalog.best_offer import ranked
from catalog.kinds import Kind, ProductType
from catalog.models import Link, Offer, Product
from catalog.models.offer import OfferQuerySet
from catalog.models.product import ProductQuerySet
from catalog.reading import Availability, Condition
from catalog.shown_offer import OfferFacts, ShownOffer, show
from catalog.terms import Use


def products() -> ProductQuerySet:
    """All products with brand and specs selected."""
    return Product.objects.select_related("brand", "specs")


def products_of(kind: Kind | None = None, product_type: ProductType | None = None) -> ProductQuerySet:
    rows = products()
    if kind is not None:
        rows = rows.of_kind(kind)
    if product_type is not None:
        rows = rows.of_type(product_type)
    return rows


def offers() -> OfferQuerySet:
    """The buyable offers with their merchant selected and their active links prefetched."""
    active = Link.objects.filter(is_active=True).order_by("id")
    return (
        Offer.objects.buyable()
        .select_related("merchant")
        .prefetch_related(Prefetch("links", queryset=active, to_attr="active_links"))
    )


def facts_of(offer: Offer) -> OfferFacts | None:
    """A row of `offers()` as facts; None when it has no active link, so that nobody could follow it."""
    links: list[Link] = getattr(offer, "active_links", [])
    if not links:
        return None
    return OfferFacts(
        offer_id=offer.pk,
        product_id=offer.product_id,
        merchant=offer.merchant.name,
        merchant_slug=offer.merchant.slug,
        country=offer.merchant.country,
        terms=offer.merchant.terms,
        condition=Condition(offer.condition),
        amount=offer.amount,
        currency=offer.currency,
        shipping_amount=offer.shipping_amount,
        availability=Availability(offer.availability),
        seen_at=offer.seen_at,
        state=offer.state,
        link_code=links[0].code,
        direct_url=offer.url,
    )


def offer_facts(product_ids: Iterable[int]) -> dict[int, list[OfferFacts]]:
    """The buyable offers that have an active link, as facts, by product id. Two queries."""
    found: dict[int, list[OfferFacts]] = defaultdict(list)
    for offer in offers().filter(product_id__in=list(product_ids)).order_by("id"):
        facts = facts_of(offer)
        if facts is not None:
            found[offer.product_id].append(facts)
    return found


def shown_offers(
    product_ids: Iterable[int], *, now: datetime, use: Use = Use.PAGE, currency: str = "USD"
) -> Mapping[int, tuple[ShownOffer, ...]]:
    """What may be shown of each product's offers in this place, best first. Two queries."""
    return {
        product_id: ranked(
            (shown for facts in found if (shown := show(facts, now=now, use=use)) is not None), currency=currency
        )
        for product_id, found in offer_facts(product_ids).items()
    }

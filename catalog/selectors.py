"""What does the catalogue know about these products? Rows with everything prefetched, for pages, API and engine.

Each function runs a fixed number of queries, however many products are asked for.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from django.conf import settings
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Count, OuterRef, Prefetch, Q, QuerySet, Subquery, prefetch_related_objects
from django.db.models.functions import Coalesce

from catalog import targets
from catalog.best_offer import ranked
from catalog.freshness import showable_until
from catalog.kept_query import KeptQuery, Question
from catalog.kinds import Kind, ProductType
from catalog.models import Brand, Destination, Link, Offer, Price, Product
from catalog.models.link import LinkQuerySet
from catalog.models.offer import TROUBLE_COLUMNS, OfferQuerySet
from catalog.models.product import ProductQuerySet
from catalog.page_tags import note, note_until
from catalog.prices.history import PriceHistory
from catalog.reading import Availability, Condition
from catalog.shopper import shopper
from catalog.shown_offer import DirectLink, LinkTrouble, OfferFacts, ShownOffer, Trouble, show
from catalog.terms import LinkStyle, Use, allows


def products() -> ProductQuerySet:
    """All products with brand and specs selected; records that were merged into another are none any more."""
    return Product.objects.filter(merged_into=None).select_related("brand", "specs")


_products = KeptQuery(
    lambda *, ids: (
        Product.objects.filter(pk__in=Product.objects.filter(pk__in=ids).values(kept=Coalesce("merged_into_id", "id")))
        .annotate(merged_ids=ArraySubquery(Product.objects.filter(merged_into=OuterRef("pk")).order_by().values("pk")))
        .select_related("brand", "specs")
    )
)


def kept_products(product_ids: Iterable[int]) -> dict[int, Product]:
    """By the id asked for: the product, or the one it was merged into, with brand and specs selected. One query."""
    wanted = set(product_ids)
    note(*(f"product:{product_id}" for product_id in wanted))
    rows: list[Any] = _products.rows(ids=sorted(wanted))
    return {pk: row for row in rows for pk in (row.pk, *row.merged_ids) if pk in wanted}


def product_questions(product_ids: Iterable[int]) -> tuple[Question | None, ...]:
    """What `kept_products` and `shown_offers` will ask about these, for `asked_together`."""
    wanted = sorted(set(product_ids))
    return _products.of(ids=wanted), _offers_of.of(products=wanted), _links_of.of(products=wanted)


def products_by_slug(slugs: Iterable[str]) -> dict[str, Product]:
    """By the slug asked for: the product, or the one it was merged into; brand, specs, evidence there. Two queries."""
    rows = Product.objects.select_related("brand", "specs", "merged_into__brand", "merged_into__specs")
    found = {row.slug: row for row in rows.filter(slug__in=set(slugs))}
    kept = {slug: row.merged_into or row for slug, row in found.items()}
    note(*(f"product:{row.pk}" for row in (*found.values(), *kept.values())))
    prefetch_related_objects(list({row.pk: row for row in kept.values()}.values()), "evidence")
    return kept


def kept_slug(slug: str) -> str | None:
    """The slug of the product that a merged record with this slug became; None when there is no such record."""
    found = Product.objects.filter(slug=slug, merged_into__isnull=False).select_related("merged_into").first()
    if found is None or found.merged_into is None:
        return None
    note(f"product:{found.pk}", f"product:{found.merged_into_id}")
    return found.merged_into.slug


def ids_by_slug(slugs: Iterable[str]) -> dict[str, int]:
    """Of the products we have, merged records too. One query, none where nothing is asked for."""
    wanted = set(slugs)
    return dict(Product.objects.filter(slug__in=wanted).values_list("slug", "pk")) if wanted else {}


def products_of(kind: Kind | None = None, product_type: ProductType | None = None) -> ProductQuerySet:
    rows = products()
    if kind is not None:
        rows = rows.of_kind(kind)
    if product_type is not None:
        rows = rows.of_type(product_type)
    return rows


@dataclass(frozen=True, slots=True, kw_only=True)
class TypeCounts:
    """How many products there are, and how many of each main type; who has no type is only in the whole."""

    products: int
    by_type: Mapping[ProductType, int]


def counts_by_type(rows: ProductQuerySet) -> TypeCounts:
    """One query."""
    found = list(rows.order_by().values_list("type").annotate(Count("pk")))
    return TypeCounts(
        products=sum(count for _, count in found),
        by_type={ProductType(value): count for value, count in found if value},
    )


def brands_with_products() -> QuerySet[Brand]:
    """Every brand that has products, each with their number as `product_count`, by name. One query."""
    there = Count("products", filter=Q(products__merged_into=None))
    return Brand.objects.annotate(product_count=there).filter(product_count__gt=0)


def _offers() -> OfferQuerySet:
    return Offer.objects.buyable().with_trouble().select_related("merchant")


def _active_links() -> LinkQuerySet:
    return Link.objects.filter(is_active=True).lasting_first()


_offers_of = KeptQuery(lambda *, products: _offers().filter(product_id__in=products).order_by("id"))
_links_of = KeptQuery(lambda *, products: _active_links().filter(offer__product__in=products))


def offers() -> OfferQuerySet:
    """The buyable offers with their merchant selected and their active links prefetched, those that ended last."""
    return _offers().prefetch_related(Prefetch("links", queryset=_active_links(), to_attr="active_links"))


def direct_link(offer: Offer) -> DirectLink:
    """The way to the offer without going over `/go/`: the tagged address, which names no click, since pages are kept.

    Raises `TargetError` when the merchant's network cannot make one: an untagged link would earn nothing and say
    nothing of it.
    """
    merchant = offer.merchant
    address_at = partial(
        targets.destination,
        offer.url,
        hosts=merchant.hosts,
        merchant=merchant.name,
        network=merchant.network,
        settings=merchant.network_settings,
    )
    policy = merchant.referrer
    return DirectLink(
        address=address_at(),
        address_at=lambda place: address_at(place=place),
        referrer_policy="" if policy == settings.SECURE_REFERRER_POLICY else policy,
    )


def facts_of(offer: Offer) -> OfferFacts | None:
    """A row of `offers()` as facts; None when there is no way to follow it: no active link, or no usable target."""
    links: list[Link] = getattr(offer, "active_links", [])
    is_direct = offer.merchant.terms.link_style is LinkStyle.DIRECT
    try:
        direct = direct_link(offer) if is_direct else None
    except targets.TargetError:
        return None
    if not links:
        return None
    note_until(links[0].expires_at)  # from then on another link is printed
    if offer.seen_at is not None:
        note_until(offer.seen_at)  # a clock ahead of ours: it is shown from then on
        note_until(showable_until(offer.merchant.terms, offer.seen_at))
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
        direct=direct,
        trouble=_trouble_of(offer),
        delivers_to=tuple(offer.merchant.delivers_to),
    )


def _trouble_of(offer: Offer) -> LinkTrouble | None:
    """What two looks found behind its link. That it forgets our tag is no trouble of the reader's, and not among it."""
    state, decision, checked_at, led_to = (getattr(offer, name, None) for name in TROUBLE_COLUMNS)
    if state not in Destination.STRANDING or decision == Destination.Decision.ACCEPTED or checked_at is None:
        return None
    note_until(showable_until(offer.merchant.terms, checked_at))
    return LinkTrouble(trouble=Trouble(state), checked_at=checked_at, led_to=led_to or "")


def offer_facts(product_ids: Iterable[int]) -> dict[int, list[OfferFacts]]:
    """The buyable offers that have an active link, as facts, by product id. Two queries."""
    found: dict[int, list[OfferFacts]] = defaultdict(list)
    wanted = list(product_ids)
    note(*(f"offers:{product_id}" for product_id in wanted))
    rows = _offers_of.rows(products=wanted)
    links = _links_of.rows(products=wanted) if rows else []
    led: dict[int, list[Link]] = defaultdict(list)
    for link in links:
        led[link.offer_id].append(link)
    for offer in rows:
        offer.active_links = led[offer.pk]  # type: ignore[attr-defined]  # as `offers()` prefetches them
        facts = facts_of(offer)
        if facts is not None:
            found[offer.product_id].append(facts)
    return found


def shown_offer(facts: OfferFacts, *, now: datetime, use: Use = Use.PAGE) -> ShownOffer | None:
    """What may be shown of it here, to the reader for whom the page is built; noted where rates have a part in it."""
    reader = shopper()
    shown = show(facts, now=now, use=use, shopper=reader)
    if shown is not None and shown.price is not None and shown.price.currency != reader.currency:
        note("rates")
        note_until(shown.price.converted.until if shown.price.converted else None)
    return shown


def shown_offers(
    product_ids: Iterable[int], *, now: datetime, use: Use = Use.PAGE, currency: str = ""
) -> Mapping[int, tuple[ShownOffer, ...]]:
    """What may be shown of each product's offers here, best first; none whose link strands readers. Two queries.

    `currency` (ISO 4217): whose prices come before others; the reader's where none is named.
    """
    return {
        product_id: ranked(
            (one for facts in found if (one := shown_offer(facts, now=now, use=use)) and not one.trouble),
            currency=currency or shopper().currency,
        )
        for product_id, found in offer_facts(product_ids).items()
    }


def troubled_offers(product_id: int, *, now: datetime) -> tuple[ShownOffer, ...]:
    """The product's offers whose links strand readers, for its own page to say so. Two queries at most."""
    rows = (
        offers()
        .filter(product=product_id, destination__state__in=Destination.STRANDING)
        .order_by("merchant__name", "id")
    )
    shown = (shown_offer(facts, now=now) for row in rows if (facts := facts_of(row)))
    return tuple(one for one in shown if one and one.trouble)


def price_history(product_id: int, *, since: datetime) -> tuple[PriceHistory, ...]:
    """What each merchant whose terms allow a history asked for it new, from `since` on. Two queries.

    The last reading before `since` comes along: its price held into that time.
    """
    return price_histories([product_id], since=since).get(product_id, ())


def price_histories(product_ids: Iterable[int], *, since: datetime) -> dict[int, tuple[PriceHistory, ...]]:
    """The same for several products, by their ids; who has none is not in it. Two queries."""
    before = Price.objects.accepted().filter(offer=OuterRef("offer"), seen_at__lt=since).order_by("-seen_at", "-id")
    readings = Price.objects.accepted().filter(Q(seen_at__gte=since) | Q(pk=Subquery(before.values("pk")[:1])))
    rows = (
        Offer.objects.buyable()
        .filter(product_id__in=list(product_ids), condition=Condition.NEW.value)
        .select_related("merchant")
        .prefetch_related(Prefetch("prices", queryset=readings.order_by("seen_at", "id"), to_attr="readings"))
        .order_by("merchant__name", "id")
    )
    found: dict[int, tuple[PriceHistory, ...]] = {}
    for offer in rows:
        history = _history_of(offer) if allows(offer.merchant.terms, Use.HISTORY) else None
        if history is not None and history.points:
            found[offer.product_id] = (*found.get(offer.product_id, ()), history)
    return found


def _history_of(offer: Offer) -> PriceHistory:
    readings: list[Price] = getattr(offer, "readings", [])
    currency = offer.currency or offer.merchant.currency
    return PriceHistory(
        merchant=offer.merchant.name,
        currency=currency,
        points=tuple((row.seen_at, row.amount) for row in readings if row.currency == currency),
        # What is not sold now has no price until now: its last one ended at some moment that was not seen.
        seen_until=offer.seen_at if offer.amount is not None else None,
        days_seen=offer.days_seen,
    )

"""Which products does a reader ask the catalogue for, in which order, and how many are there of each kind?"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, DateTimeField, Exists, ExpressionWrapper, F, Min, OuterRef, Q, Value
from django.db.models.functions import Coalesce, Least

from catalog.freshness import OLDEST_SHOWN
from catalog.kinds import Kind, ProductType
from catalog.models import Brand, Destination, Offer, Product
from catalog.models.product import ProductQuerySet
from catalog.models.specs import MicGrade
from catalog.reading import Availability, Condition
from catalog.selectors import products_of


@dataclass(frozen=True, slots=True, kw_only=True)
class ProductSearch:
    """What a reader asks the catalogue for; empty parts ask nothing."""

    q: str = ""
    kind: Kind | None = None
    type: ProductType | None = None
    brand: str = ""
    wireless: bool = False
    anc: bool = False
    mic: bool = False
    sort: str = "sold"


def found_products(search: ProductSearch, *, now: datetime, currency: str = "USD") -> ProductQuerySet:
    """The products asked for, in the order asked for. Every word of `q` has to be in the brand or the model.

    By price means by the lowest one that may be shown now, in this currency, of a new item that can be ordered.
    """
    rows = products_of(search.kind, search.type).filter(_narrowed(search))
    if search.sort == "newest":
        return rows.order_by(F("specs__release_year").desc(nulls_last=True), "brand__name", "model")
    if search.sort == "price":
        lowest = Min("offers__amount", filter=_showable(now, currency))
        return rows.annotate(lowest=lowest).order_by(F("lowest").asc(nulls_last=True), "brand__name", "model")
    if search.sort == "sold":
        sold = Exists(Offer.objects.buyable().filter(product=OuterRef("pk")))
        return rows.annotate(is_sold=sold).order_by("-is_sold", "brand__name", "model")
    return rows.order_by("brand__name", "model")


def _showable(now: datetime, currency: str) -> Q:
    """`freshness.is_showable` in the database's words, for sorting; what is printed is still judged there."""
    allowed = Least(Coalesce(F("offers__merchant__max_price_age"), Value(OLDEST_SHOWN)), Value(OLDEST_SHOWN))
    leads_there = (
        Q(offers__destination__isnull=True)
        | ~Q(offers__destination__state__in=Destination.STRANDING)
        | Q(offers__destination__decision=Destination.Decision.ACCEPTED)
    )
    return leads_there & Q(
        offers__withdrawn_at__isnull=True,
        offers__merchant__is_active=True,
        offers__currency=currency,
        offers__condition=Condition.NEW.value,
        offers__availability__in=[item.value for item in Availability if item.can_be_ordered],
        offers__seen_at__gt=ExpressionWrapper(Value(now) - allowed, output_field=DateTimeField()),
    )


def type_counts(search: ProductSearch) -> dict[str, int]:
    """How many products the search would find of each kind and type, those two filters left out. One query."""
    asked: dict[str, Q] = {kind.value: Q(kind=kind.value) for kind in Kind}
    asked |= {name.value: _earns(name) for name in ProductType}
    found = Product.objects.filter(_narrowed(search), merged_into=None).aggregate(
        **{f"n{position}": Count("pk", filter=one) for position, one in enumerate(asked.values())}
    )
    return {key: found[f"n{position}"] for position, key in enumerate(asked)}


def _earns(name: ProductType) -> Q:
    """`ProductQuerySet.of_type` as a condition."""
    by_spec = {ProductType.WIRELESS: Q(specs__wireless=True), ProductType.NOISE_CANCELLING: Q(specs__anc=True)}.get(
        name
    )
    main = Q(type=name.value)
    return main if by_spec is None else main | Q(kind=name.kind.value) & by_spec


def brand_names() -> list[tuple[str, str]]:
    """Slug and name of every brand that has products, by name. One query."""
    there = Product.objects.filter(brand=OuterRef("pk"), merged_into=None)
    return list(Brand.objects.filter(Exists(there)).values_list("slug", "name"))


def _narrowed(search: ProductSearch) -> Q:
    asked = Q()
    for word in search.q.split():
        asked &= Q(brand__name__icontains=word) | Q(model__icontains=word)
    if search.brand:
        asked &= Q(brand__slug=search.brand)
    if search.wireless:
        asked &= Q(specs__wireless=True)
    if search.anc:
        asked &= Q(specs__anc=True)
    if search.mic:
        asked &= Q(specs__mic_grade=MicGrade.COMMUNICATION)
    return asked

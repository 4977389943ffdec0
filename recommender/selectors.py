"""Which products could be recommended, with their facts and the offers that may be shown? Three queries in all."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from datetime import datetime
from decimal import Decimal
from typing import Any

from catalog.kinds import Kind
from catalog.models import AudioSpecs, Product
from catalog.reading import Availability, Condition
from catalog.selectors import products, shown_offers
from catalog.shown_offer import ShownOffer
from catalog.terms import Use
from recommender.facts import CandidateFacts, KnownPrice


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidates:
    """`offers` are those of all candidates by product id, best first."""

    facts: tuple[CandidateFacts, ...]
    offers: Mapping[int, tuple[ShownOffer, ...]]


def candidates(*, now: datetime, kinds: Iterable[str] = (), use: Use = Use.PAGE, currency: str = "USD") -> Candidates:
    """Current products of these kinds (none named: of either), with the prices that may be shown in `use`."""
    wanted = [Kind(kind).value for kind in kinds] or [kind.value for kind in Kind]
    rows = list(products().filter(kind__in=wanted).exclude(status=Product.Status.DISCONTINUED))
    offers = shown_offers([row.pk for row in rows], now=now, use=use, currency=currency)
    return Candidates(facts=tuple(facts_of(row, offers.get(row.pk, ())) for row in rows), offers=offers)


def facts_of(product: Product, offers: Iterable[ShownOffer]) -> CandidateFacts:
    """The product as the ranking sees it. Needs `brand` and `specs` selected."""
    known = tuple(offers)
    prices = _lowest(known)
    specs: AudioSpecs | None = getattr(product, "specs", None)
    return CandidateFacts(
        id=product.pk,
        slug=product.slug,
        name=product.name,
        brand=product.brand.name,
        kind=product.kind,
        types=tuple(name.value for name in product.type_names),
        prices=prices,
        price_is_stale=bool(known) and not prices,
        **({} if specs is None else _spec_facts(specs)),
    )


# The facts that are columns of the specs under the same name.
_SPECS = tuple(
    field.name
    for field in fields(CandidateFacts)
    if field.name in {column.name for column in AudioSpecs._meta.get_fields()} - {"id"}
)


def _spec_facts(specs: AudioSpecs) -> dict[str, Any]:
    values = ((name, getattr(specs, name)) for name in _SPECS)
    return {name: frozenset(value) if isinstance(value, list) else value for name, value in values}


def _lowest(offers: Iterable[ShownOffer]) -> tuple[KnownPrice, ...]:
    """The lowest total per currency among new items that can be ordered, by currency code."""
    lowest: dict[str, Decimal] = {}
    gone = {Availability.OUT_OF_STOCK, Availability.DISCONTINUED}
    for offer in offers:
        if offer.price is None or offer.condition is not Condition.NEW or offer.availability in gone:
            continue
        currency = offer.price.currency
        lowest[currency] = min(offer.price.total, lowest.get(currency, offer.price.total))
    return tuple(KnownPrice(amount=amount, currency=currency) for currency, amount in sorted(lowest.items()))

"""Which products could be recommended, with their facts and the offers that may be shown? A fixed number of queries.

Every product of a kind is read for an answer, so rows come as plain values and not as model instances.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db.models import Q

from catalog.best_offer import ranked
from catalog.kinds import Kind, ProductType, type_names
from catalog.models import AudioSpecs, Product
from catalog.page_tags import note
from catalog.product_rows import ProductScores, read_scores
from catalog.reading import Condition
from catalog.selectors import facts_of, offers, products, shown_offer
from catalog.shown_offer import ShownOffer
from catalog.terms import Use
from recommender.facts import CandidateFacts, KnownPrice
from recommender.scored_uses import OVERALL

# The facts that are columns of the specs under the same name.
_SPECS = tuple(
    field.name
    for field in fields(CandidateFacts)
    if field.name in {column.name for column in AudioSpecs._meta.get_fields()} - {"id"}
)
_COLUMNS = ("pk", "slug", "brand__name", "model", "kind", "type", *(f"specs__{name}" for name in _SPECS))


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidates:
    """`offers` are those of all candidates by product id, best first."""

    facts: tuple[CandidateFacts, ...]
    offers: Mapping[int, tuple[ShownOffer, ...]]


def candidates(
    *,
    now: datetime,
    kinds: Iterable[str] = (),
    use: Use = Use.PAGE,
    currency: str = "USD",
    ids: Collection[int] | None = None,
) -> Candidates:
    """Current products of these kinds (none named: of either), with the prices that may be shown in `use`.

    `ids`: only of these products. Three queries and those of the reader of scores.
    """
    note("products", "edited", "prices", "scores")
    wanted = [Kind(kind).value for kind in kinds] or [kind.value for kind in Kind]
    asked = Q() if ids is None else Q(pk__in=ids)
    rows = (
        products()
        .filter(asked, kind__in=wanted)
        .exclude(status=Product.Status.DISCONTINUED)
        .order_by("pk")
        .values_list(*_COLUMNS)
    )
    shown = _shown(wanted, now=now, use=use, currency=currency, ids=ids)
    scores = read_scores(ids).of
    facts = tuple(_facts(row, shown.get(row[0], ()), scores.get(row[0])) for row in rows)
    return Candidates(facts=facts, offers=shown)


def _shown(
    kinds: Sequence[str], *, now: datetime, use: Use, currency: str, ids: Collection[int] | None
) -> dict[int, tuple[ShownOffer, ...]]:
    """What may be shown of the offers of these kinds. Asked by kind: a list of thousands of ids is slow to send."""
    found: dict[int, list[ShownOffer]] = defaultdict(list)
    asked = Q() if ids is None else Q(product__in=ids)
    for offer in offers().filter(asked, product__kind__in=kinds).order_by("pk"):
        facts = facts_of(offer)
        shown = shown_offer(facts, now=now, use=use) if facts else None
        if shown is not None and shown.trouble is None:
            found[shown.product_id].append(shown)
    return {product_id: ranked(items, currency=currency) for product_id, items in found.items()}


def _facts(row: Sequence[Any], offers_shown: Sequence[ShownOffer], scores: ProductScores | None) -> CandidateFacts:
    pk, slug, brand, model, kind, main_type, *values = row
    known = (frozenset(value) if isinstance(value, list) else value for value in values)
    specs: dict[str, Any] = dict(zip(_SPECS, known, strict=True))
    types = type_names(ProductType(main_type) if main_type else None, wireless=specs["wireless"], anc=specs["anc"])
    prices = _lowest(offers_shown) if offers_shown else ()
    return CandidateFacts(
        id=pk,
        slug=slug,
        name=f"{brand} {model}",
        brand=brand,
        kind=kind,
        types=tuple(name.value for name in types),
        prices=prices,
        price_is_stale=bool(offers_shown) and not prices,
        scores=_scores(scores) if scores else (),
        **specs,
    )


def _scores(scores: ProductScores) -> tuple[tuple[str, Decimal], ...]:
    """By use case; the overall of the review's card under the empty word."""
    shown = () if scores.overall is None else ((OVERALL, scores.overall),)
    return (*shown, *sorted(scores.use_cases.items()))


def _lowest(shown: Iterable[ShownOffer]) -> tuple[KnownPrice, ...]:
    """The lowest total per currency among new items that can be ordered, by currency code.

    Stock nobody knows of is not enough: readers are led to an offer that can be ordered, which may cost more.
    """
    lowest: dict[str, Decimal] = {}
    for offer in shown:
        if offer.price is None or offer.condition is not Condition.NEW or not offer.availability.can_be_ordered:
            continue
        currency = offer.price.currency
        lowest[currency] = min(offer.price.total, lowest.get(currency, offer.price.total))
    return tuple(KnownPrice(amount=amount, currency=currency) for currency, amount in sorted(lowest.items()))

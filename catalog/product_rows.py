"""How are products read for the catalogue's index: all of them, or some, with specs, codes, offers and scores?

What `reviews` knows of a product, this app may not import: it hands in a reader of scores when it starts.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db.models import Exists, OuterRef, Q

from catalog.facets.choices import FACETS, GOOD_FROM, FacetSort, Origin
from catalog.facets.rows import OfferRow, ProductRow, value_of
from catalog.freshness import showable_until
from catalog.kinds import Kind, ProductType
from catalog.models import Destination, Link, Offer, Product, ProductCode
from catalog.money import in_units
from catalog.reading import Availability, Condition
from catalog.terms import Terms, Use, allows


@dataclass(frozen=True, slots=True, kw_only=True)
class ProductScores:
    """`overall` is what the product's card prints; `use_cases` what its scores add up to for each use case."""

    overall: Decimal | None
    use_cases: Mapping[str, Decimal] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Scores:
    """Of the products asked for; who has none may be left out. `labels`: what each use case is called."""

    of: Mapping[int, ProductScores]
    labels: Mapping[str, str]


# The ids wanted, None for all products. Has to be a fixed number of queries.
ScoreReader = Callable[[Collection[int] | None], Scores]


@dataclass(frozen=True, slots=True)
class Rows:
    """`labels`: what the values are called that follow from the data, by facet."""

    products: tuple[ProductRow, ...]
    labels: Mapping[str, Mapping[str, str]]


# Where scores come from; empty until `reviews` starts.
_readers: list[ScoreReader] = []


def read_scores_with(reader: ScoreReader) -> None:
    """From now on scores come from this reader."""
    _readers[:] = [reader]


def read_scores(ids: Collection[int] | None) -> Scores:
    """What the reader says of these products, or of all; nothing before there is one."""
    return _readers[0](ids) if _readers else Scores(of={}, labels={})


_OF_SPECS = tuple(facet for facet in FACETS if facet.origin is Origin.SPECS)
_COLUMNS = ("pk", "brand__slug", "brand__name", "model", "variant", "kind", "type")


def product_rows(ids: Collection[int] | None = None) -> Rows:
    """These products, or all; merged records are none. A fixed number of queries: three and the reader's."""
    wanted = Q() if ids is None else Q(pk__in=ids)
    specs = tuple(f"specs__{facet.key}" for facet in _OF_SPECS)
    found = list(Product.objects.filter(wanted, merged_into=None).order_by().values_list(*_COLUMNS, *specs))
    codes = _codes(ids)
    scores = read_scores(ids)
    labels: dict[str, dict[str, str]] = {
        "brand": {row[1]: row[2] for row in found},
        "use_case": dict(scores.labels),
        "merchant": {},
        **{facet.key: {} for facet in _OF_SPECS if facet.is_open},
    }
    offers = _offers(ids, labels["merchant"])
    rows = tuple(_row(row, labels, codes, offers, scores.of.get(row[0])) for row in found)
    return Rows(rows, labels)


def _row(
    columns: tuple[Any, ...],
    labels: Mapping[str, dict[str, str]],
    codes: Mapping[int, list[str]],
    offers: Mapping[int, list[OfferRow]],
    scores: ProductScores | None,
) -> ProductRow:
    pk, brand, brand_name, model, variant, kind, main_type = columns[: len(_COLUMNS)]
    specs = dict(zip((facet.key for facet in _OF_SPECS), columns[len(_COLUMNS) :], strict=True))
    values, numbers = _sheet(specs, labels)
    shops = tuple(dict.fromkeys(offer.merchant for offer in offers.get(pk, ())))
    types = _types(kind, main_type, wireless=specs["wireless"], anc=specs["anc"])
    more = {"brand": (brand,), "kind": (kind,) if kind else (), "type": types, "merchant": shops}
    if scores is not None:
        more["use_case"] = tuple(key for key, overall in scores.use_cases.items() if overall >= GOOD_FROM)
        if scores.overall is not None:
            numbers["score"] = scores.overall
    return ProductRow(
        id=pk,
        brand=brand,
        brand_name=brand_name,
        model=model,
        variant=variant,
        codes=tuple(codes.get(pk, ())),
        values=values | {key: said for key, said in more.items() if said},
        numbers=numbers,
        use_cases=scores.use_cases if scores is not None else {},
        offers=tuple(offers.get(pk, ())),
    )


def _sheet(
    specs: Mapping[str, Any], labels: Mapping[str, dict[str, str]]
) -> tuple[dict[str, tuple[str, ...]], dict[str, Decimal]]:
    """What the sheet knows: values and numbers."""
    values: dict[str, tuple[str, ...]] = {}
    numbers: dict[str, Decimal] = {}
    for facet in _OF_SPECS:
        said = specs[facet.key]
        if said is None:
            continue
        if facet.sort is FacetSort.NUMBER:
            numbers[facet.key] = Decimal(said)
        elif facet.sort is FacetSort.FLAG:
            values[facet.key] = ("yes" if said else "no",)
        elif spoken := _spoken(said, labels[facet.key] if facet.is_open else None):
            values[facet.key] = spoken
    return values, numbers


def _spoken(said: str | list[str], labels: dict[str, str] | None) -> tuple[str, ...]:
    """The values of a choice or a list; where they follow from the data, what they are called is written down."""
    written = [said] if isinstance(said, str) else said
    if labels is None:
        return tuple(dict.fromkeys(written))
    for word in written:
        if value := value_of(word):
            labels.setdefault(value, word)
    return tuple(dict.fromkeys(value for word in written if (value := value_of(word))))


def _types(kind: str | None, main: str | None, *, wireless: bool | None, anc: bool | None) -> tuple[str, ...]:
    """As `ProductQuerySet.of_type` finds them."""
    is_headphones = kind == Kind.HEADPHONES.value
    earned = (
        main,
        ProductType.WIRELESS.value if is_headphones and wireless else None,
        ProductType.NOISE_CANCELLING.value if is_headphones and anc else None,
    )
    return tuple(dict.fromkeys(name for name in earned if name))


def _codes(ids: Collection[int] | None) -> dict[int, list[str]]:
    wanted = Q() if ids is None else Q(product__in=ids)
    found: dict[int, list[str]] = defaultdict(list)
    for product, value in ProductCode.objects.filter(wanted).order_by("id").values_list("product", "value"):
        found[product].append(value)
    return found


def _offers(ids: Collection[int] | None, names: dict[str, str]) -> dict[int, list[OfferRow]]:
    """As `selectors.shown_offers` shows them: buyable, with an active link that strands nobody. Fills in `names`."""
    wanted = Q() if ids is None else Q(product__in=ids)
    strands = Q(destination__state__in=Destination.STRANDING, destination__checked_at__isnull=False) & ~Q(
        destination__decision=Destination.Decision.ACCEPTED
    )
    led = Exists(Link.objects.filter(offer=OuterRef("pk"), is_active=True))
    rows = (
        Offer.objects.buyable()
        .filter(wanted, led)
        .exclude(strands)
        .select_related("merchant")
        .only("product_id", "condition", "availability", "amount", "shipping_amount", "currency", "seen_at", "merchant")
        .order_by("id")
    )
    found: dict[int, list[OfferRow]] = defaultdict(list)
    terms: dict[int, Terms] = {}
    reached: dict[int, frozenset[str]] = {}
    for offer in rows.iterator(chunk_size=5000):
        if offer.merchant_id not in terms:
            terms[offer.merchant_id] = offer.merchant.terms
            reached[offer.merchant_id] = frozenset(offer.merchant.delivers_to)
            names[offer.merchant.slug] = offer.merchant.name
        own = terms[offer.merchant_id]
        if offer.condition == Condition.NEW.value or own.used_allowed:
            found[offer.product_id].append(_offer(offer, own, reached[offer.merchant_id]))
    return found


def _offer(offer: Offer, terms: Terms, delivers_to: frozenset[str]) -> OfferRow:
    seen_at: datetime | None = offer.seen_at if allows(terms, Use.PAGE) else None
    total = None
    if offer.amount is not None and seen_at is not None:
        total = in_units(offer.amount, offer.currency)
        if offer.shipping_amount is not None:
            total += in_units(offer.shipping_amount, offer.currency)
    return OfferRow(
        merchant=offer.merchant.slug,
        is_new=offer.condition == Condition.NEW.value,
        availability=offer.availability or Availability.UNKNOWN.value,
        total=total,
        currency=offer.currency,
        seen_at=seen_at,
        until=None if seen_at is None else showable_until(terms, seen_at),
        may_convert=terms.conversion_allowed,
        delivers_to=delivers_to,
    )

"""What is true now of the products that these watches speak about? Facts for `reviews.conditions`.

A fixed number of queries, however many watches there are; what no condition of theirs reads is not fetched.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal

from catalog import selectors as catalog
from catalog.deal import deal
from catalog.models import Product, SpecEvidence
from catalog.prices.statistics import WINDOWS
from catalog.shown_offer import OfferFacts, show
from catalog.stored_rates import rates_of
from catalog.terms import Use, allows
from reviews import score_table, selectors
from reviews.conditions import CONDITIONS
from reviews.conditions.base import Reads
from reviews.spec_words import spec_facts
from reviews.watch_facts import Facts, Proof, Sibling, SpecValue, Watched

CLOCKS_DIFFER = timedelta(minutes=2)


@dataclass(frozen=True, slots=True)
class Asked:
    """A condition as it hangs on products: the ids in their order, the one spoken about first."""

    condition: str
    product_ids: tuple[int, ...]


@dataclass(slots=True)
class Known:
    """What was read for a round. `silent_in_mail`: products with an offer whose terms keep prices out of mail."""

    now: datetime
    products: dict[int, Watched] = field(default_factory=dict)
    silent_in_mail: set[int] = field(default_factory=set)
    facts: Facts | None = None

    def facts_of(self, product_ids: Sequence[int]) -> Facts | None:
        """None when one of the products is gone, or none is named."""
        found = [self.products[one] for one in product_ids if one in self.products]
        if not found or len(found) < len(product_ids):
            return None
        assert self.facts is not None
        return Facts(product=found[0], others=tuple(found[1:]), now=self.now, rates=self.facts.rates)

    def is_mailable(self, asked: Asked) -> bool:
        """May what was found out go into a letter? Amounts of a shop that keeps them from mail may not."""
        condition = CONDITIONS.get(asked.condition)
        reads_prices = condition is not None and Reads.OFFERS in condition.reads
        return not reads_prices or not self.silent_in_mail.intersection(asked.product_ids)


def known(asked: Iterable[Asked], *, now: datetime) -> Known:
    """Reads everything these need. `now` is aware."""
    every = list(asked)
    wanted = {product_id for one in every for product_id in one.product_ids}
    kept = catalog.kept_products(wanted)
    reading: dict[Reads, set[int]] = {what: set() for what in Reads}
    for one in every:
        condition = CONDITIONS.get(one.condition)
        for what in condition.reads if condition else ():
            reading[what].update(kept[product_id].pk for product_id in one.product_ids if product_id in kept)
    found = Known(now)
    parts = _parts(kept, reading, found, now=now)
    found.products = {asked_id: parts[row.pk] for asked_id, row in kept.items()}
    silent = found.silent_in_mail
    found.silent_in_mail = {asked_id for asked_id, row in kept.items() if row.pk in silent}
    return found


def _parts(
    kept: Mapping[int, Product], reading: Mapping[Reads, set[int]], found: Known, *, now: datetime
) -> dict[int, Watched]:
    offers = catalog.offer_facts(reading[Reads.OFFERS]) if reading[Reads.OFFERS] else {}
    now = _reached(now, offers.values())
    found.silent_in_mail = {
        product_id for product_id, rows in offers.items() if not all(allows(row.terms, Use.MAIL) for row in rows)
    }
    rates = rates_of(first=now.date(), last=now.date()) if offers else None
    deals = catalog.price_histories(reading[Reads.DEALS], since=now - max(WINDOWS)) if reading[Reads.DEALS] else {}
    reviews = selectors.reviews_of(reading[Reads.SCORES]) if reading[Reads.SCORES] else {}
    scores = _scores(reading[Reads.SCORES])
    proofs = _proofs(reading[Reads.PROOFS])
    siblings = _siblings([row for row in kept.values() if row.pk in reading[Reads.SIBLINGS]])
    parts = {}
    for row in {row.pk: row for row in kept.values()}.values():
        shown = (show(offer, now=now, use=Use.PAGE) for offer in offers.get(row.pk, ()))
        review = reviews.get(row.pk)
        parts[row.pk] = Watched(
            product_id=row.pk,
            name=row.name,
            model=row.model,
            is_discontinued=row.status == Product.Status.DISCONTINUED,
            specs=_specs(row) if row.pk in reading[Reads.SPECS] else {},
            offers=tuple(offer for offer in shown if offer is not None),
            review_score=review.score if review else None,
            scores=scores.get(row.pk, {}),
            proofs=tuple(proofs.get(row.pk, ())),
            siblings=tuple(one for key, one in siblings.get(row.brand_id, ()) if key != row.pk),
            deals=tuple(one for history in deals.get(row.pk, ()) if (one := deal(history, now=now))),
        )
    anyone = next(iter(parts.values()), None)
    if anyone is not None:
        found.facts = Facts(product=anyone, now=now, rates=rates) if rates else Facts(product=anyone, now=now)
    return parts


def _specs(row: Product) -> dict[str, SpecValue]:
    return {key: SpecValue(fact.value, fact.number) for key, fact in spec_facts(selectors.specs_of(row)).items()}


def _reached(now: datetime, offers: Iterable[Sequence[OfferFacts]]) -> datetime:
    """The time by which everything that was read is past: a worker's clock may be a little ahead of ours.

    A price “of the future” could not be shown yet, and nothing would wake its watch when that time comes.
    """
    seen = (row.seen_at for rows in offers for row in rows if row.seen_at is not None)
    return max(now, max((moment for moment in seen if moment <= now + CLOCKS_DIFFER), default=now))


def _scores(product_ids: set[int]) -> dict[int, dict[str, Decimal]]:
    """By product and use case, as the active method has it; who is not scored enough has none. Five queries at most."""
    method = score_table.active_method() if product_ids else None
    if method is None:
        return {}
    rows = score_table.score_rows(method, product_ids)
    found: dict[int, dict[str, Decimal]] = defaultdict(dict)
    for use_case in method.use_cases:
        for product_id, overall in score_table.overalls_of(rows, use_case, product_ids).items():
            if overall.value is not None:
                found[product_id][use_case.key] = overall.value
    return found


def _proofs(product_ids: set[int]) -> dict[int, list[Proof]]:
    found: dict[int, list[Proof]] = defaultdict(list)
    if product_ids:
        for row in SpecEvidence.objects.filter(product_id__in=product_ids):
            found[row.product_id].append(
                Proof(spec=row.spec, source=row.source, checked_on=row.checked_on, is_measured=row.is_measured)
            )
    return found


def _siblings(products: Sequence[Product]) -> dict[int, list[tuple[int, Sibling]]]:
    """All products of these makers, by maker."""
    found: dict[int, list[tuple[int, Sibling]]] = defaultdict(list)
    if not products:
        return found
    for row in catalog.products().filter(brand_id__in={one.brand_id for one in products}):
        specs = selectors.specs_of(row)
        sibling = Sibling(
            name=row.name,
            model=row.model,
            release_year=specs.release_year if specs else None,
            is_discontinued=row.status == Product.Status.DISCONTINUED,
        )
        found[row.brand_id].append((row.pk, sibling))
    return found

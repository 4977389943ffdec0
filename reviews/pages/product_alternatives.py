"""Which other products does a product's page name, by which difference, and what would be given up for each?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from catalog.alternatives import Chosen, Facts, choose
from catalog.kinds import Kind
from catalog.models import Product
from catalog.reading import Condition
from catalog.spec_sheet import SPECS, Sort
from reviews.blocks.base import ProductFacts
from reviews.pages.compare_address import MOST, compare_url
from reviews.pages.parts import ProductCard, product_cards
from reviews.score_table import Method, overalls_of, score_rows
from reviews.selectors import specs_of

# So many of its type are looked at, and so many are named at least where there are as many.
LOOKED_AT = 24
_NAMED = 4
_FLAGS = tuple(spec.key for spec in SPECS if spec.sort is Sort.FLAG)
_NUMBERS = tuple(spec.key for spec in SPECS if spec.sort is Sort.NUMBER)


@dataclass(frozen=True, slots=True, kw_only=True)
class Alternative:
    """`aspect` and `difference` say why it is named; `gives_up` what it lacks beside the page's own product."""

    card: ProductCard
    aspect: str
    difference: str
    gives_up: tuple[str, ...]
    compare_url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Alternatives:
    """`others` are of its type too, without a known difference. `compare_url` has the first of all beside it."""

    chosen: tuple[Alternative, ...] = ()
    others: tuple[ProductCard, ...] = ()
    compare_url: str = ""

    @property
    def cards(self) -> tuple[ProductCard, ...]:
        return (*(one.card for one in self.chosen), *self.others)


def alternatives_of(
    product: Product,
    pool: Sequence[Product],
    facts: Mapping[int, ProductFacts],
    *,
    method: Method | None,
    currency: str,
) -> Alternatives:
    """`facts` are of the product and the pool, by id. One query where there is a method."""
    by_id = {one.pk: one for one in pool}
    scores = _scores(method, [product.pk, *by_id])
    found = choose(
        _facts(product, facts[product.pk], scores, currency),
        [_facts(one, facts[one.pk], scores, currency) for one in pool],
        currency=currency,
    )
    rest = [one for one in pool if one.pk not in {chosen.product_id for chosen in found}]
    shown = [*(by_id[one.product_id] for one in found), *rest[: max(0, _NAMED - len(found))]]
    cards = product_cards(shown, facts, place=f"p{product.pk}.others")
    return Alternatives(
        chosen=tuple(map(_alternative, found, cards, [product.slug] * len(found), (one.slug for one in shown))),
        others=cards[len(found) :],
        compare_url=compare_url([product.slug, *(one.slug for one in shown)][:MOST]),
    )


def _alternative(chosen: Chosen, card: ProductCard, ours: str, theirs: str) -> Alternative:
    return Alternative(
        card=card,
        aspect=chosen.aspect,
        difference=chosen.difference,
        gives_up=chosen.gives_up,
        compare_url=compare_url([ours, theirs]),
    )


def _scores(method: Method | None, ids: Sequence[int]) -> dict[int, dict[str, Decimal]]:
    """Overalls by product and the name of the use case, where enough is scored."""
    if method is None:
        return {}
    rows = score_rows(method, ids)
    found: dict[int, dict[str, Decimal]] = {}
    for use_case in method.use_cases:
        for product_id, one in overalls_of(rows, use_case, ids).items():
            if one.value is not None:
                found.setdefault(product_id, {})[use_case.label] = one.value
    return found


def _facts(product: Product, facts: ProductFacts, scores: Mapping[int, Mapping[str, Decimal]], currency: str) -> Facts:
    specs = specs_of(product)
    told: dict[str, Any] = {key: getattr(specs, key, None) for key in (*_FLAGS, *_NUMBERS)}
    return Facts(
        product_id=product.pk,
        slug=product.slug,
        kind=Kind(product.kind) if product.kind else None,
        types=product.type_names,
        price=_price(facts, currency),
        flags={key: told[key] for key in _FLAGS if told[key] is not None},
        numbers={key: Decimal(told[key]) for key in _NUMBERS if told[key] is not None},
        mic_grade=specs.mic_grade if specs else None,
        scores=scores.get(product.pk, {}),
    )


def _price(facts: ProductFacts, currency: str) -> Decimal | None:
    """Of the first new one that can be ordered: offers stand best first."""
    for offer in facts.offers:
        if offer.condition is Condition.NEW and offer.availability.can_be_ordered and offer.price:
            return offer.price.amount if offer.price.currency == currency else None
    return None

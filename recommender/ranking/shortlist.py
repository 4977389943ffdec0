"""Which few of the fitting products are shown, and in which order?

The best is always first. Inside a window of five per cent below it, products that another one beats on every criterion
step back, and the places go to different brands, forms and price bands; below the window utility alone decides.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import islice

from recommender.facts import CandidateFacts, type_words
from recommender.ranking.price_curve import price_band, price_curve
from recommender.ranking.utility import Utility

UTILITY_LOSS = Decimal("0.05")
# How much of its utility a product loses when it is just like one already chosen.
SAMENESS = Decimal("0.08")


@dataclass(frozen=True, slots=True, kw_only=True)
class Scored:
    product: CandidateFacts
    utility: Utility
    gaps: tuple[str, ...]  # keys of demands that are not confirmed


def order_key(item: Scored) -> tuple[Decimal, Decimal, Decimal, str]:
    """The documented order: utility, how much of it is confirmed, price, and the product's slug as a stable id."""
    return (
        -item.utility.low,
        -item.utility.coverage,
        -(price_curve(item.product) or Decimal(0)),
        item.product.slug,
    )


def shortlist(items: Sequence[Scored], *, limit: int) -> tuple[Scored, ...]:
    """At most `limit` of the items, best first."""
    ordered = sorted(items, key=order_key)
    if not ordered:
        return ()
    floor = ordered[0].utility.low * (1 - UTILITY_LOSS)
    window = _unbeaten([item for item in ordered if item.utility.low >= floor])
    chosen = _diverse(window, limit=limit)
    names = {item.product.slug for item in chosen}
    rest = (item for item in ordered if item.product.slug not in names)
    return (*chosen, *islice(rest, limit - len(chosen)))


def _unbeaten(ordered: Sequence[Scored]) -> list[Scored]:
    """Those that no other beats. An item can only be beaten by one that stands before it."""
    front: list[Scored] = []
    profiles: dict[tuple[Decimal, ...], None] = {}
    for item in ordered:
        mine = item.utility.lows
        if not any(_beats(other, mine) for other in profiles):
            front.append(item)
            profiles[mine] = None
    return front


def _beats(one: tuple[Decimal, ...], other: tuple[Decimal, ...]) -> bool:
    """At least equal on every criterion and better on one, unknown counting as the worst it could be."""
    return one != other and all(a >= b for a, b in zip(one, other, strict=True))


def _diverse(candidates: Sequence[Scored], *, limit: int) -> list[Scored]:
    """The first, then greedily by utility less the likeness to what is chosen already."""
    waiting = list(candidates)
    chosen = [waiting.pop(0)]
    likeness = [_alike(item, chosen[0]) for item in waiting]
    while waiting and len(chosen) < limit:
        worth = [item.utility.low * (1 - SAMENESS * alike) for item, alike in zip(waiting, likeness, strict=True)]
        place = max(range(len(waiting)), key=lambda at: (worth[at], -at))
        picked = waiting.pop(place)
        likeness.pop(place)
        chosen.append(picked)
        likeness = [max(known, _alike(item, picked)) for known, item in zip(likeness, waiting, strict=True)]
    return chosen


def _alike(one: Scored, other: Scored) -> Decimal:
    """0 to 1 over brand, form and price band. Unknown counts as the same: a gap in the facts earns no variety bonus."""
    same_brand = one.product.brand == other.product.brand
    a, b = type_words(one.product), type_words(other.product)
    same_form = not a or not b or a == b
    band, other_band = price_band(one.product), price_band(other.product)
    same_band = band is None or other_band is None or band == other_band
    return (Decimal(2) * same_brand + same_form + same_band) / 4

"""What do scores and weights add up to, how do products stand by it, and who moves when the weights change?

Pure, and the only place where an overall is computed: nobody types one (E4). Scores are out of 10. A criterion with the
weight 0 does not count. Nothing here knows what a shop pays.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from itertools import pairwise
from typing import TypeVar

# Below this share of the weights there is no overall: what is not scored would decide more than what is.
LEAST_COVERED = Decimal("0.6")
# What readers see as a change: the last decimal place that is printed.
STEP = Decimal("0.1")

Key = TypeVar("Key", bound=Hashable)


@dataclass(frozen=True, slots=True, kw_only=True)
class Overall:
    """`value` has one decimal place and is None when too little is scored. `missing` are criteria that would count."""

    value: Decimal | None
    counted: int
    missing: tuple[str, ...] = ()

    @property
    def wanted(self) -> int:
        """How many criteria count for the use case."""
        return self.counted + len(self.missing)


def overall(scores: Mapping[str, Decimal], weights: Mapping[str, int]) -> Overall:
    """The mean of the scores there are, each as heavy as its weight; to 0.1, halves go up.

    Both are by the criterion's key. Exact until it is rounded once, so that no order of criteria and no factor that all
    weights share makes a difference.
    """
    counting = {key: weight for key, weight in weights.items() if weight > 0}
    there = {key: weight for key, weight in counting.items() if key in scores}
    missing = tuple(key for key in counting if key not in scores)
    total, covered = sum(counting.values()), sum(there.values())
    if not covered or Fraction(covered, total) < Fraction(LEAST_COVERED):
        return Overall(value=None, counted=len(there), missing=missing)
    mean = sum((Fraction(scores[key]) * weight for key, weight in there.items()), Fraction(0)) / covered
    return Overall(value=_rounded(mean), counted=len(there), missing=missing)


def _rounded(number: Fraction) -> Decimal:
    tenths = Decimal((number * 10).numerator) / Decimal((number * 10).denominator)
    return tenths.quantize(Decimal(1), rounding=ROUND_HALF_UP).scaleb(-1)


def shares(weights: Sequence[int]) -> list[int]:
    """The weights as whole per cent that add up to 100; the largest remainders are rounded up, the earlier first.

    All weights 0: all shares 0.
    """
    total = sum(weights)
    if total <= 0:
        return [0] * len(weights)
    whole = [100 * weight // total for weight in weights]
    by_remainder = sorted(range(len(weights)), key=lambda place: (-(100 * weights[place] % total), place))
    for place in by_remainder[: 100 - sum(whole)]:
        whole[place] += 1
    return whole


def ranks(overalls: Mapping[Key, Decimal | None]) -> dict[Key, int | None]:
    """From 1, the highest first; equal overalls share a rank. None: no overall, no rank."""
    values = [value for value in overalls.values() if value is not None]
    return {
        key: None if value is None else 1 + sum(other > value for other in values) for key, value in overalls.items()
    }


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """How a product stood and will stand among those beside it."""

    product_id: int
    before: Decimal | None
    after: Decimal | None
    rank_before: int | None
    rank_after: int | None

    @property
    def places(self) -> int:
        """How many places it gains; negative: loses. 0 also when it had or will have no place."""
        if self.rank_before is None or self.rank_after is None:
            return 0
        return self.rank_before - self.rank_after

    @property
    def changes(self) -> bool:
        return self.before != self.after or self.rank_before != self.rank_after


def moves(before: Mapping[int, Decimal | None], after: Mapping[int, Decimal | None]) -> tuple[Move, ...]:
    """Every product of `before`, as it will stand; those without a new place at the end, in the old order."""
    old, new = ranks(before), ranks({key: after.get(key) for key in before})
    last = len(before) + 1
    return tuple(
        Move(
            product_id=key,
            before=before[key],
            after=after.get(key),
            rank_before=old[key],
            rank_after=new[key],
        )
        for key in sorted(before, key=lambda key: new[key] or last)
    )


def out_of_order(order: Iterable[Key], overalls: Mapping[Key, Decimal | None]) -> tuple[tuple[Key, Key], ...]:
    """Neighbours of whom the second scores higher than the first: where a list does not follow the scores.

    What has no overall is passed over.
    """
    scored = [(key, value) for key in order if (value := overalls.get(key)) is not None]
    return tuple((first, second) for (first, low), (second, high) in pairwise(scored) if high > low)

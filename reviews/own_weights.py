"""Which weights does a reader give, how are they spelt in an address, and who stands where by them and by ours?

Pure. Readers weigh from 0 to 10; ours are shown to them on that scale, the heaviest as 10. What a criterion's weight is
spelt as is `sound.5`; what is as ours is left out, so that ours alone are spelt as nothing. Overalls are computed by
`reviews.scoring`, and what is not scored is never taken for zero.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from reviews.scoring import overall, ranks, shares

HEAVIEST = 10
_PART = re.compile(r"([a-z0-9_-]{1,40})\.([0-9]{1,2})", re.ASCII | re.IGNORECASE)
_NUMBER = re.compile(r"[0-9]{1,2}", re.ASCII)

Weights = Mapping[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """`weights` has every criterion, in the method's order. `is_ours`: nothing differs from ours."""

    weights: dict[str, int]
    is_ours: bool
    spelling: str
    problems: tuple[str, ...] = ()


def on_scale(ours: Weights) -> dict[str, int]:
    """Ours from 0 to 10: the heaviest is 10, halves go up, and what counts at all is at least 1."""
    most = max(ours.values(), default=0)
    if most <= 0:
        return dict.fromkeys(ours, 0)
    return {
        key: max(1, (2 * HEAVIEST * weight + most) // (2 * most)) if weight > 0 else 0 for key, weight in ours.items()
    }


def read(written: Sequence[str], ours: Weights) -> Given:
    """What the address says: once in our spelling, or a number for each criterion in order, as a form sends it.

    What makes no sense is named in `problems`, and ours stands in its place.
    """
    scale = on_scale(ours)
    found, problems = dict(scale), []
    parts = [part.strip() for one in written for part in one.split(",") if part.strip()]
    if parts and all(map(_NUMBER.fullmatch, parts)):
        if len(parts) == len(scale):
            parts = [f"{key}.{number}" for key, number in zip(scale, parts, strict=True)]
        else:
            problems.append(f"{len(parts)} weights are given for {len(scale)} criteria: ours are used.")
            parts = []
    for part in parts:
        match = _PART.fullmatch(part)
        key = match[1].lower() if match else ""
        if match is None or key not in scale:
            problems.append(f"“{part[:50]}” weighs no criterion of this method: it was left out.")
        elif int(match[2]) > HEAVIEST:
            problems.append(f"“{part[:50]}”: a weight is a whole number from 0 to {HEAVIEST}. Ours is used.")
        else:
            found[key] = int(match[2])
    if not any(found.values()) and any(scale.values()):
        found = dict(scale)
        problems.append("Everything was weighed 0, so that nothing could be told apart: ours are used.")
    return Given(weights=found, is_ours=found == scale, spelling=spelt(found, scale), problems=tuple(problems))


def spelt(weights: Weights, scale: Weights) -> str:
    """`sound.5,comfort.3`, in the method's order; empty where all are as ours on the scale."""
    return ",".join(f"{key}.{weights[key]}" for key in scale if weights[key] != scale[key])


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How a product stands by our weights and by the reader's, among those that can be compared by both.

    `moved_by` is the criterion that moved it most; empty where it keeps its place.
    """

    product_id: int
    ours: Decimal
    yours: Decimal
    rank_ours: int
    rank_yours: int
    moved_by: str = ""

    @property
    def places(self) -> int:
        """How many places it gains by the reader's weights; negative: loses."""
        return self.rank_ours - self.rank_yours


@dataclass(frozen=True, slots=True)
class Apart:
    """A product that lacks scores on criteria that count: it is not ranked."""

    product_id: int
    missing: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Ranking:
    """`standings` by the reader's weights, the best first; equal ones in the order they were given in."""

    standings: tuple[Standing, ...]
    apart: tuple[Apart, ...]


def rerank(scores: Mapping[int, Mapping[str, Decimal]], ours: Weights, yours: Weights) -> Ranking:
    """`scores` by product and criterion; both weights have the same criteria. All scores of whoever is ranked exist."""
    counting = [key for key in ours if ours[key] > 0 or yours[key] > 0]
    missing = {one: tuple(key for key in counting if key not in given) for one, given in scores.items()}
    whole = [one for one in scores if not missing[one]]
    by_ours, by_yours = (_overalls(scores, whole, weights) for weights in (ours, yours))
    old, new = ranks(by_ours), ranks(by_yours)
    pull = _pulls({one: scores[one] for one in whole}, counting, ours, yours)
    standings = [
        Standing(
            product_id=one,
            ours=by_ours[one],
            yours=by_yours[one],
            rank_ours=old[one] or 0,
            rank_yours=new[one] or 0,
            moved_by=_moved_by(pull[one], (old[one] or 0) - (new[one] or 0)),
        )
        for one in whole
    ]
    return Ranking(
        standings=tuple(sorted(standings, key=lambda one: one.rank_yours)),
        apart=tuple(Apart(one, keys) for one, keys in missing.items() if keys),
    )


def _overalls(
    scores: Mapping[int, Mapping[str, Decimal]], whole: Sequence[int], weights: Weights
) -> dict[int, Decimal]:
    found = {one: overall(scores[one], weights).value for one in whole}
    return {one: value for one, value in found.items() if value is not None}


def _pulls(
    scores: Mapping[int, Mapping[str, Decimal]], keys: Sequence[str], ours: Weights, yours: Weights
) -> dict[int, dict[str, Fraction]]:
    """What each change of a weight adds for each product against the mean of all: exact, by criterion."""
    step = {key: _share(yours, key) - _share(ours, key) for key in keys}
    found: dict[int, dict[str, Fraction]] = {one: {} for one in scores}
    for key in keys:
        mean = sum((Fraction(given[key]) for given in scores.values()), Fraction(0)) / max(1, len(scores))
        for one, given in scores.items():
            found[one][key] = step[key] * (Fraction(given[key]) - mean)
    return found


def _share(weights: Weights, key: str) -> Fraction:
    total = sum(weights.values())
    return Fraction(weights[key], total) if total else Fraction(0)


def _moved_by(pull: Mapping[str, Fraction], places: int) -> str:
    """The criterion that pulls hardest the way it went; the earlier of equal ones."""
    if not places or not pull:
        return ""
    key = max(pull, key=lambda one: pull[one] if places > 0 else -pull[one])
    return key if pull[key] * places > 0 else ""


def share_by_key(weights: Weights) -> dict[str, int]:
    """Whole per cent that add up to 100."""
    return dict(zip(weights, shares(list(weights.values())), strict=True))

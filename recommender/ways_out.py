"""Nothing fits, and nothing that stands in the way may be given up: what is missing, and which other answer helps?

What keeps somebody safe, or makes the thing usable at all, is never offered to be dropped (`ranking.constraints`). So
that nobody is left with an empty page, it is named, and the easiest other answers after which there is something to
show are looked for on the engine.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice

from recommender.counterfactuals import MOST_PAIRS, Tries
from recommender.edits import Edit, edits_of, pairs_of
from recommender.ranking import Catalogue, Ranking
from recommender.ranking.constraints import KIND
from recommender.ranking.relaxation import relaxations

MOST_EDITS = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class WayOut:
    """`missing` are keys of the fewest demands without which some product of the kind would fit; `edits` are at most
    three single answers given otherwise, or two at once where no single one helps, the easiest first."""

    missing: tuple[str, ...]
    edits: tuple[Edit, ...]


def way_out(tries: Tries, rankings: Sequence[Ranking], catalogue: Catalogue) -> WayOut | None:
    """None when there is something to show or to give up, when no use was named, and when there is no way."""
    if not rankings or any(ranking.first or ranking.repairs for ranking in rankings):
        return None
    missing = tuple(dict.fromkeys(key for ranking in rankings for key in _missing(ranking, catalogue)))
    edits = tuple(islice(_edits(tries), MOST_EDITS))
    return WayOut(missing=missing, edits=edits) if missing or edits else None


def _missing(ranking: Ranking, catalogue: Catalogue) -> tuple[str, ...]:
    demands = [item if item.key == KIND else replace(item, cost=1) for item in ranking.demand.constraints]
    least = relaxations(catalogue, demands, budget=None, limit=1)
    return least[0].keys if least else ()


def _edits(tries: Tries) -> Iterator[Edit]:
    singles = edits_of(tries.course.needs)
    found = 0
    for edit in singles:
        if _helps(edit, tries):
            found += 1
            yield edit
    if not found:
        yield from (edit for edit in islice(pairs_of(singles), MOST_PAIRS) if _helps(edit, tries))


def _helps(edit: Edit, tries: Tries) -> bool:
    other = edit.applied(tries.course.needs)
    return tries.has_any(tries.way(edit, other).decision, other)

"""Why not this product? What keeps any product of the catalogue out of the list, or below the one that stands first.

Everything said here is read off the same demands and criteria that made the list, and the change that would put the
product first was tried on the engine.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from recommender.answers import Needs
from recommender.counterfactuals import Tries, easiest, kinds_of
from recommender.edits import Edit
from recommender.engine import Course, course_of
from recommender.facts import CandidateFacts
from recommender.ranking import Catalogue, Demand, Ranking, Scored, Selection, filtered, rank, scored
from recommender.ranking.shortlist import order_key
from recommender.rules import RuleSet

MOST_LEADS = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Lead:
    """A criterion on which one product stands better: `points` of the whole utility (0 to 1), and both values.

    A value is 0 to 1, or None when the fact is unknown.
    """

    key: str
    points: Decimal
    its: Decimal | None
    other: Decimal | None


@dataclass(frozen=True, slots=True, kw_only=True)
class WhyNot:
    """`verdict` is first, listed, below (it fits, others do better), unconfirmed (no demand fails, facts are missing)
    or out (a demand fails).

    `failed` and `unknown` are keys of demands. `place` counts among the products of the same standing. `rival` is the
    product that stands first; `behind` says where it is better than this one, `ahead` where this one is.
    `is_beaten` says that the rival is nowhere worse. `steps_back` says that by utility alone it would be shown, but a
    more varied list was made. `may_give_up` are the failed demands a shopper could drop; empty when one of them never
    is. `would_win` is the easiest edit of the needs, or two at once, that puts it first.
    """

    product: CandidateFacts
    kind: str
    verdict: str
    place: int | None
    failed: tuple[str, ...]
    unknown: tuple[str, ...]
    rival: CandidateFacts | None
    behind: tuple[Lead, ...]
    ahead: tuple[Lead, ...]
    is_beaten: bool
    steps_back: bool
    may_give_up: tuple[str, ...]
    would_win: Edit | None


def why_not(
    needs: Needs, slug: str, catalogue: Catalogue, ruleset: RuleSet, *, given_up: Iterable[str] = ()
) -> WhyNot | None:
    """What keeps the product from the first place. None when it is not in the catalogue or no use was named yet."""
    place = catalogue.place_of(slug)
    course = course_of(needs, ruleset)
    decision = course.decision
    kinds = kinds_of(decision, needs)
    if place is None or not kinds:
        return None
    product = catalogue.products[place]
    kind = product.kind if product.kind in kinds else kinds[0]
    assert kind is not None
    dropped = tuple(given_up)
    ranking = rank(
        decision,
        catalogue,
        kind=kind,
        budget=needs.budget,
        mic_forbidden=needs.mic_need == "forbidden",
        given_up=dropped,
    )
    said = _explained(product, place, ranking, catalogue)
    if said.verdict == "first":
        return said
    return _with_edit(said, course, catalogue, ranking, dropped)


def _with_edit(said: WhyNot, course: Course, catalogue: Catalogue, ranking: Ranking, given_up: Sequence[str]) -> WhyNot:
    tries = Tries(course, catalogue, near=ranking.selection, given_up=given_up)
    edit = easiest(tries, lambda best: best is not None and best.slug == said.product.slug)
    return replace(said, would_win=edit)


def _explained(product: CandidateFacts, place: int, ranking: Ranking, catalogue: Catalogue) -> WhyNot:
    demand = ranking.demand
    answers = [(item, item.test(product)) for item in demand.constraints]
    failed = [item for item, answer in answers if answer is False or (answer is None and item.settled)]
    unknown = tuple(item.key for item, answer in answers if answer is None and not item.settled)
    shown = [item.product.slug for item in (*ranking.confirmed, *ranking.unconfirmed)]
    rival = ranking.first
    is_first = rival is not None and rival.product.slug == product.slug
    mine = scored(product, demand.criteria, unknown)
    behind, ahead = _leads(mine, rival, demand) if rival is not None and not is_first else ((), ())
    standing = None if failed else _place(mine, place, demand, catalogue)
    verdict = _verdict(product.slug, shown, is_first=is_first, is_out=bool(failed), is_open=bool(unknown))
    return WhyNot(
        product=product,
        kind=demand.kind,
        verdict=verdict,
        place=standing,
        failed=tuple(item.key for item in failed),
        unknown=unknown,
        rival=None if rival is None or is_first else rival.product,
        behind=behind[:MOST_LEADS],
        ahead=ahead[:MOST_LEADS],
        is_beaten=bool(behind) and not ahead and not failed,
        steps_back=verdict == "below" and standing is not None and standing <= len(ranking.confirmed),
        may_give_up=() if any(item.cost is None for item in failed) else tuple(item.key for item in failed),
        would_win=None,
    )


def _verdict(slug: str, shown: Sequence[str], *, is_first: bool, is_out: bool, is_open: bool) -> str:
    if is_out:
        return "out"
    if is_first:
        return "first"
    if is_open:
        return "unconfirmed"
    return "listed" if slug in shown else "below"


def _place(mine: Scored, place: int, demand: Demand, catalogue: Catalogue) -> int:
    """1 for the best of those that stand as it does: confirmed, or not."""
    fitting = filtered(demand, catalogue)
    among = fitting.confirmed if fitting.confirmed >> place & 1 else fitting.unconfirmed
    if fitting.unpriced >> place & 1:
        among &= fitting.unpriced
        before = (fitting.unconfirmed & ~fitting.unpriced).bit_count()
    else:
        before, among = 0, among & ~fitting.unpriced if mine.gaps else among
    return 1 + before + _better(mine, among, demand, catalogue)


def _better(mine: Scored, among: int, demand: Demand, catalogue: Catalogue) -> int:
    surely, perhaps = Selection(catalogue, demand.criteria).before(among, catalogue.place_of(mine.product.slug) or 0)
    own = order_key(mine)
    rivals = (scored(catalogue.products[place], demand.criteria) for place in perhaps)
    return surely + sum(order_key(rival) < own for rival in rivals)


def _leads(mine: Scored, rival: Scored, demand: Demand) -> tuple[tuple[Lead, ...], tuple[Lead, ...]]:
    """Where the rival is better and where this one is, the largest difference first; unknown counts as it ranks."""
    total = sum((item.weight for item in demand.criteria), Decimal(0))
    behind, ahead = [], []
    for item, (_, its), (_, other) in zip(demand.criteria, mine.utility.scores, rival.utility.scores, strict=True):
        points = item.weight * ((other or Decimal(0)) - (its or Decimal(0))) / total
        lead = Lead(key=item.key, points=abs(points), its=its, other=other)
        if points > 0:
            behind.append(lead)
        elif points < 0:
            ahead.append(lead)
    ordered = [tuple(sorted(leads, key=lambda lead: (-lead.points, lead.key))) for leads in (behind, ahead)]
    return ordered[0], ordered[1]

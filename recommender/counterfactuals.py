"""What would change the answer? Every small edit of the needs, tried on the engine itself, the easiest first.

Where no single edit of `edits` leads anywhere, two at once are tried in the order of their costs: for the kind all of
them, for the first product a stated number. Whatever is found is therefore the easiest there is among those tried.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice
from typing import Any

from recommender.answers import Budget, Needs
from recommender.decision import Decision
from recommender.edits import Edit, edits_of, pairs_of
from recommender.engine import Course, course_near, kind_near, may_move_the_kind, price_only_advises
from recommender.facts import CandidateFacts
from recommender.ranking import Catalogue, Contest, Selection, demand_of
from recommender.ranking.constraints import BUDGET

KINDS = ("headset", "headphones")
MOST_WINNERS = 3
# Of pairs of edits so many are tried for another winner, where no single edit brings one.
MOST_PAIRS = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Flip:
    """An edit of the needs that leads to another kind. Applied, the engine decides for `kind`."""

    key: str
    cost: int
    kind: str
    changes: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """An edit of the needs that puts another product first, or (`product` is None) another type at the same kind."""

    key: str
    cost: int
    changes: Mapping[str, Any]
    kind: str
    type: str
    product: CandidateFacts | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Counterfactuals:
    """The easiest edit to each other kind, to another first type, and to each of up to three other first products."""

    kinds: tuple[Flip, ...] = ()
    type: Turn | None = None
    winners: tuple[Turn, ...] = ()


def counterfactuals(tries: Tries, *, winner: CandidateFacts | None) -> Counterfactuals:
    """Every edit is decided and, until enough is known, ranked. `winner` is the product that stands first now."""
    search = _Search(tries, winner)
    singles = edits_of(tries.course.needs)
    for edit in singles:
        if search.knows_all:
            break
        search.take(edit)
    if not search.kinds:
        search.flip_by_two(singles)
    if winner is not None and not search.winners:
        for edit in islice(pairs_of(singles), MOST_PAIRS):
            if search.take(edit):
                break
    return Counterfactuals(
        kinds=tuple(search.kinds.values()), type=search.turned, winners=tuple(search.winners.values())
    )


class Tries:
    """Edits of one person's needs, each decided once, from what stands of the way to this person's own decision, and
    each list of products looked for once. `near` is what this person's own list was ranked by."""

    def __init__(
        self, course: Course, catalogue: Catalogue, *, near: Selection | None = None, given_up: Sequence[str] = ()
    ) -> None:
        self.course, self._catalogue, self._near, self._given_up = course, catalogue, near, given_up
        self._courses: dict[str, Course] = {}
        self._price_only_advises = price_only_advises(course.ruleset)
        self._own = _standing(course.decision, course.needs)
        self._fields: dict[tuple[object, ...], _Field] = {}

    def way(self, edit: Edit, other: Needs) -> Course:
        """`other` are the needs with this edit."""
        key = edit.key
        # where a price only advises, another budget leaves the decision as it is, and the list alone moves
        if self._price_only_advises and "budget" in edit.changes:
            if len(edit.changes) == 1:
                return self.course
            key = edit.but_for_the_budget
        found = self._courses.get(key)
        if found is None:
            found = self._courses[key] = course_near(self.course, other)
        return found

    def winner(self, decided: Decision, other: Needs) -> CandidateFacts | None:
        return self._field(decided, other).winner(self._budget(other))

    def has_any(self, decided: Decision, other: Needs) -> bool:
        """Whether there would be something to show."""
        budget = self._budget(other)
        return any(contest.has_any(budget) for contest in self._field(decided, other).contests)

    def _field(self, decided: Decision, other: Needs) -> _Field:
        standing = self.standing(decided, other)
        found = self._fields.get(standing)
        if found is None:
            made = contests(decided, other, self._catalogue, near=self._near, given_up=self._given_up)
            found = self._fields[standing] = _Field(made)
        return found

    def _budget(self, other: Needs) -> Budget | None:
        return None if BUDGET in self._given_up else other.budget

    def is_same_list(self, decided: Decision, other: Needs) -> bool:
        """Whether it is the list of products that this person has now."""
        return other.budget == self.course.needs.budget and self.standing(decided, other) == self._own

    def standing(self, decided: Decision, other: Needs) -> tuple[object, ...]:
        """All that a list of products hangs on, but the budget."""
        mine = self.course
        if decided is mine.decision and other.mic_need == mine.needs.mic_need:
            return self._own
        return _standing(decided, other)


class _Field:
    """Contests that differ in nothing but the budget, each decided once."""

    def __init__(self, those: Iterable[Contest]) -> None:
        self.contests = tuple(those)
        self._winners: dict[Budget | None, CandidateFacts | None] = {}

    def winner(self, budget: Budget | None) -> CandidateFacts | None:
        if budget not in self._winners:
            self._winners[budget] = winner_among(self.contests, budget)
        return self._winners[budget]


@dataclass(slots=True)
class _Search:
    tries: Tries
    winner: CandidateFacts | None
    kinds: dict[str, Flip] = field(default_factory=dict)
    turned: Turn | None = None
    winners: dict[str, Turn] = field(default_factory=dict)

    def take(self, edit: Edit) -> bool:
        """Whether it puts another product first."""
        course = self.tries.course
        if self._knows_all_but_kinds:
            self._take_for_its_kind(edit)
            return False
        decision, other = course.decision, edit.applied(course.needs)
        way = self.tries.way(edit, other)
        kind = way.settled.kind
        if self._flips(edit, kind):
            return False
        first_type = way.first_type
        turn = Turn(key=edit.key, cost=edit.cost, changes=edit.changes, kind=kind, type=first_type)
        if self.turned is None and kind == decision.kind and first_type:
            self.turned = turn if decision.types[:1] not in ((), (first_type,)) else None
        if self.winner is None or len(self.winners) >= MOST_WINNERS or self.tries.is_same_list(way.decision, other):
            return False
        best = self.tries.winner(way.decision, other)
        if best is None or best.slug == self.winner.slug:
            return False
        self.winners.setdefault(best.slug, replace(turn, product=best))
        return True

    @property
    def knows_all(self) -> bool:
        """Whether no edit that costs as much or more could be named."""
        return self._knows_all_but_kinds and self.kinds.keys() >= {*KINDS} - {self.tries.course.decision.kind}

    @property
    def _knows_all_but_kinds(self) -> bool:
        """Whether more edits could only lead to a kind that is not found yet."""
        return self.turned is not None and (self.winner is None or len(self.winners) >= MOST_WINNERS)

    def _take_for_its_kind(self, edit: Edit) -> None:
        course = self.tries.course
        if may_move_the_kind(edit.changes, course):
            self._flips(edit, kind_near(course, edit.applied(course.needs)))

    def _flips(self, edit: Edit, kind: str) -> bool:
        """Whether it leads to another kind."""
        if kind in {self.tries.course.decision.kind, "either"}:
            return False
        self.kinds.setdefault(kind, Flip(key=edit.key, cost=edit.cost, kind=kind, changes=edit.changes))
        return True

    def flip_by_two(self, singles: Sequence[Edit]) -> None:
        """The easiest two edits that lead to another kind."""
        course = self.tries.course
        for edit in pairs_of([edit for edit in singles if may_move_the_kind(edit.changes, course)]):
            if self._flips(edit, kind_near(course, edit.applied(course.needs))):
                return


def winner_of(decision: Decision, needs: Needs, catalogue: Catalogue) -> CandidateFacts | None:
    """The product that stands first: of the decided kind, or in the first of two lists that has any."""
    return winner_among(contests(decision, needs, catalogue), needs.budget)


def contests(
    decision: Decision,
    needs: Needs,
    catalogue: Catalogue,
    *,
    near: Selection | None = None,
    given_up: Iterable[str] = (),
) -> Iterator[Contest]:
    """One for each kind whose products are worth showing, whatever it may cost."""
    for kind in kinds_of(decision, needs):
        demand = demand_of(decision, kind=kind, mic_forbidden=needs.mic_need == "forbidden", given_up=given_up)
        yield Contest(demand, catalogue, near)


def winner_among(those: Iterable[Contest], budget: Budget | None) -> CandidateFacts | None:
    """The first product of the first contest that has any."""
    return next((best for contest in those if (best := contest.first(budget)) is not None), None)


def easiest(tries: Tries, leads_there: Callable[[CandidateFacts | None], bool]) -> Edit | None:
    """The cheapest edit whose first product is such a one, also of two at once where no single one will do."""
    singles = edits_of(tries.course.needs)
    for edit in (*singles, *islice(pairs_of(singles), MOST_PAIRS)):
        other = edit.applied(tries.course.needs)
        if leads_there(tries.winner(tries.way(edit, other).decision, other)):
            return edit
    return None


def kinds_of(decision: Decision, needs: Needs) -> tuple[str, ...]:
    """The kinds whose products are worth showing: both when it is a draw, none while no use was named (VER-8)."""
    if decision.kind in KINDS:
        return (decision.kind,)
    return KINDS if needs.activities else ()


def _standing(decision: Decision, needs: Needs) -> tuple[object, ...]:
    """All that a list of products hangs on, but the budget."""
    return (
        decision.kind,
        decision.types,
        decision.facets,
        decision.must_have,
        decision.excluded,
        frozenset(decision.nice_to_have.items()),
        decision.use_case,
        decision.avoid_brands,
        needs.mic_need == "forbidden",
        bool(needs.activities),
    )

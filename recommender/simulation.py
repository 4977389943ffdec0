"""Where do all the ways through the questions end, and who wins there? A walk over every answer, within stated bounds.

**Which ways.** From nothing told, the question that is asked first, each of its answers, the question asked next, and
so on as a reader would be asked. One use is chosen of many; a budget is one of three. Skipped questions are not walked:
a way that ends early says the same. Of one use at most `most` ways are walked; where there are more, those left are
answered as far as they got, and counted as `cut`. Every way counts the same, however likely.
"""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any

from recommender.advice import kinds_of, ranking_of
from recommender.answers import Needs
from recommender.asking import decided, is_any_left, upcoming
from recommender.counterfactuals import Tries
from recommender.decision import Decision
from recommender.engine import course_of, decide, price_only_advises
from recommender.facts import CandidateFacts
from recommender.questions import BY_KEY, Question
from recommender.ranking import Ranking
from recommender.ranking.catalogue import Catalogue
from recommender.rules import RuleSet
from recommender.told import Told, answered, needs_of
from recommender.ways_out import way_out

BUDGETS = (Decimal(40), Decimal(120), Decimal(350))
MOST_OF_A_USE = 2000
USES = tuple(option.value for option in BY_KEY["do"].options)


@dataclass(frozen=True, slots=True)
class End:
    """Where a way ends. `is_cut`: more would have been asked."""

    told: Told
    is_cut: bool


@dataclass(slots=True, kw_only=True)
class Walked:
    """What was seen on all the ways so far. `dead` and `tied` are examples of states, in order; counts are of all."""

    ways: int = 0
    cut: int = 0
    asked: Counter[int] = field(default_factory=Counter)
    kinds: Counter[str] = field(default_factory=Counter)
    relaxed: int = 0
    dead_count: int = 0
    tied_count: int = 0
    dead: list[Told] = field(default_factory=list)
    tied: list[tuple[Told, str]] = field(default_factory=list)
    wins: Counter[int] = field(default_factory=Counter)
    shown: set[int] = field(default_factory=set)


MOST_EXAMPLES = 40


def ways(use: str, ruleset: RuleSet, *, most: int = MOST_OF_A_USE) -> Iterator[End]:
    """Every way of somebody with this use, the shortest first."""
    waiting = deque([answered(Told(), "do", (use,))])
    ended = 0
    while waiting:
        told = waiting.popleft()
        if ended + len(waiting) >= most:
            ended += 1
            yield End(told, is_cut=is_any_left(told, ruleset))
        elif following := upcoming(told, ruleset):
            waiting.extend(_answers(told, following[0]))
        else:
            ended += 1
            yield End(told, is_cut=False)


class Walk:
    """Takes one use after the other; what two ways have in common is ranked once."""

    def __init__(self, ruleset: RuleSet, products: tuple[CandidateFacts, ...], *, most: int = MOST_OF_A_USE) -> None:
        self.walked = Walked()
        self._ruleset, self._catalogue, self._most = ruleset, Catalogue(products), most
        self._price_only_advises = price_only_advises(ruleset)
        self._known: dict[tuple[Any, ...], tuple[Ranking, ...]] = {}

    def take(self, use: str) -> None:
        for end in ways(use, self._ruleset, most=self._most):
            self._take(end)

    def _take(self, end: End) -> None:
        seen, needs = self.walked, needs_of(end.told)
        # where a price only advises, what is decided does not hang on the budget
        decision = decided(end.told, self._ruleset) if self._price_only_advises else decide(needs, self._ruleset)
        rankings = self._rankings(decision, needs)
        seen.ways += 1
        seen.cut += end.is_cut
        seen.asked[_questions_answered(end.told)] += 1
        seen.kinds[decision.kind] += 1
        seen.relaxed += bool(rankings) and not any(ranking.is_match for ranking in rankings)
        if self._is_dead(needs, rankings):
            seen.dead_count += 1
            seen.dead += [end.told] if len(seen.dead) < MOST_EXAMPLES else []
        for ranking in rankings:
            self._judge(end.told, ranking)

    def _is_dead(self, needs: Needs, rankings: tuple[Ranking, ...]) -> bool:
        """Whether there is nothing to show, to give up or to answer otherwise."""
        if any(ranking.first or ranking.repairs for ranking in rankings):
            return False
        return way_out(Tries(course_of(needs, self._ruleset), self._catalogue), rankings, self._catalogue) is None

    def _judge(self, told: Told, ranking: Ranking) -> None:
        seen = self.walked
        shown = (*ranking.confirmed, *ranking.unconfirmed)
        seen.shown.update(item.product.id for item in shown)
        if not shown:
            return
        seen.wins[shown[0].product.id] += 1
        first, *others = ranking.confirmed or ranking.unconfirmed
        # the same use to the reader, told apart only by what is known of them or by their price
        if others and others[0].utility.low == first.utility.low:
            seen.tied_count += 1
            if len(seen.tied) < MOST_EXAMPLES:
                seen.tied.append((told, f"{first.product.name} and {others[0].product.name}"))

    def _rankings(self, decision: Decision, needs: Needs) -> tuple[Ranking, ...]:
        key = (
            decision.kind,
            decision.types,
            decision.facets,
            decision.must_have,
            tuple(sorted(decision.nice_to_have.items())),
            decision.excluded,
            decision.use_case,
            needs.budget,
            needs.mic_need == "forbidden",
        )
        if key not in self._known:
            kinds = kinds_of(decision, needs)
            self._known[key] = tuple(ranking_of(decision, needs, self._catalogue, kind) for kind in kinds)
        return self._known[key]


def _answers(told: Told, question: Question) -> Iterator[Told]:
    if question.key == "budget":
        yield from (replace(told, budget=amount) for amount in BUDGETS)
        return
    for option in question.options:
        yield answered(told, question.key, (option.value,))


def _questions_answered(told: Told) -> int:
    return sum(told.has(key) for key in BY_KEY)

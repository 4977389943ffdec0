"""Which question comes next, and do we know enough? The one whose answer is expected to change the advice most.

**The measure.** `change` says in one number how far two decisions lie apart: 1 for the other kind, half of it where one
of them leaves the kind open, and less for what is asked of a product. Of a question it is expected over its answers,
each as likely as `Question.chances` says. What it may cost changes no decision but every list of products: it counts
as a fixed change. Equal ones are asked in the order of `QUESTIONS`, so that the same answers always lead to the same
question. **Enough** is known of the kind when nothing is left to be cleared up and no single answer more is likely to
turn it (`is_sure`). At most six questions are asked; skipped ones are not asked again.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache

from recommender.decision import Decision
from recommender.engine import decide
from recommender.questions import BY_KEY, MOST_ASKED, QUESTIONS, Question
from recommender.rules import RuleSet
from recommender.told import Told, answered, needs_of

# Where one of two decisions leaves the kind open, and where one of them still has something to clear up.
OPEN, UNSETTLED = 0.5, 0.25
# Another first type; each demand or refusal more or less; all wishes, by their weight; each word of caution.
OTHER_TYPE, DEMAND, WISH, CAUTION = 0.3, 0.1, 0.05, 0.05
MOST_DEMANDS = 0.5
# What it may cost moves every list, though no decision: after what can turn the kind, before what tunes a wish.
BUDGET = 0.12
# A question that is expected to change less is not worth a reader's time.
WORTH = 0.02
# The kind is sure when the likeliest turn by one more answer is at most this likely.
DOUBT = 0.1


@dataclass(frozen=True, slots=True)
class Weighed:
    """A question with the change that is expected of it, and how likely its answer turns the kind."""

    question: Question
    expected: float
    turns: float


def change(before: Decision, after: Decision) -> float:
    """How far apart two decisions are: 0 for the same, 1 and more for the other kind."""
    found = 0.0
    if before.kind != after.kind:
        found += OPEN if "either" in (before.kind, after.kind) else 1.0
    if (before.question is None) != (after.question is None):
        found += UNSETTLED
    if before.types[:1] != after.types[:1]:
        found += OTHER_TYPE
    demands = {*before.must_have} ^ {*after.must_have}
    refusals = {*before.excluded} ^ {*after.excluded}
    found += min(MOST_DEMANDS, DEMAND * (len(demands) + len(refusals)))
    wishes = {*before.nice_to_have, *after.nice_to_have}
    moved = (abs(float(before.nice_to_have.get(one, 0) - after.nice_to_have.get(one, 0))) for one in sorted(wishes))
    return found + WISH * sum(moved) + CAUTION * len({*before.advisories} ^ {*after.advisories})


def weighed(told: Told, ruleset: RuleSet) -> tuple[Weighed, ...]:
    """The questions neither answered nor skipped, the one with the most expected change first."""
    open_ = [item for item in QUESTIONS if not told.has(item.key) and item.key not in told.skipped]
    found = [_weigh(item, told, ruleset) for item in open_]
    return tuple(sorted(found, key=lambda item: -round(item.expected, 6)))


def upcoming(told: Told, ruleset: RuleSet) -> tuple[Question, ...]:
    """The questions that are still worth asking, next first, as far as can be seen now; at most six in all."""
    places = MOST_ASKED - len(seen(told))
    return tuple(item.question for item in weighed(told, ruleset) if item.expected >= WORTH)[: max(0, places)]


def is_sure(told: Told, ruleset: RuleSet) -> bool:
    """Whether the kind is known: nothing to be cleared up, and no single answer is likely to turn it."""
    if _decision(_key(told), ruleset).question is not None:
        return False
    return all(item.turns <= DOUBT for item in weighed(told, ruleset))


def seen(told: Told) -> tuple[Question, ...]:
    """The questions that were answered or skipped, in the order of `QUESTIONS`."""
    return tuple(item for item in QUESTIONS if told.has(item.key) or item.key in told.skipped)


def way_here(told: Told, ruleset: RuleSet) -> tuple[Question, ...]:
    """The same in the order in which they were asked, found by asking anew; what was never asked stands at the end."""
    before = seen(told)
    blank = replace(told, skipped=())
    for item in before:
        blank = replace(blank, budget=None) if item.key == "budget" else answered(blank, item.key, ())
    way: list[Question] = []
    while len(way) < len(before):
        following = upcoming(blank, ruleset)
        if not following or following[0] not in before:
            break
        key = following[0].key
        way.append(following[0])
        if not told.has(key):
            blank = replace(blank, skipped=(*blank.skipped, key))
        elif key == "budget":
            blank = replace(blank, budget=told.budget)
        else:
            blank = answered(blank, key, told.values(key))
    return (*way, *(item for item in before if item not in way))


def _weigh(question: Question, told: Told, ruleset: RuleSet) -> Weighed:
    if not question.options:
        return Weighed(question, BUDGET, 0.0)
    before = _decision(_key(told), ruleset)
    expected = turns = 0.0
    for value, likely in _answers(question):
        after = _decision(_key(answered(told, question.key, (value,))), ruleset)
        expected += likely * change(before, after)
        turns += likely * (after.kind != before.kind)
    return Weighed(question, expected, turns)


def _answers(question: Question) -> Iterator[tuple[str, float]]:
    """Each answer with its likelihood."""
    chances = question.chances or {option.value: 1 for option in question.options}
    total = sum(chances.values())
    return ((option.value, chances[option.value] / total) for option in question.options)


def _key(told: Told) -> Told:
    """All of the state that a decision's kind and demands hang on: neither the amount nor what was skipped."""
    return replace(told, budget=None, skipped=(), without=())


class _Rules:
    """A set of rules as part of a key: two of the same version decide alike."""

    __slots__ = ("ruleset",)

    def __init__(self, ruleset: RuleSet) -> None:
        self.ruleset = ruleset

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Rules) and other.ruleset.version == self.ruleset.version

    def __hash__(self) -> int:
        return hash(self.ruleset.version)


def _decision(told: Told, ruleset: RuleSet) -> Decision:
    return _decided(told, _Rules(ruleset))


@lru_cache(maxsize=16_384)
def _decided(told: Told, rules: _Rules) -> Decision:
    return decide(needs_of(told), rules.ruleset)


def first_open(told: Told) -> str:
    """The first question without an answer: where a reader who skipped everything starts again."""
    return next((question.key for question in QUESTIONS if not told.has(question.key)), next(iter(BY_KEY)))

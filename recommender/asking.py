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
from functools import cached_property

from recommender.decision import Decision
from recommender.engine import Course, course_near, course_of
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
# So many decisions are kept; then they are all forgotten.
MOST_KNOWN = 16_384


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
    way = _Way(told, ruleset)
    found = [_weigh(item, way) for item in _open(told)]
    return tuple(sorted(found, key=lambda item: -round(item.expected, 6)))


def upcoming(told: Told, ruleset: RuleSet) -> tuple[Question, ...]:
    """The questions that are still worth asking, next first, as far as can be seen now; at most six in all."""
    places = MOST_ASKED - len(seen(told))
    if places <= 0:
        return ()
    return tuple(item.question for item in weighed(told, ruleset) if item.expected >= WORTH)[:places]


def is_any_left(told: Told, ruleset: RuleSet) -> bool:
    """Whether `upcoming` has any, with no more questions weighed than it takes."""
    way = _Way(told, ruleset)
    return len(seen(told)) < MOST_ASKED and any(_weigh(item, way).expected >= WORTH for item in reversed(_open(told)))


def is_sure(told: Told, ruleset: RuleSet) -> bool:
    """Whether the kind is known: nothing to be cleared up, and no single answer is likely to turn it."""
    if decided(told, ruleset).question is not None:
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


def _open(told: Told) -> list[Question]:
    return [item for item in QUESTIONS if not told.has(item.key) and item.key not in told.skipped]


def _weigh(question: Question, way: _Way) -> Weighed:
    if not question.options:
        return Weighed(question, BUDGET, 0.0)
    before = way.decision(way.told)
    expected = turns = 0.0
    for value, likely in _answers(question):
        after = way.decision(answered(way.told, question.key, (value,)))
        expected += likely * change(before, after)
        turns += likely * (after.kind != before.kind)
    return Weighed(question, expected, turns)


def _answers(question: Question) -> Iterator[tuple[str, float]]:
    """Each answer with its likelihood."""
    chances = question.chances or {option.value: 1 for option in question.options}
    total = sum(chances.values())
    return ((option.value, chances[option.value] / total) for option in question.options)


def decided(told: Told, ruleset: RuleSet) -> Decision:
    """What is decided so far, whatever it may cost, without the rules it rests on."""
    way = _Way(told, ruleset)
    return way.decision(way.told)


class _Way:
    """The way to the decision for somebody, from which that for one answer more is near. `told` is without what moves
    no decision."""

    def __init__(self, told: Told, ruleset: RuleSet) -> None:
        self.told, self._ruleset = replace(told, budget=None, skipped=(), without=()), ruleset

    def decision(self, told: Told) -> Decision:
        """For the same person, or for one who told a little more."""
        key = (told, self._ruleset.version)
        found = _known.get(key)
        if found is None:
            if len(_known) >= MOST_KNOWN:
                _known.clear()
            course = self._course if told is self.told else course_near(self._course, needs_of(told))
            found = _known[key] = course.decision
        return found

    @cached_property
    def _course(self) -> Course:
        return course_of(needs_of(self.told), self._ruleset)


def forget() -> None:
    """Decide anew whatever was decided."""
    _known.clear()


# Two rule sets of the same version decide alike.
_known: dict[tuple[Told, str], Decision] = {}


def first_open(told: Told) -> str:
    """The first question without an answer: where a reader who skipped everything starts again."""
    return next((question.key for question in QUESTIONS if not told.has(question.key)), next(iter(BY_KEY)))

"""What do these needs call for? Needs and rules in, a decision with its reasons out.

Nothing here looks at products, prices or the clock; the same needs and rules always give the same decision, in
whatever order they were told.
"""

from __future__ import annotations

from collections.abc import Iterable

from recommender.answers import Needs
from recommender.decision import Decision
from recommender.engine.asking import asked_of
from recommender.engine.course import Course, cited, course_near, course_of, kind_near
from recommender.rules import RuleSet

__all__ = [
    "Course",
    "cited",
    "course_near",
    "course_of",
    "decide",
    "kind_near",
    "may_move_the_kind",
    "price_only_advises",
]


def decide(needs: Needs, ruleset: RuleSet) -> Decision:
    """The decision for these needs: kind, types, features, advice, and every rule that contributed or was defeated."""
    return cited(course_of(needs, ruleset))


def price_only_advises(ruleset: RuleSet) -> bool:
    """Whether no rule lets a budget move the decision."""
    return asked_of(ruleset).price_only_advises


def may_move_the_kind(fields: Iterable[str], course: Course) -> bool:
    """Whether some rule about this person's uses lets one of these fields of the needs have a say in the kind, however
    remote."""
    uses, of_the_kind = course.first.uses, course.asked.of_the_kind
    return any(field in of_the_kind and not of_the_kind[field].isdisjoint(uses) for field in fields)

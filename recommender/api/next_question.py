"""What should be asked next, given what is known so far? For programs that hold their own conversation.

The question is the one our own pages would ask: the one whose answer is expected to change the advice most.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from drf_spectacular.utils import extend_schema, extend_schema_view

from recommender.answers import Needs, needs_as_mapping
from recommender.api.door import Door
from recommender.api.serializers import NextQuestionIn, NextQuestionOut, ProblemOut
from recommender.asking import Weighed, is_sure, seen, upcoming, weighed
from recommender.engine import decide
from recommender.questions import MOST_ASKED
from recommender.rules import load
from recommender.told import Told, answered, needs_of, told_of


@extend_schema_view(
    post=extend_schema(
        request=NextQuestionIn,
        responses={200: NextQuestionOut, (400, "application/problem+json"): ProblemOut},
    )
)
class NextQuestion(Door):
    """The question worth asking next, with its answers and what each adds. Nothing that is sent is kept."""

    reads, tells = NextQuestionIn, NextQuestionOut

    def answer(self, needs: Needs, given: dict[str, Any]) -> dict[str, Any]:
        return next_question(needs, replace(told_of(needs), skipped=tuple(sorted(given.get("skipped", ())))))


def next_question(needs: Needs, told: Told) -> dict[str, Any]:
    rules = load()
    left = upcoming(told, rules)
    best = next((item for item in weighed(told, rules) if left and item.question == left[0]), None)
    return {
        "question": _question(best, told) if best and len(seen(told)) < MOST_ASKED else None,
        "is_sure": is_sure(told, rules),
        "kind": decide(needs, rules).kind,
        "left": len(left),
        "needs": needs_as_mapping(needs),
        "rules_version": rules.version,
    }


def _question(weighed_one: Weighed, told: Told) -> dict[str, Any]:
    question = weighed_one.question
    before = needs_as_mapping(needs_of(told))
    answers = []
    for option in question.options:
        after = needs_as_mapping(needs_of(answered(told, question.key, (option.value,))))
        adds = {name: value for name, value in after.items() if value != before.get(name)}
        answers.append({"value": option.value, "text": option.label, "hint": option.hint, "needs": adds})
    return {
        "key": question.key,
        "title": question.title,
        "help": question.help,
        "most": question.many,
        "answers": answers,
        "expected_change": round(weighed_one.expected, 3),
    }

"""What should be asked next, given what is known so far? For programs that hold their own conversation.

The question is the one our own pages would ask: the one whose answer is expected to change the advice most.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from recommender.answers import Needs, NeedsError, needs_as_mapping
from recommender.api import refusal
from recommender.api.serializers import NextQuestionIn, NextQuestionOut, ProblemOut
from recommender.asking import Weighed, is_sure, seen, upcoming, weighed
from recommender.engine import decide
from recommender.questions import MOST_ASKED
from recommender.reading_text import fill_open
from recommender.rules import load
from recommender.told import Told, answered, needs_of, told_of


class NextQuestion(APIView):
    """The question worth asking next, with its answers and what each adds. Nothing that is sent is kept."""

    @extend_schema(
        request=NextQuestionIn,
        responses={200: NextQuestionOut, (400, "application/problem+json"): ProblemOut},
    )
    def post(self, request: Request) -> Response:
        asked = NextQuestionIn(data=request.data)
        try:
            asked.is_valid(raise_exception=True)
        except NeedsError as error:
            return refusal(error)
        given: dict[str, Any] = asked.validated_data
        needs = fill_open(given.get("needs", Needs()), given.get("text") or "")
        told = replace(told_of(needs), skipped=tuple(sorted(given.get("skipped", ()))))
        return Response(NextQuestionOut(next_question(needs, told)).data)


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

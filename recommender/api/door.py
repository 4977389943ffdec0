"""What do both doors have in common? They read needs, or a sentence, and refuse what cannot be read alike."""

from __future__ import annotations

from functools import cache
from typing import Any

from rest_framework import status
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import Serializer
from rest_framework.views import APIView

from recommender.answers import Needs, NeedsError
from recommender.api.telling import Tell, teller
from recommender.reading_text import fill_open


class Door(APIView):
    """`reads` names the serializer of what is sent, `tells` that of the answer."""

    reads: type[Serializer[Any]]
    tells: type[Serializer[Any]]

    def post(self, request: Request) -> Response:
        try:
            return Response(self.told(request.data))
        except NeedsError as error:
            return _refusal(error)

    def told(self, data: Any) -> dict[str, Any]:
        """The answer to what was sent. Raises `NeedsError` and DRF's `ValidationError` for what cannot be read."""
        given = self._read(data)
        needs, text = given.get("needs", Needs()), given.get("text")
        if text:
            needs = fill_open(needs, text)
        told: dict[str, Any] = _teller(self.tells)(self.answer(needs, given))
        return told

    def _read(self, data: Any) -> dict[str, Any]:
        try:
            given: dict[str, Any] = _kept(self.reads).run_validation(data)
        except ValidationError:
            # what is wrong is worded by one that was made for it
            asked = self.reads(data=data)
            asked.is_valid(raise_exception=True)
            given = asked.validated_data
        return given

    def answer(self, needs: Needs, given: dict[str, Any]) -> dict[str, Any]:
        """The answer to needs that could be read. `given` is all that was sent, checked."""
        raise NotImplementedError


@cache
def _kept(serializer: type[Serializer[Any]]) -> Serializer[Any]:
    """One of its kind for all requests: to read changes nothing in it, and making its fields anew takes longer than
    filling them."""
    return serializer()


@cache
def _teller(serializer: type[Serializer[Any]]) -> Tell:
    return teller(serializer())


def _refusal(error: NeedsError) -> Response:
    errors = [
        {
            "field": problem.field if problem.field == "needs" else f"needs.{problem.field}",
            "problem": problem.problem,
            "allowed": list(problem.allowed),
        }
        for problem in error.problems
    ]
    problem = {
        "type": "about:blank",
        "title": "Bad Request",
        "status": status.HTTP_400_BAD_REQUEST,
        "detail": "Some of the needs cannot be read; see `errors`.",
        "errors": errors,
    }
    return Response(problem, status=status.HTTP_400_BAD_REQUEST, content_type="application/problem+json")

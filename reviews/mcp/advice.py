"""What are assistants told of headset or headphones? The API's own answers, with the rules that spoke."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from rest_framework.exceptions import ValidationError

from recommender.answers import Needs, NeedsError
from recommender.api import Recommendation
from recommender.api.door import Door
from recommender.api.next_question import NextQuestion as NextQuestionDoor
from reviews.mcp.arguments import NextQuestion, Recommend, RefusedError, in_words
from reviews.mcp.shown import DISCLOSURE, placed


class _Placed(Recommendation):
    """The API's advice, its links placed with an assistant."""

    def answer(self, needs: Needs, given: dict[str, Any]) -> dict[str, Any]:
        advice = super().answer(needs, given)
        for rank, product in enumerate(advice["products"], start=1):
            product["offers"] = placed(product["offers"], part="advised", rank=rank)
        return advice


def recommended(asked: Recommend, *, now: datetime) -> dict[str, Any]:
    """The clock is the door's own: advice says as of when it stands."""
    said = {"give_up": asked.give_up, **({"why_not": asked.why_not} if asked.why_not else {})}
    return {**_told(_Placed(), asked, said), "disclosure": DISCLOSURE}


def next_question(asked: NextQuestion, *, now: datetime) -> dict[str, Any]:
    return _told(NextQuestionDoor(), asked, {"skipped": asked.skipped})


def _told(door: Door, asked: Recommend | NextQuestion, said: dict[str, Any]) -> dict[str, Any]:
    words = {"text": asked.text} if asked.text else {}
    try:
        return door.told({"needs": asked.needs, **words, **said})
    except NeedsError as error:
        problems = [
            f"`needs.{one.field}`: {one.problem}" + (f" Allowed: {', '.join(one.allowed)}." if one.allowed else "")
            for one in error.problems
        ]
    except ValidationError as error:
        problems = list(_sentences(error.detail, ""))
    raise RefusedError(in_words(problems))


def _sentences(detail: Any, where: str) -> Iterator[str]:
    """Nested validation errors, each with its place."""
    if isinstance(detail, Mapping):
        for name, inner in detail.items():
            yield from _sentences(inner, f"{where}.{name}" if where else str(name))
    elif isinstance(detail, list):
        for inner in detail:
            yield from _sentences(inner, where)
    else:
        yield f"`{where}`: {detail}"

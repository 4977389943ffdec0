"""By which version of the method were an article's products weighed, and how do they stand by it?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from django.urls import reverse

from reviews import selectors
from reviews.blocks.base import ProductFacts


@dataclass(frozen=True, slots=True, kw_only=True)
class MethodNote:
    """`url` is the public page of the version."""

    number: int
    use_case: str
    url: str


def method_note(content: Mapping[str, Any]) -> MethodNote | None:
    """None when the article has no use case of its own."""
    told = content.get("method")
    if not told:
        return None
    url = reverse("method-version", kwargs={"number": told["number"]})
    return MethodNote(number=told["number"], use_case=told["label"], url=url)


def weighed(facts: Mapping[int, ProductFacts], content: Mapping[str, Any]) -> dict[int, ProductFacts]:
    """The products with the overalls that the article froze; without a use case, with those they have elsewhere.

    The subject of a review has the score that the review itself gives, so that one page names one number.
    """
    found = dict(facts)
    if told := content.get("method"):
        given = told["overalls"]
        found = {
            asked: replace(one, overall_score=Decimal(given[str(asked)]) if str(asked) in given else None)
            for asked, one in facts.items()
        }
    subject = content["article"]["subject"]
    own = selectors.score_of(content, subject) if subject else None
    if own is not None and subject in found:
        found[subject] = replace(found[subject], overall_score=own)
    return found

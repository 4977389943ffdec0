"""Which address shows which state of the conversation, and where do its links lead?"""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.text import slugify

from recommender.questions import Told

GUIDE = "headphones-versus-headsets"


def asking(told: Told, *, ask: str = "") -> str:
    """The address of the next question in this state, or of the question `ask`."""
    return _address("choose", told, [("ask", ask)] if ask else [])


def result(told: Told, **changes: Any) -> str:
    """The address of the result in this state, with fields of `Told` replaced by `changes`."""
    return _address("choose-result", replace(told, **changes))


def all_at_once(told: Told) -> str:
    return _address("choose-all", told)


def guide(section: str) -> str:
    """The part of our guide that explains a rule; the guide's top for rules without a section."""
    anchor = f"#{slugify(section)}" if section else ""
    return reverse("article-guide", kwargs={"slug": GUIDE}) + anchor


def _address(name: str, told: Told, extra: list[tuple[str, str]] | None = None) -> str:
    pairs = [*told.params(), *(extra or [])]
    return reverse(name) + (f"?{urlencode(pairs)}" if pairs else "")

"""Which address shows which state of the conversation, and where do its links lead?"""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.text import slugify

from recommender.answers import Needs
from recommender.rules import load
from recommender.told import Told, told_of

GUIDE = "headphones-versus-headsets"


def asking(told: Told, *, ask: str = "", asked: str = "") -> str:
    """The address of the next question in this state, or of the question `ask`.

    `asked`: the question the reader leaves by this link; it only passes through the address that counts the step.
    """
    return _address("choose", told, [(name, key) for name, key in (("ask", ask), ("asked", asked)) if key])


def result(told: Told, *, version: str = "", **changes: Any) -> str:
    """The address of the result in this state, with fields of `Told` replaced by `changes`: by today's rules, unless
    the `version` they had is named."""
    return _address("choose-result", replace(told, **changes), [("v", version or load().version)])


def result_of(needs: Needs, *, like: Told) -> str:
    """The address of the result for other needs; what was agreed to stays agreed."""
    return _address("choose-result", told_of(needs, like=like), [("v", load().version)])


def why(told: Told, *, version: str) -> str:
    """The address of every step that led to the result by these rules."""
    return _address("choose-why", told, [("v", version)])


def why_not(told: Told, slug: str, *, version: str) -> str:
    """The place on the result that says why this product is not first."""
    return _address("choose-result", told, [("v", version), ("why", slug)]) + "#why-not"


def all_at_once(told: Told) -> str:
    return _address("choose-all", told)


def in_words() -> str:
    """The address to which a sentence is sent. The sentence stands in no other."""
    return reverse("choose-in-words")


def guide(section: str) -> str:
    """The part of our guide that explains a rule; the guide's top for rules without a section."""
    anchor = f"#{slugify(section)}" if section else ""
    return reverse("article-guide", kwargs={"slug": GUIDE}) + anchor


def _address(name: str, told: Told, extra: list[tuple[str, str]] | None = None) -> str:
    pairs = [*told.params(), *(extra or [])]
    return reverse(name) + (f"?{urlencode(pairs, safe=':')}" if pairs else "")

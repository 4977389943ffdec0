"""What stands on the result about a product a reader asked for: why is it not first, and what would put it there?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse

from recommender import wording
from recommender.answers import Needs
from recommender.kept_catalogue import kept_catalogue
from recommender.pages import addresses
from recommender.pages.changes import address_of, edit_words
from recommender.rules import RuleSet
from recommender.told import Told
from recommender.why_not import Lead, WhyNot, why_not

_CRITERIA = {"price": "the price", "type": "the type", "score": "our score for this use"}


@dataclass(frozen=True, slots=True, kw_only=True)
class WhyNotPart:
    """`sentences` are what keeps it back, the heaviest first; `href` leads to the answer that would put it first."""

    asked: str
    name: str
    product_href: str
    headline: str
    sentences: tuple[str, ...]
    change: str
    href: str
    give_up: str
    give_up_href: str
    is_known: bool


def why_not_part(slug: str, needs: Needs, told: Told, rules: RuleSet, *, now: datetime) -> WhyNotPart | None:
    """None when nothing was asked; a word of its own for a product that is not in the catalogue."""
    if not slug:
        return None
    found = why_not(needs, slug, kept_catalogue(now=now), rules, given_up=told.without)
    if found is None:
        return _unknown(slug)
    change = found.would_win
    gives_up = [key for key in found.may_give_up if key != "budget"]
    without = tuple(dict.fromkeys([*told.without, *gives_up]))
    return WhyNotPart(
        asked=slug,
        name=found.product.name,
        product_href=reverse("product", kwargs={"slug": slug}),
        headline=_headline(found),
        sentences=tuple(_sentences(found)),
        change=f"{edit_words(change.key)}, it would come first." if change else "",
        href=address_of(needs, told, change.changes) if change else "",
        give_up=" and ".join(wording.give_up(key) for key in gives_up),
        give_up_href=addresses.result(told, without=without) if gives_up and len(gives_up) == len(found.failed) else "",
        is_known=True,
    )


def _unknown(slug: str) -> WhyNotPart:
    return WhyNotPart(
        asked=slug,
        name="",
        product_href="",
        headline="We cannot say",
        sentences=(f"We know no product “{slug[:60]}” that is still made, or you have not said what it is for.",),
        change="",
        href="",
        give_up="",
        give_up_href="",
        is_known=False,
    )


def _headline(found: WhyNot) -> str:
    name = found.product.name
    if found.verdict == "first":
        return f"The {name} is our first choice"
    if found.verdict == "out":
        return f"Why not the {name}"
    return f"Why the {name} is not first" if found.verdict == "listed" else f"Why the {name} is not in the list"


def _sentences(found: WhyNot) -> Iterator[str]:
    rival = found.rival.name if found.rival else ""
    for key in found.failed:
        yield _failed(key, found)
    if found.unknown:
        yield f"We cannot confirm {_and(wording.label(key) for key in found.unknown)}."
    if found.verdict == "first":
        yield "It meets everything you asked for and comes out best."
    if found.place is not None and found.place > 1 and not found.failed:
        yield f"{found.place - 1} {'model stands' if found.place == 2 else 'models stand'} before it."
    if rival and found.behind and not found.failed:
        yield f"The {rival} is ahead on {_and(map(_lead, found.behind))}."
    if rival and found.ahead and not found.failed:
        yield f"It is ahead of that one on {_and(map(_lead, found.ahead))}."
    if found.is_beaten:
        yield f"On nothing that matters here is it better than the {rival}."
    if found.steps_back:
        yield "By its points alone it would be listed; a model of another brand, form or price took the place."


def _failed(key: str, found: WhyNot) -> str:
    if key == "kind":
        return (
            "It is a headset, and you need headphones."
            if found.kind == "headphones"
            else ("It has no microphone made for talking, so it is no headset.")
        )
    if key == "budget":
        return "It costs more than your budget."
    if key == "type":
        return "It is of another type than those that suit you."
    if key.startswith("not:"):
        return f"It has what must not be: {wording.label(key.removeprefix('not:'))}."
    return f"It does not have {wording.label(key)}."


def _lead(lead: Lead) -> str:
    words = _CRITERIA.get(lead.key) or wording.label(lead.key)
    unknown = " (not known of the other)" if lead.its is None or lead.other is None else ""
    return f"{words} by {100 * lead.points:.0f} points of 100{unknown}"


def _and(parts: Iterable[str]) -> str:
    found: Sequence[str] = list(parts)
    return found[0] if len(found) == 1 else f"{', '.join(found[:-1])} and {found[-1]}"

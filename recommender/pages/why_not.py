"""What stands on the result about a product a reader asked for: why is it not first, and what would put it there?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse

from catalog.facets.asked import Asked
from catalog.product_index import StillReadingError, find_products
from recommender import wording
from recommender.answers import Needs
from recommender.facts import CandidateFacts
from recommender.kept_catalogue import kept_catalogue
from recommender.pages import addresses
from recommender.pages.changes import address_of, edit_words
from recommender.ranking import Catalogue
from recommender.rules import RuleSet
from recommender.told import Told
from recommender.why_not import Lead, WhyNot, why_not

# As many are named where the words fit several.
MOST_MEANT = 6
_CRITERIA = {"price": "the price", "type": "the type", "score": "our score for this use"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Meant:
    """A product that the words may name, with the address that says why it is not first."""

    name: str
    href: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WhyNotPart:
    """`sentences` are what keeps it back, the heaviest first; `href` leads to the answer that would put it first.

    `asked` is what stands in the field; `meant` are there where the words name several products.
    """

    asked: str
    name: str
    product_href: str
    headline: str
    sentences: tuple[str, ...]
    change: str
    href: str
    give_up: str
    give_up_href: str
    meant: tuple[Meant, ...] = ()


def why_not_part(slug: str, needs: Needs, told: Told, rules: RuleSet, *, now: datetime) -> WhyNotPart | None:
    """None when nothing was asked. Words that name one product are that product, words that name several ask which."""
    if not slug:
        return None
    catalogue = kept_catalogue(now=now)
    if catalogue.place_of(slug) is None:
        named = _named(slug, catalogue, now=now)
        if len(named) != 1:
            return _not_one(slug, named, told, version=rules.version)
        slug = named[0].slug
    found = why_not(needs, slug, catalogue, rules, given_up=told.without)
    return _unsaid(slug, catalogue) if found is None else _said(found, slug, needs, told)


def _said(found: WhyNot, slug: str, needs: Needs, told: Told) -> WhyNotPart:
    change = found.would_win
    gives_up = [key for key in found.may_give_up if key != "budget"]
    without = tuple(dict.fromkeys([*told.without, *gives_up]))
    return WhyNotPart(
        asked=found.product.name,
        name=found.product.name,
        product_href=reverse("product", kwargs={"slug": slug}),
        headline=_headline(found),
        sentences=tuple(_sentences(found)),
        change=f"{edit_words(change.key)}, it would come first." if change else "",
        href=address_of(needs, told, change.changes) if change else "",
        give_up=" and ".join(wording.give_up(key) for key in gives_up),
        give_up_href=addresses.result(told, without=without) if gives_up and len(gives_up) == len(found.failed) else "",
    )


def _named(slug: str, catalogue: Catalogue, *, now: datetime) -> list[CandidateFacts]:
    """The products that the catalogue's search finds for these words, best first."""
    try:
        words = slug.replace("-", " ")
        found = find_products(Asked(words=words, sort="match"), start=0, size=MOST_MEANT, now=now).ids
    except StillReadingError:
        found = ()
    by_id = {product.id: product for product in catalogue.products if product.id in found}
    return [by_id[one] for one in found if one in by_id]


def _not_one(slug: str, named: Sequence[CandidateFacts], told: Told, *, version: str) -> WhyNotPart:
    words = slug.replace("-", " ")[:60]
    nothing = f"We know no product “{words}” that is still made."
    return _without_reasons(
        words,
        headline="Which one do you mean?" if named else "We cannot say",
        sentences=() if named else (nothing,),
        meant=tuple(Meant(name=one.name, href=addresses.why_not(told, one.slug, version=version)) for one in named),
    )


def _unsaid(slug: str, catalogue: Catalogue) -> WhyNotPart:
    """Of a product that we know, where no use was named."""
    place = catalogue.place_of(slug)
    name = slug if place is None else catalogue.products[place].name
    return _without_reasons(name, headline="We cannot say yet", sentences=("Tell us first what it is for.",))


def _without_reasons(
    asked: str, *, headline: str, sentences: tuple[str, ...], meant: tuple[Meant, ...] = ()
) -> WhyNotPart:
    return WhyNotPart(
        asked=asked,
        name="",
        product_href="",
        headline=headline,
        sentences=sentences,
        change="",
        href="",
        give_up="",
        give_up_href="",
        meant=meant,
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

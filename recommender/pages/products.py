"""How are the advised products shown? Cards with what fits, what is not confirmed, a price or where to see it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from catalog.kinds import Kind, ProductType
from catalog.money import money_text
from catalog.page_tags import note
from catalog.shown_offer import ShownOffer
from recommender import wording
from recommender.advice import Advice, Pick, Repair, Shortlist
from recommender.pages import addresses
from recommender.pages.reasons import in_a_sentence
from recommender.ranking.constraints import BUDGET
from recommender.told import Told

# Without a confirmed product the unconfirmed ones are all there is; beside confirmed ones a few are enough.
UNCONFIRMED_BESIDE = 2
# Shared between the two lists when it is a draw.
MOST_SHOWN = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class ProductCard:
    """`offer` is the best one that may be shown, or None; `placement` is where it stands. `why_not` leads to why it is
    not first; empty where it is."""

    rank: int
    slug: str
    name: str
    href: str
    picture: str
    types: str
    is_confirmed: bool
    fits: tuple[str, ...]
    not_confirmed: tuple[str, ...]
    lacks: tuple[str, ...]
    offer: ShownOffer | None
    placement: str
    why_not: str
    score: str = ""
    score_href: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RepairLink:
    text: str
    opens: str
    href: str
    best: str
    best_href: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ProductList:
    kind: str
    title: str
    count: str
    cards: tuple[ProductCard, ...]
    repairs: tuple[RepairLink, ...]
    is_empty_of_confirmed: bool
    hub: str


def product_lists(
    advice: Advice, offers: Mapping[int, Sequence[ShownOffer]], told: Told, *, version: str
) -> tuple[ProductList, ...]:
    """`version` is that of the rules: the places of links name it, so that two sets of rules can be compared."""
    most = MOST_SHOWN // max(1, len(advice.shortlists))
    return tuple(
        _list(shortlist, offers, told, place=f"q{version}.{number}", most=most, version=version)
        for number, shortlist in enumerate(advice.shortlists, start=1)
    )


def _list(
    shortlist: Shortlist,
    offers: Mapping[int, Sequence[ShownOffer]],
    told: Told,
    *,
    place: str,
    most: int,
    version: str,
) -> ProductList:
    room = UNCONFIRMED_BESIDE if shortlist.confirmed else most
    picks = [*shortlist.confirmed[:most], *shortlist.unconfirmed[:room]]
    kind = Kind(shortlist.kind)
    return ProductList(
        kind=shortlist.kind,
        title=_title(kind.plural, shortlist),
        count=_count(shortlist),
        cards=tuple(
            _card(
                pick,
                offers,
                rank=rank,
                is_confirmed=pick in shortlist.confirmed,
                placement=f"{place}.{rank}",
                why_not=addresses.why_not(told, pick.product.slug, version=version) if rank > 1 else "",
            )
            for rank, pick in enumerate(picks, start=1)
        ),
        repairs=tuple(_repair(repair, told) for repair in shortlist.repairs),
        is_empty_of_confirmed=not shortlist.confirmed,
        hub=reverse("hub-kind", kwargs={"kind": "headphones" if kind is Kind.HEADPHONES else "headsets"}),
    )


def _title(plural: str, shortlist: Shortlist) -> str:
    if shortlist.confirmed:
        return f"{plural} that fit"
    return f"{plural} that may fit" if shortlist.unconfirmed else plural


def _count(shortlist: Shortlist) -> str:
    confirmed, open_ = shortlist.confirmed_count, shortlist.unconfirmed_count
    if confirmed:
        more = f"; {open_:,} more may fit, but not everything about them is confirmed" if open_ else ""
        return f"{confirmed:,} {_models(confirmed)} confirmed to fit{more}."
    if open_:
        return f"No model is confirmed to meet every wish. {open_:,} may: what is not confirmed is named."
    return "No model we know meets every wish."


def _card(
    pick: Pick,
    offers: Mapping[int, Sequence[ShownOffer]],
    *,
    rank: int,
    is_confirmed: bool,
    placement: str,
    why_not: str,
) -> ProductCard:
    product = pick.product
    note(f"offers:{product.id}")  # the order of the list may lag behind the prices, what a card says of one may not
    return ProductCard(
        rank=rank,
        slug=product.slug,
        name=product.name,
        href=reverse("product", kwargs={"slug": product.slug}),
        picture=reverse("picture", kwargs={"slug": product.slug}),
        types=_types(product.types, product.kind),
        is_confirmed=is_confirmed,
        fits=_labels(pick.fits),
        not_confirmed=_labels(pick.not_confirmed),
        lacks=_labels(pick.lacks),
        offer=next(iter(offers.get(product.id, ())), None),
        placement=placement,
        why_not=why_not,
        score="" if pick.score is None else f"{pick.score:.1f}",
        score_href=reverse("method"),
    )


def _types(types: Iterable[str], kind: str | None) -> str:
    named = [ProductType(name) for name in types]
    noun = Kind(kind).label.lower() if kind else ""
    if not named:
        return noun.capitalize()
    return f"{', '.join([named[0].label, *(in_a_sentence(other) for other in named[1:])])} {noun}"


def _labels(keys: Iterable[str]) -> tuple[str, ...]:
    return tuple(wording.label(key) for key in keys)


def _models(count: int) -> str:
    return "model is" if count == 1 else "models are"


def _repair(repair: Repair, told: Told) -> RepairLink:
    relaxation = repair.relaxation
    steps = [wording.give_up(key) for key in relaxation.keys if key != BUDGET]
    budget = relaxation.budget
    if budget is not None:
        steps.insert(0, f"raise the budget to {money_text(budget.maximum, budget.currency)}")
    text = " and ".join(steps)
    given_up = dict.fromkeys([*told.without, *(key for key in relaxation.keys if key != BUDGET)])
    changes: dict[str, Any] = {} if budget is None else {"budget": budget.maximum}
    count = relaxation.opens
    return RepairLink(
        text=text[0].upper() + text[1:],
        opens="1 model fits then" if count == 1 else f"{count} models fit then",
        href=addresses.result(told, without=tuple(given_up), **changes),
        best=repair.best.name,
        best_href=reverse("product", kwargs={"slug": repair.best.slug}),
    )

"""Which offers does an assistant get, and where do their links say that they stood? The API's terms, our own places."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from typing import Any

from catalog import selectors
from catalog.api.products import OfferOut
from catalog.links.countries import NAMES
from catalog.market import market
from catalog.offer_links import offer_link
from catalog.shopper import DEFAULT_CURRENCY, Shopper, shopping_as
from catalog.shown_offer import ShownOffer
from catalog.terms import Use
from reviews.mcp.arguments import RefusedError, in_words
from reviews.places import ASSISTANT_PLACE

DISCLOSURE = "Links to shops earn this site a commission. It ranks nothing."


@contextmanager
def shopping(*, country: str, currency: str) -> Iterator[None]:
    """For the reader whom the arguments describe. Raises `RefusedError` for a country or currency that there is not."""
    known, problems = market(), []
    if country and country not in NAMES:
        problems.append(f"`country`: `{country}` is no country code of ISO 3166; write two capitals such as DE or GB.")
    if currency and currency not in known.currencies:
        there = ", ".join(known.currencies) or DEFAULT_CURRENCY
        problems.append(f"`currency`: there are no prices in `{currency}`; there are in {there}.")
    if problems:
        raise RefusedError(in_words(problems))
    shopper = Shopper(country=country, currency=currency or DEFAULT_CURRENCY, conversion=known.conversion_if(currency))
    with shopping_as(shopper):
        yield


def offers_of(ids: Iterable[int], *, now: datetime, part: str) -> Mapping[int, tuple[ShownOffer, ...]]:
    """What terms let a machine see of each product's offers, best first, links placed in `part`. Two queries."""
    wanted = list(ids)
    found = selectors.shown_offers(wanted, now=now, use=Use.API)
    return {pk: placed(found.get(pk, ()), part=part, rank=rank) for rank, pk in enumerate(wanted, start=1)}


def placed(offers: Sequence[ShownOffer], *, part: str, rank: int) -> tuple[ShownOffer, ...]:
    """The offers with links that say where they stood: `lassistant.<part>.<rank of the product>`."""
    place = f"{ASSISTANT_PLACE}.{part}.{rank}"
    return tuple(replace(offer, href=offer_link(offer, place).href) for offer in offers)


def told(offers: Sequence[ShownOffer]) -> list[dict[str, Any]]:
    return [dict(row) for row in OfferOut(offers, many=True).data]

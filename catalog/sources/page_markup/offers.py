"""Which one price do all the offers of a product agree on?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from urllib.parse import urlsplit

from catalog import offer_words
from catalog.reading import Availability, Condition
from catalog.sources.base import Wanted
from catalog.sources.page_markup.nodes import Node, codes, listed, text_of, types, value_of
from catalog.sources.page_markup.prices import NoPriceError, Price, price_of, price_of_aggregate


@dataclass(frozen=True, slots=True)
class Offered:
    price: Price
    availability: Availability
    condition: Condition
    codes: frozenset[str]
    url: str = ""
    is_aggregate: bool = False


def offered(nodes: Sequence[Node], *, wanted: Wanted, otherwise: str | None, now: datetime) -> Offered:
    """What these nodes of one product ask for it. Raises `NoPriceError` where they do not agree on one price.

    Of variants with prices of their own, the one with the wanted SKU or with the very address asked for counts.
    """
    found: list[Offered] = []
    refused: list[NoPriceError] = []
    for owner, offer in _offers(nodes):
        try:
            found.append(_one(owner, offer, otherwise, now))
        except NoPriceError as error:
            refused.append(error)
    serious = [error for error in refused if not error.is_absent and not error.is_aside]
    if not found:
        aside = [error for error in refused if error.is_aside]
        raise next(iter(serious or aside or refused), NoPriceError("It makes no offer.", is_absent=True))
    ours = [one for one in found if _is_ours(one, wanted)]
    if serious and len(ours) in {0, len(found)}:
        raise serious[0]
    return _agreed(_in_currency(ours or _without_aggregates(found), wanted.currency))


def _is_ours(one: Offered, wanted: Wanted) -> bool:
    return wanted.sku in one.codes or _is_same_variant(wanted.url, one.url)


def _is_same_variant(asked_url: str, their_url: str) -> bool:
    try:
        asked, theirs = urlsplit(asked_url), urlsplit(their_url)
    except ValueError:  # `https://[shop]/x`: no address at all, so not this one
        return False
    return asked.query != "" and (asked.path, asked.query) == (theirs.path, theirs.query)


def _offers(nodes: Sequence[Node]) -> list[tuple[Node, Node]]:
    """Every single offer beside the node it belongs to; those inside an AggregateOffer or of variants too."""
    found: list[tuple[Node, Node]] = []
    for node in nodes:
        own = [offer for offer in listed(value_of(node, "offers")) if isinstance(offer, Mapping)]
        for offer in own:
            inner = [one for one in listed(value_of(offer, "offers")) if isinstance(one, Mapping) and _has_price(one)]
            found += [(node, one) for one in inner]
            if not inner or _offer_count(offer) > len(inner):
                found.append((node, offer))
        if all("aggregateoffer" in types(offer) and value_of(offer, "offers") is None for offer in own):
            variants = [one for one in listed(value_of(node, "hasVariant")) if isinstance(one, Mapping)]
            found += _offers([{**variant, "hasVariant": None} for variant in variants])
    return found


def _offer_count(offer: Node) -> int:
    text = text_of(value_of(offer, "offerCount"))
    return int(text) if text.isascii() and text.isdigit() else 0


def _has_price(offer: Node) -> bool:
    return value_of(offer, "price", "priceSpecification") is not None


def _one(owner: Node, offer: Node, otherwise: str | None, now: datetime) -> Offered:
    is_aggregate = "aggregateoffer" in types(offer) or not _has_price(offer)
    price = (
        price_of_aggregate(offer, otherwise=otherwise)
        if is_aggregate and value_of(offer, "lowPrice") is not None
        else price_of(offer, otherwise=otherwise, now=now)
    )
    return Offered(
        price,
        _availability(offer),
        _condition(offer, owner),
        frozenset(codes(owner) | codes(offer)),
        url=text_of(value_of(offer, "url")),
        is_aggregate="aggregateoffer" in types(offer),
    )


def _availability(offer: Node) -> Availability:
    said = {offer_words.availability(text_of(one)) for one in listed(value_of(offer, "availability"))}
    return said.pop() if len(said) == 1 else Availability.UNKNOWN


def _condition(offer: Node, owner: Node) -> Condition:
    text = text_of(value_of(offer, "itemCondition")) or text_of(value_of(owner, "itemCondition"))
    if not text:
        return Condition.NEW
    condition = offer_words.condition(text)
    if condition is None:
        raise NoPriceError(f"Its condition is not understood (`{text[:40]}`).")
    return condition


def _without_aggregates(found: Sequence[Offered]) -> list[Offered]:
    """The single offers where there are any: an aggregate only sums them up."""
    single = [one for one in found if not one.is_aggregate]
    return single or list(found)


def _in_currency(found: Sequence[Offered], currency: str) -> list[Offered]:
    """Those in the wanted currency, where a shop names its price in several."""
    fitting = [one for one in found if one.price.currency == currency]
    return fitting or list(found)


def _agreed(found: Sequence[Offered]) -> Offered:
    new = [one for one in found if one.condition is Condition.NEW]
    alike = new or list(found)
    if len({one.condition for one in alike}) > 1:
        raise NoPriceError("It is offered used and refurbished.")
    prices = {(one.price.amount, one.price.currency) for one in alike}
    if len(prices) > 1:
        raise NoPriceError(f"Its offers differ: {_span(prices)}. Name the right one by its SKU.")
    return replace(alike[0], availability=offer_words.best_of(one.availability for one in alike))


def _span(prices: set[tuple[Decimal, str]]) -> str:
    ordered = sorted(prices)
    return f"{ordered[0][0]} {ordered[0][1]} to {ordered[-1][0]} {ordered[-1][1]}"

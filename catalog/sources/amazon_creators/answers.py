"""What does an answer of getItems say about each item that was asked for?

Items come in any order and are told apart by their ASIN alone. Every ASIN that was asked for gets an answer, and
nothing is said about any other.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from catalog import product_codes
from catalog.json_answers import plain_text
from catalog.reading import Condition, NotSold, Reading, Unreadable
from catalog.sources.amazon_creators.listings import Sorted, UnfairError, chosen, sorted_listings

Said = Reading | NotSold | Unreadable
# Amazon's own pages spell it in three ways.
_CONTAINERS = ("itemsResult", "itemResults", "items")
_ERRORS: Mapping[str, str] = {
    "itemnotaccessible": "Amazon does not hand out this item through its API.",
    "invalidparametervalue": "Amazon does not accept this ASIN: check it.",
    "itemnotfound": "Amazon knows no such item in this shop: check the ASIN, or withdraw the offer.",
    "noresults": "Amazon knows no such item in this shop: check the ASIN, or withdraw the offer.",
}
NOT_FOUND = _ERRORS["itemnotfound"]


def items_of(answer: Mapping[str, Any]) -> list[Any] | None:
    """The list of items, however its container is spelled; None when there is none."""
    for name in _CONTAINERS:
        held = answer.get(name)
        if isinstance(held, dict):
            held = held.get("items", [])
        if isinstance(held, list):
            return held
    return None


def errors_of(answer: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    errors = answer.get("errors")
    return [error for error in errors if isinstance(error, dict)] if isinstance(errors, list) else []


def answered(
    asins: Sequence[str],
    items: Sequence[object],
    errors: Sequence[Mapping[str, Any]],
    *,
    shop: str,
    now: datetime,
    otherwise: str = "Amazon's answer does not name this item.",
) -> Iterator[Said]:
    """An answer for each of the ASINs. `otherwise`: what holds for one that is neither an item nor in an error."""
    found: dict[str, list[Mapping[str, Any]]] = {}
    for item in items:
        asin = item.get("asin") if isinstance(item, dict) else None
        if isinstance(item, dict) and isinstance(asin, str):
            known = found.setdefault(asin, [])
            if not known or not _is_same(item, known[0]):
                known.append(item)
    for asin in asins:
        about = found.get(asin, [])
        reason = _error_about(asin, errors)
        if len(about) > 1:
            yield Unreadable(sku=asin, reason="Amazon's answer describes this item twice, differently.")
        elif about:
            yield from _item(asin, about[0], reason, shop, now)
        else:
            yield Unreadable(sku=asin, reason=reason or _unattributed(errors, asins) or otherwise)


def _is_same(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    try:
        return one == other
    except RecursionError:
        return False


def _error_about(asin: str, errors: Sequence[Mapping[str, Any]]) -> str:
    """The reason that names this ASIN; Amazon puts it into the text only."""
    for error in errors:
        if asin in _asins_in(error):
            return reason_of(error)
    return ""


def _asins_in(error: Mapping[str, Any]) -> list[str]:
    return re.findall(r"(?<![A-Z0-9])[A-Z0-9]{10}(?![A-Z0-9])", plain_text(error.get("message"), longest=1000))


def _unattributed(errors: Sequence[Mapping[str, Any]], asins: Sequence[str]) -> str:
    """An error that names none of the items may be about any that is missing."""
    return next((reason_of(error) for error in errors if not set(asins) & set(_asins_in(error))), "")


def reason_of(error: Mapping[str, Any]) -> str:
    code = plain_text(error.get("code"), longest=40)
    known = _ERRORS.get(code.casefold())
    return f"{known} ({code})" if known else f"Amazon says {code or 'no code'}: {plain_text(error.get('message'))}"


def _item(asin: str, item: Mapping[str, Any], error: str, shop: str, now: datetime) -> Iterator[Said]:
    offers = item.get("offersV2")
    listings = offers.get("listings") if isinstance(offers, dict) else offers
    if listings is None or listings == []:
        # Only featured offers are handed out: none of them is what Amazon's page calls unavailable.
        yield (
            Unreadable(sku=asin, reason=error)
            if error
            else NotSold(sku=asin, seen_at=now, reason="Amazon features no offer for it.")
        )
    elif not isinstance(listings, list):
        yield Unreadable(sku=asin, reason="The offers in Amazon's answer could not be understood.")
    else:
        yield from _conditions(asin, item, sorted_listings(listings, now), shop, now)


def _conditions(asin: str, item: Mapping[str, Any], found: Sorted, shop: str, now: datetime) -> Iterator[Said]:
    """A reading for each condition with a fair price; and what is wrong when new is not among them."""
    fair = {}
    for condition, listings in found.fair.items():
        try:
            fair[condition] = chosen(listings)
        except UnfairError as error:
            found.unfair.setdefault(condition, []).append(str(error))
    if Condition.NEW not in fair:
        reasons = found.unfair.get(Condition.NEW, []) + found.unfair.get(None, [])
        if not fair and not reasons:
            reasons = [reason for several in found.unfair.values() for reason in several]
        if reasons:
            told = "; it ".join(dict.fromkeys(reasons))
            yield Unreadable(sku=asin, reason=f"There is no price for everybody: it {told}."[:300])
        else:
            which = Condition.NEW if fair else None
            why = "Amazon features no new one." if fair else "It is sold out."
            yield NotSold(sku=asin, seen_at=now, condition=which, reason=why)
    info = _object(item.get("itemInfo"))
    for condition in [one for one in Condition if one in fair]:
        yield Reading(
            sku=asin,
            amount=fair[condition].amount,
            currency=fair[condition].currency,
            seen_at=now,
            availability=fair[condition].availability,
            condition=condition,
            raw_price=fair[condition].raw,
            asin=asin,
            title=plain_text(_object(info.get("title")).get("displayValue"), longest=300),
            brand=plain_text(_object(_object(info.get("byLineInfo")).get("brand")).get("displayValue"), longest=100),
            gtin=_only_gtin(_object(info.get("externalIds"))),
            url=_address(item.get("detailPageURL"), shop),
        )


def _object(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _only_gtin(ids: Mapping[str, Any]) -> str:
    values = [_object(ids.get(name)).get("displayValues") for name in ("eans", "upcs")]
    written = [one for several in values if isinstance(several, list) for one in several if isinstance(one, str)]
    codes = {code for one in written if (code := product_codes.gtin(one[:20])) is not None}
    return codes.pop() if len(codes) == 1 else ""


def _address(said: object, shop: str) -> str:
    """The item's page, as it was handed out, when it is one of this shop."""
    if not isinstance(said, str) or len(said) > 2000 or not (said.isascii() and said.isprintable()):
        return ""
    try:
        parts = urlsplit(said)
    except ValueError:
        return ""
    return said if parts.scheme == "https" and parts.netloc == shop else ""
